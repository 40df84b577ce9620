import { Fault } from '../fault.ts'

/** A browser that cannot write to disk as it downloads holds the file meanwhile; larger ones are not begun. */
export const maxHeldBytes = 500_000_000

/** Where a download goes. Nothing of it is to be seen under its name before `finish`. */
export interface Destination {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>
  finish(): Promise<void>
  drop(): Promise<void>
}

/** The device's disk, as far as this browser lets a page write there. */
export interface Disk {
  /** Asks for the place where the browser can. @throws {Fault} `file-too-large`; `AbortError` if the user wants it nowhere. */
  choose(name: string, sizeBytes: number): Promise<Destination>
}

interface Picking {
  readonly showSaveFilePicker?: (options: { readonly suggestedName: string }) => Promise<FileSystemFileHandle>
}

export const browserDisk: Disk = {
  async choose(name, sizeBytes) {
    const { showSaveFilePicker } = window as Picking
    if (showSaveFilePicker) return streamed(await showSaveFilePicker({ suggestedName: name }))
    if (sizeBytes > maxHeldBytes) throw new Fault('file-too-large')
    return held(name)
  },
}

async function streamed(handle: FileSystemFileHandle): Promise<Destination> {
  const writable = await handle.createWritable()
  return {
    write: (bytes) => writable.write(bytes),
    finish: () => writable.close(),
    drop: () => writable.abort(),
  }
}

function held(name: string): Destination {
  let parts: Blob[] = []
  return {
    // Blobs may lie on disk, where the browser does that; arrays would lie in memory.
    write: (bytes) => Promise.resolve(void parts.push(new Blob([bytes]))),
    finish: () => {
      const url = URL.createObjectURL(new Blob(parts, { type: 'application/octet-stream' }))
      parts = []
      const link = document.createElement('a')
      link.href = url
      link.download = name
      link.click()
      // The browser has taken hold of it by the time that anything else runs.
      setTimeout(() => URL.revokeObjectURL(url), 60_000)
      return Promise.resolve()
    },
    drop: () => {
      parts = []
      return Promise.resolve()
    },
  }
}
