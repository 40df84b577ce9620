import { decodeRememberedFiles, encodeRememberedFiles, type RememberedFiles } from '@p2pigeon/core/files'
import type { Slot } from './sealed-memory.ts'

/** What this terminal remembers of the files of a room, and who wants to know of changes to it. */
export class FilesMemory {
  readonly #slot: Slot | undefined
  readonly #changed = new Set<() => void>()
  #files: RememberedFiles | undefined

  /** @param slot where it is kept; without one, for this command only. */
  constructor(slot: Slot | undefined) {
    this.#slot = slot
  }

  /** True when somebody, now or earlier, has told of drives. */
  get knowsDrives(): boolean {
    return (this.#files?.drives.length ?? 0) > 0
  }

  async load(): Promise<RememberedFiles | undefined> {
    const bytes = await this.#slot?.load()
    this.#files = bytes && decodeRememberedFiles(bytes)
    return this.#files
  }

  async keep(files: RememberedFiles): Promise<void> {
    await this.#slot?.save(encodeRememberedFiles(files))
    this.#files = files
    for (const changed of this.#changed) changed()
  }

  onChange(changed: () => void): () => void {
    this.#changed.add(changed)
    return () => this.#changed.delete(changed)
  }
}
