import { open, readdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/** The write-ahead logs of the database; older ones are deleted by it once their content is elsewhere, and synced. */
const logFile = /^\d+\.log$/

async function syncFile(path: string): Promise<void> {
  let file
  try {
    file = await open(path, 'r+')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return
    throw error
  }
  try {
    await file.datasync()
  } finally {
    await file.close()
  }
}

async function syncLogs(folder: string): Promise<void> {
  const names = await readdir(folder)
  await Promise.all(names.filter((name) => logFile.test(name)).map((name) => syncFile(join(folder, name))))
}

/**
 * Makes what was written before the call survive a loss of power, too. The database hands each write to the system at once, which a killed process does not
 * undo, but asks for no sync. Calls that come while one is under way share the next one.
 */
export function logSync(databaseFolder: string): () => Promise<void> {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const start = (): Promise<void> => {
    const mine = syncLogs(databaseFolder).finally(() => {
      if (running === mine) running = undefined
    })
    running = mine
    return mine
  }
  return () => {
    if (running === undefined) return start()
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined
        return start()
      })
    return next
  }
}

/** Bytes that this process may still write on the disk of `folder`. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
