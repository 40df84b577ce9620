import { lstat, open, opendir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { UsageError } from '@p2pigeon/core'
import type { FileBody, UploadFile } from '@p2pigeon/core/files'
import { mediaTypeOf } from './media-type.ts'
import { isPart } from './part-files.ts'

/** Folders within folders, as many as a room has. */
const maxDepth = 256
/** Whole milliseconds, as the room keeps them. A time that was set in seconds is a hair off when it is read. */
export const modifiedAtMsOf = ({ mtimeMs }: { readonly mtimeMs: number }): number => Math.max(0, Math.round(mtimeMs))

/** A file or folder on this machine, as it was when it was looked at. */
export interface LocalEntry {
  /** `other`: a link, a device, or what cannot be looked at. */
  readonly kind: 'file' | 'folder' | 'other'
  /** Names below the folder that was walked, outermost first. */
  readonly path: readonly string[]
  readonly place: string
  readonly sizeBytes: number
  readonly modifiedAtMs: number
}

/** What is below `folder`, each folder before what is in it. Links are not followed; downloads of ours that are not whole are passed over. */
export async function* walk(folder: string, path: readonly string[] = []): AsyncGenerator<LocalEntry> {
  if (path.length > maxDepth) throw new UsageError('folder-too-deep', 'There are too many folders within folders.')
  for (const name of await namesIn(folder, path.length > 0)) {
    const place = join(folder, name)
    const kind = isPart(name) ? undefined : await kindOf(place)
    if (kind === undefined) continue
    yield { ...kind, path: [...path, name], place }
    if (kind.kind === 'folder') yield* walk(place, [...path, name])
  }
}

/** @param mayBeGone then a folder that is not there any more is an empty one. @throws {UsageError} `folder-unreadable`. */
async function namesIn(folder: string, mayBeGone: boolean): Promise<readonly string[]> {
  const names: string[] = []
  try {
    for await (const { name } of await opendir(folder)) names.push(name)
  } catch (error) {
    if (mayBeGone && isGone(error)) return []
    throw new UsageError('folder-unreadable', 'A folder here cannot be read.', { cause: error })
  }
  return names.sort()
}

/** Undefined for what is gone, and for nothing else: what only cannot be seen must not pass for deleted. */
async function kindOf(place: string): Promise<Pick<LocalEntry, 'kind' | 'sizeBytes' | 'modifiedAtMs'> | undefined> {
  try {
    const info = await lstat(place)
    if (info.isFile()) return { kind: 'file', sizeBytes: info.size, modifiedAtMs: modifiedAtMsOf(info) }
    return { kind: info.isDirectory() ? 'folder' : 'other', sizeBytes: 0, modifiedAtMs: 0 }
  } catch (error) {
    return isGone(error) ? undefined : { kind: 'other', sizeBytes: 0, modifiedAtMs: 0 }
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}

/**
 * What `place` names: one file, or a folder with everything in it; the name of it comes first in every path. A link that the user names is followed.
 * @throws {UsageError} `no-such-file`.
 */
export async function* named(place: string): AsyncGenerator<LocalEntry> {
  const info = await stat(place).catch((error: unknown) => {
    throw new UsageError('no-such-file', 'There is no such file or folder here.', { cause: error })
  })
  const name = basename(join(process.cwd(), place === '' ? '.' : place))
  if (info.isDirectory()) yield* walk(place, [name])
  else if (info.isFile()) {
    yield { kind: 'file', path: [name], place, sizeBytes: info.size, modifiedAtMs: modifiedAtMsOf(info) }
  } else throw new UsageError('no-such-file', 'That is neither a file nor a folder.')
}

/** A local file as the data room takes it, below `folders` of the target. */
export function uploadOf(
  { place, sizeBytes, modifiedAtMs }: LocalEntry,
  folders: readonly string[],
  name: string,
): UploadFile {
  return {
    path: folders,
    name,
    mediaType: mediaTypeOf(name),
    modifiedAtMs,
    body: fileBody(place, sizeBytes, modifiedAtMs),
  }
}

/** The content of a file, read piece by piece. @throws {UsageError} `file-changed` once it is not what it was. */
function fileBody(place: string, sizeBytes: number, modifiedAtMs: number): FileBody {
  return {
    sizeBytes,
    async slice(start, end) {
      const file = await open(place, 'r').catch((error: unknown) => {
        throw changed(error)
      })
      try {
        const bytes = new Uint8Array(end - start)
        for (let at = 0; at < bytes.length;) {
          const { bytesRead } = await file.read(bytes, at, bytes.length - at, start + at)
          if (bytesRead === 0) throw changed()
          at += bytesRead
        }
        const { size, mtimeMs } = await file.stat()
        if (size !== sizeBytes || modifiedAtMsOf({ mtimeMs }) !== modifiedAtMs) throw changed()
        return bytes
      } finally {
        await file.close()
      }
    },
  }
}

function changed(cause?: unknown): UsageError {
  return new UsageError('file-changed', 'The file has changed meanwhile.', cause === undefined ? {} : { cause })
}
