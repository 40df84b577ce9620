import { link, lstat, mkdir, open, rename, rm, utimes, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UsageError } from '@p2pigeon/core'
import type { Random } from '@p2pigeon/core/node'
import { partName } from './part-files.ts'

/** A file that is being downloaded: nothing of it is to be seen under its name before it is whole. */
export interface DiskFile {
  write(bytes: Uint8Array): Promise<void>
  /**
   * Puts it in its place. `replaces`: over what is there, if `mayReplace` says so at the last moment; otherwise a file that is there is left alone.
   * @throws {UsageError} `file-exists`, also where a folder is in the way; `disk-full`, `disk-refuses`.
   */
  finish(options: { readonly modifiedAtMs: number; readonly mayReplace?: () => Promise<boolean> }): Promise<void>
  /** Leaves nothing. */
  drop(): Promise<void>
}

/** @throws {UsageError} `disk-refuses`. */
export async function diskFile(place: string, random: Random): Promise<DiskFile> {
  const part = join(dirname(place), partName(Buffer.from(random.bytes(8)).toString('hex')))
  const file: FileHandle = await open(part, 'wx', 0o644).catch((error: unknown) => {
    throw refused(error)
  })
  let isOpen = true
  const close = async (): Promise<void> => {
    if (isOpen) await file.close()
    isOpen = false
  }
  return {
    write: async (bytes) => {
      await file.writeFile(bytes).catch((error: unknown) => {
        throw refused(error)
      })
    },
    finish: async ({ modifiedAtMs, mayReplace }) => {
      try {
        await file.sync()
        await close()
        const seconds = modifiedAtMs / 1_000
        await utimes(part, seconds, seconds)
      } catch (error) {
        throw refused(error)
      }
      if (mayReplace !== undefined && (await mayReplace())) {
        await rename(part, place).catch((error: unknown) => {
          throw ['EISDIR', 'ENOTEMPTY', 'EEXIST'].includes(String(codeOf(error))) ? exists(error) : refused(error)
        })
        return
      }
      await linkNew(part, place)
      // It is in its place: a second name that stays behind is swept away the next time.
      await rm(part, { force: true }).catch(() => undefined)
    },
    drop: async () => {
      await close().catch(() => undefined)
      await rm(part, { force: true })
    },
  }
}

/** Never over another file, whoever made it in the meantime. */
async function linkNew(part: string, place: string): Promise<void> {
  try {
    await link(part, place)
    return
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw exists(error)
  }
  // A file system without hard links: the last look is a moment earlier.
  if ((await lstat(place).catch(() => undefined)) !== undefined) throw exists()
  await rename(part, place).catch((error: unknown) => {
    throw refused(error)
  })
}

/**
 * The folder at the end of these names below `root`, made where it is missing. Names come from others: each must be one name, and no link leads out.
 * @throws {UsageError} `name-not-possible`, `file-exists` where a file or link is in the way, `disk-refuses`.
 */
export async function folderBelow(root: string, names: readonly string[]): Promise<string> {
  let folder = root
  for (const name of names) {
    folder = join(folder, oneName(name))
    await mkdir(folder).catch(async (error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw refused(error)
      const there = await lstat(folder).catch((cause: unknown) => {
        throw refused(cause)
      })
      if (!there.isDirectory()) throw exists(error)
    })
  }
  return folder
}

/** @throws {UsageError} `name-not-possible` for what is no name of one file in one folder, on any system. */
export function oneName(name: string): string {
  if (name === '' || name === '.' || name === '..' || /[/\\\0]/u.test(name)) {
    throw new UsageError('name-not-possible', 'A name of the room is not possible here.')
  }
  return name
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

function exists(cause?: unknown): UsageError {
  return new UsageError('file-exists', 'A file of that name is here already, and is left as it is.', { cause })
}

function refused(cause: unknown): UsageError {
  const isFull = codeOf(cause) === 'ENOSPC' || codeOf(cause) === 'EDQUOT'
  return isFull
    ? new UsageError('disk-full', 'The disk here is full.', { cause })
    : new UsageError('disk-refuses', 'The file cannot be written here.', { cause })
}
