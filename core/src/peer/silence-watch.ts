import type { Scope, Undo } from '../lifetime/index.ts'
import type { Clock } from '../runtime/index.ts'

const lookEveryMs = 1_000
/**
 * Nothing at all for so many looks means that the path is gone. Consent checks (RFC 7675) cross an idle path about every
 * 2.5 s in each direction; platforms themselves need 5 s and more to say `disconnected`.
 */
const silentLooks = 3

interface SilenceHooks {
  /** What has arrived so far, in any unit that grows with each packet; undefined where the platform does not count. */
  received(): Promise<number | undefined>
  silent(): void
  /** Something arrives again after a silence. */
  heard(): void
}

/** Notices that a path carries nothing any longer, before the platform does. */
export class SilenceWatch {
  readonly #clock: Clock
  readonly #hooks: SilenceHooks
  readonly #scope: Scope
  #received = -1
  #unchanged = 0
  #running = false
  #cancel: Undo = () => undefined

  constructor(clock: Clock, hooks: SilenceHooks, scope: Scope) {
    this.#clock = clock
    this.#hooks = hooks
    this.#scope = scope
    scope.onEnd(() => {
      this.stop()
    })
  }

  /** Begins to look; to be called when a path stands. */
  start(): void {
    if (this.#running || this.#scope.ended) return
    this.#running = true
    this.#unchanged = 0
    this.#schedule()
  }

  stop(): void {
    this.#running = false
    this.#cancel()
  }

  #schedule(): void {
    this.#cancel = this.#clock.after(lookEveryMs, () => {
      void this.#look()
    })
  }

  async #look(): Promise<void> {
    const received = await this.#hooks.received().catch(() => undefined)
    if (!this.#isRunning()) return
    if (received === undefined) {
      this.#running = false
      return
    }
    const wasSilent = this.#unchanged >= silentLooks
    // Platforms drop pairs, and their counts with them: only growth is a sign of life.
    this.#unchanged = received > this.#received ? 0 : this.#unchanged + 1
    this.#received = received
    if (this.#unchanged === silentLooks) this.#hooks.silent()
    if (wasSilent && this.#unchanged === 0) this.#hooks.heard()
    this.#schedule()
  }

  /** A call, since it may change over an await. */
  #isRunning(): boolean {
    return this.#running
  }
}

interface CountedEntry {
  readonly type: string
  readonly packetsReceived?: number
  readonly requestsReceived?: number
  readonly responsesReceived?: number
}

/**
 * Packets of every kind, checks included, in a statistics report. Undefined if it does not count what arrives by itself
 * but answers to our own checks only: those come too seldom to conclude anything from.
 */
export function packetsIn(report: RTCStatsReport): number | undefined {
  const entries: CountedEntry[] = []
  report.forEach((entry: CountedEntry) => {
    if (entry.type === 'candidate-pair' || entry.type === 'transport') entries.push(entry)
  })
  const counted = entries.some(
    ({ packetsReceived, requestsReceived }) => (packetsReceived ?? requestsReceived) !== undefined,
  )
  if (!counted) return undefined
  return entries.reduce(
    (sum, { packetsReceived = 0, requestsReceived = 0, responsesReceived = 0 }) =>
      sum + packetsReceived + requestsReceived + responsesReceived,
    0,
  )
}
