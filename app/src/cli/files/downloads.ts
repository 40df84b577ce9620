import type { DataRoom, EntryView, Job } from '@p2pigeon/core/files'
import type { Random } from '@p2pigeon/core/node'
import { diskFile, type DiskFile } from './disk-file.ts'
import { sweepParts } from './part-files.ts'

/** Where a file of the room goes on this machine. */
export interface Target {
  readonly entry: EntryView
  readonly place: string
  /** Whether it may go over what is there, asked at the last moment; without it nothing is replaced. */
  readonly mayReplace?: () => Promise<boolean>
}

/** Downloads of one command. Those that do not end well leave nothing on the disk once `dropAll` has resolved. */
export class Downloads {
  readonly #files: DataRoom
  readonly #random: Random
  readonly #open = new Set<DiskFile>()
  readonly #swept = new Set<string>()
  #made = 0

  constructor(files: DataRoom, random: Random) {
    this.#files = files
    this.#random = random
  }

  /** A download for the list of transfers. Tried again, it goes on where it was. */
  job({ entry, place, mayReplace }: Target): Job {
    this.#made += 1
    const object = this.#files.view.versions(entry.id).find(({ present }) => present)?.object
    let at = 0
    let to: DiskFile | undefined
    return {
      ...{ id: `get-${String(this.#made)}`, direction: 'down', name: entry.name, sizeBytes: entry.sizeBytes },
      run: async (moved, signal) => {
        moved(at, true)
        to ??= await this.#create(place)
        const reader = (await this.#files.open(entry.id, object)).stream({ start: at }).getReader()
        const stop = (): void => {
          reader.cancel().catch(() => undefined)
        }
        signal.addEventListener('abort', stop, { once: true })
        try {
          for (let next = await reader.read(); !next.done; next = await reader.read()) {
            signal.throwIfAborted()
            await to.write(next.value)
            at += next.value.length
            moved(next.value.length)
          }
        } finally {
          signal.removeEventListener('abort', stop)
        }
        signal.throwIfAborted()
        await to.finish({ modifiedAtMs: entry.modifiedAtMs, ...(mayReplace && { mayReplace }) })
        this.#open.delete(to)
      },
      cancelled: async () => {
        if (to) await this.#drop(to)
      },
    }
  }

  /** Takes away what downloads of killed processes have left in a folder; each is looked into once. */
  async sweep(folder: string): Promise<void> {
    if (this.#swept.has(folder)) return
    this.#swept.add(folder)
    await sweepParts(folder)
  }

  async dropAll(): Promise<void> {
    await Promise.allSettled([...this.#open].map((file) => this.#drop(file)))
  }

  async #create(place: string): Promise<DiskFile> {
    const file = await diskFile(place, this.#random)
    this.#open.add(file)
    return file
  }

  async #drop(file: DiskFile): Promise<void> {
    await file.drop()
    this.#open.delete(file)
  }
}
