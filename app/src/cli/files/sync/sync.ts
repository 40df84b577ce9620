import { watch } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { UsageError } from '@p2pigeon/core'
import type { FilesDeed } from '../command.ts'
import type { DeedPorts, Done } from '../deed-ports.ts'
import { Failures } from './failures.ts'
import { SyncPass, type SyncCounts } from './sync-pass.ts'
import { loadBase, saveBase } from './sync-state.ts'

/** After a change, others have so long to come with it, ms. */
const gatherMs = 1_000
/** Without any sign of one, both sides are compared so often: a system may not tell of every change, ms. */
const lookEveryMs = 60_000

/**
 * Makes a local folder and one of the room the same. No change on either side is lost: where both changed, both are kept.
 * @throws {UsageError} `no-such-file`; as `Visit.writable` and `Courier.carry`.
 */
export async function sync(deed: Extract<FilesDeed, { kind: 'sync' }>, ports: DeedPorts): Promise<Done> {
  const { visit, memory, waitMs, emit } = ports
  const { to, watches } = deed
  const folder = await folderAt(deed.folder)
  const slot = memory?.slot(visit.room.roomId, `sync\0${folder}\0${to.join('/')}`)
  const base = await loadBase(slot)
  const failures = new Failures()
  let isFirst = true
  let known = await visit.writable(waitMs)
  const changes = watches ? watchBoth(folder, ports) : undefined
  try {
    for (;;) {
      if (known !== 'whole') emit({ type: 'incomplete', drives: visit.files.view.pendingDrives })
      // What cannot be seen may be there: nothing is deleted for its sake.
      const deletes = deed.deletes && known === 'whole' && visit.files.view.problems.length === 0
      const pass = new SyncPass({ folder, to, deletes }, base, failures, ports)
      const counts = await pass.run().finally(() => saveBase(slot, base))
      if (isFirst || hasDone(counts)) emit({ type: 'synced', ...counts })
      isFirst = false
      if (!changes) return { failed: counts.failed }
      await changes.next()
      known = await visit.writable(waitMs)
    }
  } finally {
    changes?.end()
  }
}

/** One that goes on says nothing of passes in which nothing was to be done. */
function hasDone({ up, down, deleted, conflicts }: SyncCounts): boolean {
  return up + down + deleted + conflicts > 0
}

async function folderAt(place: string): Promise<string> {
  const info = await stat(place).catch(() => undefined)
  if (!info?.isDirectory()) throw new UsageError('no-such-file', 'There is no such folder here.')
  return realpath(place)
}

/** Tells of changes on either side. */
function watchBoth(folder: string, { visit, clock, signal }: DeedPorts) {
  let wake: () => void = () => undefined
  let hasChanged = false
  const change = (): void => {
    hasChanged = true
    wake()
  }
  // Where the system cannot tell, the clock does.
  const watcher = watchFolder(folder, change)
  const undo = visit.files.on('viewChanged', change)
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        cancel()
        signal.removeEventListener('abort', end)
        resolve()
      }
      const cancel = clock.after(ms, end)
      signal.addEventListener('abort', end)
      if (ms === lookEveryMs) wake = end
      if (signal.aborted) end()
    })
  return {
    /** Resolves after a change, or after a while. @throws what the signal says. */
    next: async (): Promise<void> => {
      if (!hasChanged) await pause(lookEveryMs)
      wake = () => undefined
      signal.throwIfAborted()
      await pause(gatherMs)
      signal.throwIfAborted()
      hasChanged = false
    },
    end: () => {
      undo()
      watcher?.close()
    },
  }
}

function watchFolder(folder: string, changed: () => void) {
  try {
    const watcher = watch(folder, { recursive: true }, changed)
    watcher.on('error', () => undefined)
    return watcher
  } catch {
    return undefined
  }
}
