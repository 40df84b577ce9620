import { open, readdir, stat, statfs } from 'node:fs/promises'
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

/** A log that has just been begun is found after a loss of power only if its folder was synced. Windows cannot, and need not. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const opened = await open(folder, 'r')
  try {
    await opened.sync()
  } finally {
    await opened.close()
  }
}

async function syncLogs(folder: string, begun: Set<string>): Promise<void> {
  const logs = (await readdir(folder)).filter((name) => logFile.test(name))
  await Promise.all(logs.map((name) => syncFile(join(folder, name))))
  if (logs.every((name) => begun.has(name))) return
  await syncFolder(folder)
  begun.clear()
  for (const name of logs) begun.add(name)
}

/**
 * Makes what was written before the call survive a loss of power, too. The database hands each write to the system at once, which a killed process does not
 * undo, but asks for no sync. Calls that come while one is under way share the next one.
 */
export function logSync(databaseFolder: string): () => Promise<void> {
  /** Logs whose names are known to be on the disk. */
  const begun = new Set<string>()
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const start = (): Promise<void> => {
    const mine = syncLogs(databaseFolder, begun).finally(() => {
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

/** Bytes in the logs: opening the database writes them to their place before anything else, and fails without room for them. */
export async function recoveryBytes(databaseFolder: string): Promise<number> {
  const logs = (await readdir(databaseFolder)).filter((name) => logFile.test(name))
  const sizes = await Promise.all(logs.map(async (name) => (await stat(join(databaseFolder, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Bytes that this process may still write on the disk of `folder`. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
