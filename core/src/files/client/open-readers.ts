import type { Scope } from '../../lifetime/index.ts'
import type { RangeReader } from './work/index.ts'

/** Objects that are held open. */
const maxOpen = 64
/** Hashes that they hold, 1/2048 of the size of each: those of two of the largest files. */
const maxHashBytes = 67_108_864

/** Readers of objects. Nobody says when a file is not read any more, so the one that was not asked for longest is let go, and opened again when it is. */
export class OpenReaders {
  /** Each with what its hashes take. */
  readonly #open = new Map<Promise<RangeReader>, number>()
  readonly #scope: Scope

  constructor(scope: Scope) {
    this.#scope = scope
    scope.onEnd(() => {
      for (const reader of this.#open.keys()) letGo(reader)
      this.#open.clear()
    })
  }

  reader(open: () => Promise<RangeReader>, hashBytes: number): Pick<RangeReader, 'read'> {
    let held: Promise<RangeReader> | undefined
    return {
      read: async (start, end, signal) => {
        this.#scope.signal.throwIfAborted()
        if (held === undefined || !this.#open.delete(held)) held = open()
        const reader = held
        this.#open.set(reader, hashBytes)
        this.#bound()
        try {
          return await (await reader).read(start, end, signal)
        } catch (error) {
          // One that never opened is not kept.
          await reader.catch(() => this.#open.delete(reader))
          throw error
        }
      },
    }
  }

  #bound(): void {
    let held = [...this.#open.values()].reduce((sum, bytes) => sum + bytes, 0)
    for (const [oldest, bytes] of this.#open) {
      // The one that is asked for now is the last of them, and stays.
      if (this.#open.size === 1 || (this.#open.size <= maxOpen && held <= maxHashBytes)) return
      held -= bytes
      this.#open.delete(oldest)
      letGo(oldest)
    }
  }
}

function letGo(reader: Promise<RangeReader>): void {
  reader.then(
    (opened) => opened.close(),
    () => undefined,
  )
}
