import type { RoomView } from '@p2pigeon/core'

/** A decision waits at most 3 s in core for what others know; what the room does not show after that will not come. */
export const overdueMs = 6_000

/** Names what was decided about whom, e.g. `mute peerId`. */
export type DeedKey = `${'mute' | 'files' | 'cohost' | 'kick' | 'admit' | 'entry'} ${string}` | 'renew' | 'end'

interface Deed {
  readonly isDone: (view: RoomView) => boolean
  readonly sinceMs: number
}

const none: ReadonlySet<DeedKey> = new Set()

/** What this user has decided and the room does not show yet: shown as under way, never as done. */
export class PendingDeeds {
  readonly #deeds = new Map<DeedKey, Deed>()
  #keys = none

  /** The same set as long as the same deeds are under way. */
  get keys(): ReadonlySet<DeedKey> {
    return this.#keys
  }

  /** A later decision takes its place. */
  forget(key: DeedKey): void {
    if (this.#deeds.delete(key)) this.#keys = new Set(this.#deeds.keys())
  }

  begin(key: DeedKey, isDone: (view: RoomView) => boolean, nowMs: number): void {
    this.#deeds.set(key, { isDone, sinceMs: nowMs })
    this.#keys = new Set(this.#deeds.keys())
  }

  /** Takes what the room shows now. True when a deed was given up. */
  update(view: RoomView, nowMs: number): boolean {
    const before = this.#deeds.size
    let gaveUp = false
    for (const [key, { isDone, sinceMs }] of this.#deeds) {
      const isOverdue = nowMs - sinceMs >= overdueMs
      if (!isDone(view) && !isOverdue) continue
      gaveUp ||= !isDone(view)
      this.#deeds.delete(key)
    }
    if (this.#deeds.size !== before) this.#keys = this.#deeds.size === 0 ? none : new Set(this.#deeds.keys())
    return gaveUp
  }
}
