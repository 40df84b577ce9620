import { detailsIn, readDetails, withoutDetails } from '@p2pigeon/core/pictures'
import { Fault, faultCode } from '../../../session/index.ts'
import { Store, type Readable } from '../../../state/index.ts'

/** A file that is chosen and goes with the next message. */
export interface StagedFile {
  readonly id: number
  readonly file: File
  /** Why it did not go; undefined for one that was not tried yet. */
  readonly code: string | undefined
  /**
   * Whether it tells of camera, place or author, by its bytes; `unread` where that is not looked into, `unknown` until it was. Nothing is taken out unasked.
   */
  readonly tells: 'yes' | 'no' | 'unread' | 'unknown'
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
      tells: 'unknown' as const,
    }))
    this.#state.update((before) => [...before, ...taken])
    for (const { id, file } of taken) void this.#look(id, file)
    if (files.length > room) throw new Fault('too-many-files')
  }

  /** Takes out of a picture what it tells; one that cannot be read says so and stays as it is. */
  async clean(id: number): Promise<void> {
    const file = this.#state.get().find((each) => each.id === id)?.file
    if (!file) return
    try {
      const body = bodyOf(file)
      const clean = withoutDetails(body, await readDetails(body))
      const { name, type, lastModified } = file
      const cleaned = new File([await clean.slice(0, clean.sizeBytes)], name, { type, lastModified })
      this.#change(id, { file: cleaned, tells: 'no' })
    } catch {
      this.#change(id, { code: 'file-unreadable' })
    }
  }

  remove(id: number): void {
    this.#state.update((before) => before.filter((each) => each.id !== id))
  }

  /** Hands them over one after the other. What is not taken stays, and says why. */
  async send(take: (file: File) => Promise<void>): Promise<void> {
    if (this.#isSending) return
    this.#isSending = true
    for (const { id, file, code } of this.#state.get()) {
      // It may have been removed meanwhile.
      if (!this.#state.get().some((each) => each.id === id)) continue
      // It could not be looked at before: what it tells now its owner sees first.
      if (code === 'file-unreadable' && !(await this.#lookAgain(id, file))) continue
      try {
        await take(file)
        this.remove(id)
      } catch (error) {
        this.#change(id, { code: faultCode(error) })
      }
    }
    this.#isSending = false
  }

  async #look(id: number, file: File): Promise<StagedFile['tells']> {
    try {
      const tells = await toldBy(file)
      this.#change(id, { tells })
      return tells
    } catch {
      this.#change(id, { code: 'file-unreadable' })
      return 'unknown'
    }
  }

  /** True for one that can be read now and tells nothing. */
  async #lookAgain(id: number, file: File): Promise<boolean> {
    const tells = await this.#look(id, file)
    if (tells !== 'unknown') this.#change(id, { code: undefined })
    return tells === 'no'
  }

  #change(id: number, part: Partial<StagedFile>): void {
    this.#state.update((before) => before.map((each) => (each.id === id ? { ...each, ...part } : each)))
  }
}

async function toldBy(file: File): Promise<'yes' | 'no' | 'unread'> {
  const body = bodyOf(file)
  const details = await detailsIn({ name: file.name, mediaType: file.type, body })
  if (details === 'unread') return 'unread'
  return details === 'cleanable' && (await readDetails(body)).length > 0 ? 'yes' : 'no'
}

function bodyOf(file: File): Parameters<typeof readDetails>[0] {
  return {
    sizeBytes: file.size,
    slice: async (start, end) => new Uint8Array(await file.slice(start, end).arrayBuffer()),
  }
}
