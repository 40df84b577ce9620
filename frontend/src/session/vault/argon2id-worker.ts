import type { PassphraseParameters } from '@p2pigeon/core/people'
import { argon2id } from 'hash-wasm'

/*
 * Argon2id in a thread of its own: it takes a second and 64 MiB, and WebAssembly needs `wasm-unsafe-eval`, which the node grants to
 * this script's response alone. One hash, then the page ends the worker and all its memory with it.
 */
export interface HashRequest {
  readonly passphrase: Uint8Array<ArrayBuffer>
  readonly salt: Uint8Array<ArrayBuffer>
  readonly parameters: PassphraseParameters
}

/** `undefined` when it could not be computed. */
export type HashAnswer = Uint8Array<ArrayBuffer> | undefined

const hashBytes = 32

async function hash({ passphrase, salt, parameters }: HashRequest): Promise<HashAnswer> {
  try {
    const { iterations, parallelism, memoryKiB } = parameters
    const options = { iterations, parallelism, memorySize: memoryKiB, hashLength: hashBytes }
    return new Uint8Array(await argon2id({ password: passphrase, salt, ...options, outputType: 'binary' }))
  } catch {
    return undefined
  } finally {
    passphrase.fill(0)
  }
}

self.addEventListener('message', (event: MessageEvent<HashRequest>) => {
  void hash(event.data).then((answer) => self.postMessage(answer))
})
