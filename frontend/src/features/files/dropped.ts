import type { UploadFile } from '@p2pigeon/core/files'
import { Fault } from '../../session/index.ts'

/** Folders within folders: a link that leads back into itself would have no end. */
const maxDepth = 32
/** More than anybody drops at once, and as many as a data room shows. */
const maxFiles = 100_000

/** A file of this device's disk, as it is uploaded. */
export function uploadFileOf(file: File, path: readonly string[] = []): UploadFile {
  return {
    path,
    name: file.name,
    mediaType: file.type,
    modifiedAtMs: file.lastModified,
    body: {
      sizeBytes: file.size,
      slice: async (start, end) => new Uint8Array(await file.slice(start, end).arrayBuffer()),
    },
  }
}

/** Files of an `<input>`, read from it before this returns; those of a chosen folder know their way below it. @throws {Fault} `too-many-files`. */
export async function chosenFiles(files: Iterable<File>): Promise<readonly UploadFile[]> {
  const all = [...files]
  if (all.length > maxFiles) throw new Fault('too-many-files')
  return all.map((file) => {
    const path = file.webkitRelativePath.split('/').slice(0, -1)
    return uploadFileOf(file, path)
  })
}

/** Everything that was dropped, folders and all that is in them. @throws {Fault} `too-many-files`: less than everything would pass for it. */
export async function filesWithin(entries: readonly FileSystemEntry[]): Promise<readonly UploadFile[]> {
  const found: UploadFile[] = []
  for (const entry of entries) await collect(entry, [], found)
  return found
}

async function collect(entry: FileSystemEntry, path: readonly string[], found: UploadFile[]): Promise<void> {
  if (found.length >= maxFiles || path.length > maxDepth) throw new Fault('too-many-files')
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => {
      entry.file(resolve, reject)
    })
    found.push(uploadFileOf(file, path))
  } else if (isFolder(entry)) {
    for (const inside of await contentOf(entry)) await collect(inside, [...path, entry.name], found)
  }
}

async function contentOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    // Browsers give about a hundred at a time, and none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject)
    })
    if (some.length === 0) return all
    all.push(...some)
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}
