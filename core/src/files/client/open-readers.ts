import type { Scope } from '../../lifetime/index.ts'
import type { RangeReader } from './work/index.ts'

/** Objects that are held open: each holds hashes of 1/2048 of its size. */
const maxOpen = 64

/** Readers of objects. Nobody says when a file is not read any more, so the one that was not asked for longest is let go, and opened again when it is. */
export class OpenReaders {
  readonly #open = new Set<Promise<RangeReader>>()
  readonly #scope: Scope

  constructor(scope: Scope) {
    this.#scope = scope
    scope.onEnd(() => {
      for (const reader of this.#open) letGo(reader)
      this.#open.clear()
    })
  }

  reader(open: () => Promise<RangeReader>): Pick<RangeReader, 'read'> {
    let held: Promise<RangeReader> | undefined
    return {
      read: async (start, end, signal) => {
        this.#scope.signal.throwIfAborted()
        if (held === undefined || !this.#open.delete(held)) held = open()
        const reader = held
        this.#open.add(reader)
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
    for (const oldest of this.#open) {
      if (this.#open.size <= maxOpen) return
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
