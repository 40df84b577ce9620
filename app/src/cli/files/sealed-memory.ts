import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '@p2pigeon/core'
import type { Random } from '@p2pigeon/core/node'

const version = 1
const nonceBytes = 12
const tagBytes = 16
/** A room's log, or the drives of a large room; more than that nobody of ours has written. */
const maxBytes = 64 * 1_048_576

/** One thing that a terminal must not forget of a room. */
export interface Slot {
  /** @throws {UsageError} `memory-damaged`. */
  load(): Promise<Uint8Array<ArrayBuffer> | undefined>
  /** Resolves when a crash would not lose it any more. @throws {UsageError} `memory-unwritable`. */
  save(bytes: Uint8Array): Promise<void>
}

/**
 * What a terminal keeps between two commands, in files beside its key: AES-256-GCM under keys derived from the seed (HKDF-SHA-256), with a fresh random
 * nonce for each write. The names of the files tell nothing of the rooms. Whoever can put an older file back is not noticed here: readers of drives notice.
 */
export class SealedMemory {
  readonly #folder: string
  readonly #random: Random
  readonly #sealKey: Buffer
  readonly #nameKey: Buffer

  /** @param folder made when it is first written to, for its owner only. @param seed is read and not kept. */
  constructor(folder: string, seed: Uint8Array, random: Random) {
    this.#folder = folder
    this.#random = random
    this.#sealKey = derived(seed, 'p2pigeon/v1/cli-memory')
    this.#nameKey = derived(seed, 'p2pigeon/v1/cli-memory-name')
  }

  slot(room: string, name: string): Slot {
    const context = Buffer.from(`p2pigeon/v1/cli-memory\0${name}\0${room}`)
    const path = this.pathOf(context, 'sealed')
    // One after the other, and the last one stays.
    let last: Promise<void> = Promise.resolve()
    return {
      load: async () => {
        const sealed = await readFile(path).catch((error: unknown) => {
          if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
          throw damaged(error)
        })
        return sealed && this.#open(sealed, context)
      },
      save: (bytes) => {
        const sealed = this.#seal(bytes, context)
        const saved = last.then(() => this.#replace(path, sealed))
        last = saved.catch(() => undefined)
        return saved
      },
    }
  }

  /** Where the lock of a room is. */
  lockPath(room: string): string {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    return this.pathOf(Buffer.from(`p2pigeon/v1/cli-lock\0${room}`), 'lock')
  }

  private pathOf(context: Buffer, suffix: string): string {
    const name = createHmac('sha256', this.#nameKey).update(context).digest('hex').slice(0, 32)
    return join(this.#folder, `${name}.${suffix}`)
  }

  #seal(bytes: Uint8Array, context: Buffer): Buffer {
    const nonce = this.#random.bytes(nonceBytes)
    const cipher = createCipheriv('aes-256-gcm', this.#sealKey, nonce)
    cipher.setAAD(context)
    const body = Buffer.concat([cipher.update(bytes), cipher.final()])
    return Buffer.concat([Buffer.of(version), nonce, body, cipher.getAuthTag()])
  }

  #open(sealed: Buffer, context: Buffer): Uint8Array<ArrayBuffer> {
    if (sealed.length < 1 + nonceBytes + tagBytes || sealed.length > maxBytes || sealed[0] !== version) throw damaged()
    const cipher = createDecipheriv('aes-256-gcm', this.#sealKey, sealed.subarray(1, 1 + nonceBytes))
    cipher.setAAD(context)
    cipher.setAuthTag(sealed.subarray(-tagBytes))
    try {
      return new Uint8Array(Buffer.concat([cipher.update(sealed.subarray(1 + nonceBytes, -tagBytes)), cipher.final()]))
    } catch (error) {
      throw damaged(error)
    }
  }

  async #replace(path: string, content: Buffer): Promise<void> {
    const fresh = `${path}.${String(process.pid)}.new`
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
      const file = await open(fresh, 'w', 0o600)
      try {
        await file.writeFile(content)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(fresh, path)
      await syncFolder(this.#folder)
    } catch (error) {
      await rm(fresh, { force: true }).catch(() => undefined)
      throw new UsageError(
        'memory-unwritable',
        'What must be remembered of the room cannot be written beside the key.',
        {
          cause: error,
        },
      )
    }
  }
}

function derived(seed: Uint8Array, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', seed, new Uint8Array(0), info, 32))
}

/** A file that was renamed is found under its name after a loss of power only if its folder was synced. Windows cannot, and need not. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const opened = await open(folder, 'r')
  try {
    await opened.sync()
  } finally {
    await opened.close()
  }
}

function damaged(cause?: unknown): UsageError {
  return new UsageError(
    'memory-damaged',
    'What is remembered of the room cannot be read: it was changed, or written under another key.',
    cause === undefined ? {} : { cause },
  )
}
