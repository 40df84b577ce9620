import type { Undo } from '../../state/index.ts'

export interface IdleLockPorts {
  readonly now: () => number
  /** `undefined` while nothing is to lock. */
  readonly limitMs: () => number | undefined
  /** True in a call, which is no idleness, whatever the hands do. */
  readonly isBusy: () => boolean
  readonly lock: () => void
  /** Other tabs of this profile, where the browser lets tabs talk. */
  readonly tabs: Pick<BroadcastChannel, 'postMessage' | 'addEventListener' | 'removeEventListener'> | undefined
}

/** How often is looked; a lock comes at most that late. */
const lookMs = 10_000
/** Other tabs need not hear of every key. */
const tellMs = 5_000
const signs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const

type TabMessage = 'active' | 'lock'

/**
 * Locks when nobody has touched any tab of this profile for a while, and locks all of them together. It compares times instead of
 * counting on a timer, which stands still while a computer sleeps: whoever opens the lid again finds it locked.
 */
export class IdleLock {
  readonly #ports: IdleLockPorts
  #lastMs: number
  #toldMs = 0

  constructor(ports: IdleLockPorts) {
    this.#ports = ports
    this.#lastMs = ports.now()
  }

  start(page: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>): Undo {
    const { tabs } = this.#ports
    const touched = (): void => this.#touched()
    const heard = (event: Event): void => {
      const message = (event as MessageEvent<TabMessage>).data
      if (message === 'active') this.#lastMs = this.#ports.now()
      // A call in this tab goes on; it is locked with the rest as soon as it has been idle without one.
      else if (!this.#ports.isBusy()) this.#ports.lock()
    }
    for (const sign of signs) page.addEventListener(sign, touched, { passive: true })
    tabs?.addEventListener('message', heard)
    const timer = setInterval(() => this.#look(), lookMs)
    return () => {
      clearInterval(timer)
      for (const sign of signs) page.removeEventListener(sign, touched)
      tabs?.removeEventListener('message', heard)
    }
  }

  /** Locks this tab and asks the others to do the same. */
  lockNow(): void {
    this.#tell('lock')
    this.#ports.lock()
  }

  /** Late signs do not count: the first touch after a long sleep comes before the timer does. */
  #touched(): void {
    if (this.#look()) return
    this.#lastMs = this.#ports.now()
    this.#tellActive()
  }

  /** True if it locked. */
  #look(): boolean {
    const limitMs = this.#ports.limitMs()
    if (this.#ports.isBusy()) {
      this.#lastMs = this.#ports.now()
      this.#tellActive()
      return false
    }
    if (limitMs === undefined || this.#ports.now() - this.#lastMs < limitMs) return false
    this.lockNow()
    return true
  }

  #tellActive(): void {
    if (this.#ports.now() - this.#toldMs < tellMs) return
    this.#toldMs = this.#ports.now()
    this.#tell('active')
  }

  #tell(message: TabMessage): void {
    this.#ports.tabs?.postMessage(message)
  }
}
