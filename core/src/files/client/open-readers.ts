import type { Scope } from '../../lifetime/index.ts'
import type { RangeReader } from './work/index.ts'

/** Objects that are held open. */
const maxOpen = 64
/** Hashes that they hold, 1/2048 of the size of each: those of two of the largest files. */
const maxHashBytes = 67_108_864

interface Open {
  /** What its hashes take. */
  readonly hashBytes: number
  /** Reads that are under way: it is not let go before they are done. */
  reads: number
}

/** Readers of objects. Nobody says when a file is not read any more, so the one that was not asked for longest is let go, and opened again when it is. */
export class OpenReaders {
  readonly #open = new Map<Promise<RangeReader>, Open>()
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
        const known = held && this.#open.get(held)
        const reader = held && known ? held : open()
        held = reader
        const mine = known ?? { hashBytes, reads: 0 }
        mine.reads += 1
        this.#open.delete(reader)
        this.#open.set(reader, mine)
        this.#bound()
        try {
          return await (await reader).read(start, end, signal)
        } catch (error) {
          // One that never opened is not kept.
          await reader.catch(() => this.#open.delete(reader))
          throw error
        } finally {
          mine.reads -= 1
          this.#bound()
        }
      },
    }
  }

  #bound(): void {
    let held = [...this.#open.values()].reduce((sum, { hashBytes }) => sum + hashBytes, 0)
    for (const [oldest, { hashBytes, reads }] of this.#open) {
      // The one that was asked for last stays, however large.
      if (this.#open.size === 1 || (this.#open.size <= maxOpen && held <= maxHashBytes)) return
      if (reads > 0) continue
      held -= hashBytes
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
