import type { IHasher } from 'hash-wasm'

/** BLAKE3-256 (https://github.com/BLAKE3-team/BLAKE3-specs), unkeyed. */
export interface Blake3 {
  /** 32 bytes over all parts, one after the other. */
  hash(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer>
}

let loaded: Promise<Blake3> | undefined

/** The WebAssembly implementation, loaded when it is first asked for. In a page it needs a script that may compile WebAssembly. */
export function loadBlake3(): Promise<Blake3> {
  loaded ??= load().catch((error: unknown) => {
    // A network that failed once may work the next time.
    loaded = undefined
    throw error
  })
  return loaded
}

async function load(): Promise<Blake3> {
  const { createBLAKE3 } = await import('./blake3-wasm.ts')
  const hasher = await createBLAKE3(256)
  return { hash: (...parts) => hashWith(hasher, parts) }
}

/** Never suspended half way, so one instance serves everybody. */
function hashWith(hasher: IHasher, parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  hasher.init()
  for (const part of parts) hasher.update(part)
  return new Uint8Array(hasher.digest('binary'))
}
