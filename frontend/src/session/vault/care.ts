import { Store, type Readable } from '../../state/index.ts'
import { fromBytes, toBytes } from './codec.ts'
import type { Keeper } from './keeper.ts'
import { slotNames } from './names.ts'

/** What is remembered so that the user is asked at the right time, and not too often. */
export interface CareValue {
  /** How often this profile was opened, the present page included. */
  readonly visits: number
  readonly hadCall: boolean
  readonly backedUpAtMs: number | undefined
  /** Nobody is reminded before. */
  readonly remindAtMs: number
  /** `undefined`: never lock by itself. */
  readonly lockAfterMinutes: number | undefined
  /** When each passkey was added, by the base64url of its id. */
  readonly passkeys: Readonly<Record<string, number>>
}

/** As long as somebody may be away from an open screen before it is anybody's. */
const lockAfterMinutes = 15
const remindLaterMs = 7 * 86_400_000

const initial: CareValue = {
  visits: 0,
  hadCall: false,
  backedUpAtMs: undefined,
  remindAtMs: 0,
  lockAfterMinutes,
  passkeys: {},
}

/** Reminders and the idle lock, as the user of this device left them. Sealed: whoever edits the storage cannot switch the lock off. */
export class Care {
  readonly #keeper: Pick<Keeper, 'read' | 'write'>
  readonly #now: () => number
  readonly #value = new Store<CareValue>(initial)
  readonly #loaded: Promise<void>

  constructor(keeper: Pick<Keeper, 'read' | 'write'>, now: () => number) {
    this.#keeper = keeper
    this.#now = now
    this.#loaded = this.#load().catch(() => undefined)
  }

  get value(): Readable<CareValue> {
    return this.#value
  }

  get loaded(): Promise<void> {
    return this.#loaded
  }

  /** Takes effect once what was kept is there. */
  change(part: Partial<CareValue>): void {
    void this.#loaded.then(() => {
      this.#value.update((value) => ({ ...value, ...part }))
      return this.#store()
    })
  }

  hadCall(): void {
    if (!this.#value.get().hadCall) this.change({ hadCall: true })
  }

  backedUp(): void {
    this.change({ backedUpAtMs: this.#now() })
  }

  remindLater(): void {
    this.change({ remindAtMs: this.#now() + remindLaterMs })
  }

  async #load(): Promise<void> {
    // JSON knows no `undefined`: a missing time to lock after is one that was switched off.
    const stored = fromBytes(await this.#keeper.read(slotNames.care)) as CareValue | undefined
    const kept = stored && { ...initial, ...stored, lockAfterMinutes: stored.lockAfterMinutes }
    this.#value.update((value) => ({ ...value, ...kept, visits: (kept?.visits ?? 0) + 1 }))
    await this.#store()
  }

  async #store(): Promise<void> {
    await this.#keeper.write(slotNames.care, toBytes(this.#value.get())).catch(() => undefined)
  }
}

/** True at a calm moment: not before the first call or the second visit, not within a week of having said “later”, not once it is done. */
export function isBackupDue(care: CareValue, nowMs: number): boolean {
  return care.backedUpAtMs === undefined && nowMs >= care.remindAtMs && (care.hadCall || care.visits > 1)
}
