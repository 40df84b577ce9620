import type { DriveKey } from '../ids.ts'
import type { RememberedFiles } from '../memory.ts'

/** Keeps what must not be forgotten: one after the other, and each has everything that there is by then. */
export class Keeping {
  readonly #keep: (files: RememberedFiles) => Promise<void>
  readonly #all: (own: DriveKey | undefined) => RememberedFiles
  #last: Promise<void> = Promise.resolve()

  /** @param all what there is to keep, with this drive as ours if it is said. */
  constructor(keep: (files: RememberedFiles) => Promise<void>, all: (own: DriveKey | undefined) => RememberedFiles) {
    this.#keep = keep
    this.#all = all
  }

  /** Resolves once it is safe. @param own which drive is ours from now on, if that is another one. */
  keep(own?: DriveKey): Promise<void> {
    const kept = this.#last.then(() => this.#keep(this.#all(own)))
    this.#last = kept.catch(() => undefined)
    return kept
  }
}
