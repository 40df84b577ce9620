import type { Undo } from '../../state/index.ts'
import type { VaultPage } from '../vault/index.ts'

const lockName = 'p2pigeon.ring'

/**
 * Which of several tabs answers the bell: one, since each would ring by itself and none would know of the other. Where the browser has no
 * locks, each does.
 *
 * off → waiting (volunteer, takeOver) → on duty → waiting (another tab took over). Any → off (rest).
 */
export class RingDuty {
  readonly #locks: VaultPage['locks']
  readonly #begin: () => Undo
  #wish: AbortController | undefined
  #onDuty = false

  /** `begin` starts answering and returns what ends it. */
  constructor(locks: VaultPage['locks'], begin: () => Undo) {
    this.#locks = locks
    this.#begin = begin
  }

  get onDuty(): boolean {
    return this.#onDuty
  }

  /** Answers as soon as no other tab does. */
  volunteer(): void {
    if (this.#wish === undefined) void this.#ask(false)
  }

  /** Answers at once, in place of another tab. Resolves when it is so. */
  async takeOver(): Promise<void> {
    if (this.#onDuty) return
    this.#wish?.abort()
    await this.#ask(true)
  }

  /** Ends the duty, and the wish for it. */
  rest(): void {
    this.#wish?.abort()
    this.#wish = undefined
  }

  #ask(steal: boolean): Promise<void> {
    const wish = new AbortController()
    this.#wish = wish
    if (!this.#locks) {
      const end = this.#serve()
      wish.signal.addEventListener('abort', end)
      return Promise.resolve()
    }
    let end: Undo = () => undefined
    let say: Undo = () => undefined
    const begun = new Promise<void>((resolve) => {
      say = resolve
    })
    const held = this.#locks.request(lockName, steal ? { steal } : { signal: wish.signal }, () => {
      if (wish.signal.aborted) return
      end = this.#serve()
      say()
      return new Promise<void>((free) => {
        wish.signal.addEventListener('abort', () => free())
      })
    })
    const over = (): void => {
      end()
      say()
      if (this.#wish !== wish) return
      // Another tab took over: wait for it to close.
      this.#wish = undefined
      if (!wish.signal.aborted) this.volunteer()
    }
    held.then(over, over)
    return begun
  }

  #serve(): Undo {
    const end = this.#begin()
    this.#onDuty = true
    let over = false
    return () => {
      if (over) return
      over = true
      this.#onDuty = false
      end()
    }
  }
}
