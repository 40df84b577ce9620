import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { UsageError } from '@p2pigeon/core'

/**
 * Keeps a second process with the same key out of the same room: two of them would write one journal and one memory. The one of a process that died is
 * taken over.
 * @returns gives the room free again.
 * @throws {UsageError} `room-in-use`; `memory-unwritable`.
 */
export function lockRoom(path: string): () => void {
  for (let tries = 0; tries < 3; tries += 1) {
    const mine = `${path}.${String(process.pid)}`
    try {
      writeFileSync(mine, String(process.pid), { mode: 0o600 })
      // It appears with its content or not at all.
      linkSync(mine, path)
      return () => {
        rmSync(path, { force: true })
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
        throw new UsageError('memory-unwritable', 'The folder beside the key cannot be written to.', { cause: error })
      }
    } finally {
      rmSync(mine, { force: true })
    }
    if (holderLives(path)) break
    rmSync(path, { force: true })
  }
  throw new UsageError(
    'room-in-use',
    'Another pigeon is in this room with the same key. Use --ephemeral or another --key beside it.',
  )
}

function holderLives(path: string): boolean {
  let pid: number
  try {
    pid = Number(readFileSync(path, 'latin1'))
  } catch {
    return false
  }
  if (!Number.isSafeInteger(pid) || pid < 1 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process: it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
