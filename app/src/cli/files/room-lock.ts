import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { UsageError } from '@p2pigeon/core'
import type { Clock } from '@p2pigeon/core/node'
import { isAnotherAlive, processesHere } from './processes.ts'

/** Whoever holds a room says so this often, ms: its process number means nothing in another container or on another machine. */
export const beatMs = 10_000
/** And there it counts as dead after so long without, ms. */
const deadAfterMs = 60_000

/**
 * Keeps a second process with the same key out of the same room: two of them would write one journal and one memory. The one of a process that died is
 * taken over: at once where its number tells, and in another container or on another machine after a minute.
 * @returns gives the room free again.
 * @throws {UsageError} `room-in-use`; `memory-unwritable`.
 */
export function lockRoom(path: string, clock: Clock): () => void {
  const mine = `${String(process.pid)} ${processesHere()}`
  const made = `${path}.${mine.replace(' ', '.')}`
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      writeFileSync(made, mine, { mode: 0o600 })
      // It appears with its content or not at all.
      linkSync(made, path)
      return held(path, mine, clock)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
        throw new UsageError('memory-unwritable', 'The folder beside the key cannot be written to.', { cause: error })
      }
    } finally {
      rmSync(made, { force: true })
    }
    const holder = read(path)
    if (holder !== undefined && (lives(holder, path, clock) || !removed(path, `${made}.former`, holder))) break
  }
  throw new UsageError(
    'room-in-use',
    'Another pigeon is in this room with the same key. Use --ephemeral or another --key beside it.',
  )
}

function held(path: string, mine: string, clock: Clock): () => void {
  let cancel = (): void => undefined
  const beat = (): void => {
    cancel = clock.after(beatMs, () => {
      try {
        const now = clock.now() / 1_000
        utimesSync(path, now, now)
      } catch {
        // Somebody has deleted it: they know what they do.
      }
      beat()
    })
  }
  beat()
  return () => {
    cancel()
    if (read(path) === mine) rmSync(path, { force: true })
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}

function lives(holder: string, path: string, clock: Clock): boolean {
  const [pid, where = processesHere()] = holder.split(' ')
  if (where === processesHere()) return isAnotherAlive(Number(pid))
  const beatenAtMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
  return clock.now() - beatenAtMs < deadAfterMs
}

/** Takes a dead one out of the way, unless somebody else has done so and holds the room by now: then theirs is put back. */
function removed(path: string, aside: string, holder: string): boolean {
  try {
    renameSync(path, aside)
  } catch {
    return true
  }
  try {
    if (read(aside) === holder) return true
    linkSync(aside, path)
    return false
  } catch {
    return false
  } finally {
    rmSync(aside, { force: true })
  }
}
