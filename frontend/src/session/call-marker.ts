import type { KeyValueStorage } from './preferences.ts'

/** What a reload needs to go back into the call. Holds no secret: the link comes from the recent rooms. */
export interface CallMark {
  readonly roomId: string
  readonly microphone: 'none' | 'off' | 'on'
  readonly camera: 'none' | 'off' | 'on'
}

const slot = 'p2pigeon.in-call'

/** "This tab is in a call", kept over a reload of the tab and not a moment longer. */
export class CallMarker {
  readonly #storage: KeyValueStorage | undefined

  constructor(storage: KeyValueStorage | undefined) {
    this.#storage = storage
  }

  set(mark: CallMark): void {
    try {
      this.#storage?.setItem(slot, JSON.stringify(mark))
    } catch {
      // Without it a reload shows the pre-join page: friction, no fault.
    }
  }

  clear(): void {
    try {
      this.#storage?.removeItem(slot)
    } catch {
      // See set.
    }
  }

  /** The mark of the page before, when this one is its reload; a copied tab is not, and must not join twice. */
  takeAfterReload(isReload: boolean): CallMark | undefined {
    try {
      const mark: unknown = JSON.parse(this.#storage?.getItem(slot) ?? 'null')
      if (isReload && isCallMark(mark)) return mark
    } catch {
      // Unreadable is the same as absent.
    }
    this.clear()
    return undefined
  }
}

function isCallMark(value: unknown): value is CallMark {
  if (typeof value !== 'object' || value === null) return false
  const { roomId, microphone, camera } = value as Record<string, unknown>
  const states: unknown[] = ['none', 'off', 'on']
  return typeof roomId === 'string' && states.includes(microphone) && states.includes(camera)
}
