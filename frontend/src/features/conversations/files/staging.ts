import { Fault, faultCode } from '../../../session/index.ts'
import { Store, type Readable } from '../../../state/index.ts'

/** A file that is chosen and goes with the next message. */
export interface StagedFile {
  readonly id: number
  readonly file: File
  /** Why it did not go; undefined for one that was not tried yet. */
  readonly code: string | undefined
}

/** As many as can be on their way at once. */
export const maxStaged = 16

/** Files that are chosen and not sent yet: a paste or a drop by mistake sends nothing. */
export class Staging {
  readonly #state = new Store<readonly StagedFile[]>([])
  #isSending = false
  #next = 1

  get state(): Readable<readonly StagedFile[]> {
    return this.#state
  }

  /**
   * What is larger than `maxBytes` is shown with its fault at once.
   * @throws {Fault} `too-many-files` when not all of them are taken.
   */
  add(files: readonly File[], maxBytes: number): void {
    const room = maxStaged - this.#state.get().length
    const taken = files.slice(0, room).map((file) => ({
      ...{ id: this.#next++, file },
      code: file.size > maxBytes ? 'file-too-large' : undefined,
    }))
    this.#state.update((before) => [...before, ...taken])
    if (files.length > room) throw new Fault('too-many-files')
  }

  remove(id: number): void {
    this.#state.update((before) => before.filter((each) => each.id !== id))
  }

  /** Hands them over one after the other. What is not taken stays, and says why. */
  async send(take: (file: File) => Promise<void>): Promise<void> {
    if (this.#isSending) return
    this.#isSending = true
    for (const { id, file } of this.#state.get()) {
      // It may have been removed meanwhile.
      if (!this.#state.get().some((each) => each.id === id)) continue
      try {
        await take(file)
        this.remove(id)
      } catch (error) {
        const code = faultCode(error)
        this.#state.update((before) => before.map((each) => (each.id === id ? { ...each, code } : each)))
      }
    }
    this.#isSending = false
  }
}
