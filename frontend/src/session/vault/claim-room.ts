import type { Undo } from '../../state/index.ts'
import type { VaultPage } from './page-ports.ts'

/** The page before a reload gives its room up only when it is gone: that long it is waited for. */
const waitMs = 1_500

/**
 * Makes this tab the one of this profile that is in a room: two would be the same participant twice, and throw each other out.
 * `undefined` when another tab is in it. Calling what it gives frees the room; closing the tab does so, too.
 */
export function claimRoom(locks: VaultPage['locks'], roomId: string): Promise<Undo | undefined> {
  if (!locks) return Promise.resolve(() => undefined)
  return new Promise((resolve) => {
    const held = locks.request(`p2pigeon.room.${roomId}`, { signal: AbortSignal.timeout(waitMs) }, () => {
      return new Promise<void>((free) => resolve(() => free()))
    })
    held.catch(() => resolve(undefined))
  })
}
