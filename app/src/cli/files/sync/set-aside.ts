import { link, lstat, rename, rm } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { UsageError } from '@p2pigeon/core'

const maxTries = 1_000

/**
 * Gives a local file another name beside it, never one that is taken: `plan (conflict).txt`, `plan (conflict 2).txt`. Resolves with its new name.
 * @throws {UsageError} `disk-refuses`.
 */
export async function setAside(place: string, name: string): Promise<string> {
  const suffix = extname(name)
  const stem = name.slice(0, name.length - suffix.length)
  for (let number = 1; number <= maxTries; number += 1) {
    const fresh = `${stem} (conflict${number === 1 ? '' : ` ${String(number)}`})${suffix}`
    const to = join(dirname(place), fresh)
    try {
      // Unlike renaming, this fails where something is.
      await link(place, to)
      await rm(place)
      return fresh
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'EEXIST') continue
      if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP') throw refused(error)
      if ((await lstat(to).catch(() => undefined)) !== undefined) continue
      await rename(place, to).catch((cause: unknown) => {
        throw refused(cause)
      })
      return fresh
    }
  }
  throw refused(undefined)
}

function refused(cause: unknown): UsageError {
  return new UsageError('disk-refuses', 'A file that is in the way cannot be set aside.', { cause })
}
