import { toHex } from '../bytes/index.ts'
import type { Scope } from '../lifetime/index.ts'
import { topicWindows, type RoomKeys } from '../link/index.ts'
import type { Clock } from '../runtime/index.ts'
import type { Announcement, Carrier, CarrierStream } from '../signalling/index.ts'

/** How soon a new day's topic is noticed; windows overlap by two hours. */
const windowCheckMs = 60_000

export interface StandingPorts {
  readonly carrier: Carrier
  readonly keys: RoomKeys
  readonly clock: Clock
  readonly scope: Scope
  /** A stream that somebody opened to us. */
  incoming(stream: CarrierStream): void
}

/** Keeps this device findable under the topics of the day, whichever day it is, until the scope ends. Dials nobody. */
export class Standing {
  readonly #ports: StandingPorts
  readonly #announcements = new Map<string, Announcement>()

  constructor(ports: StandingPorts) {
    this.#ports = ports
    ports.scope.onEnd(() => {
      for (const announcement of this.#announcements.values()) announcement.withdraw()
    })
  }

  /** Resolves when the first announcement is under way. */
  async follow(): Promise<void> {
    const { carrier, keys, clock, scope } = this.#ports
    const topics = await topicWindows(keys, carrier.name, clock.now())
    if (scope.ended) return
    const names = new Set(topics.map(toHex))
    for (const topic of topics) {
      const name = toHex(topic)
      if (this.#announcements.has(name)) continue
      const announcement = carrier.announce(topic, (stream) => {
        this.#ports.incoming(stream)
      })
      this.#announcements.set(name, announcement)
    }
    for (const [name, announcement] of this.#announcements) {
      if (names.has(name)) continue
      announcement.withdraw()
      this.#announcements.delete(name)
    }
    this.#schedule()
  }

  #schedule(): void {
    const { clock, scope } = this.#ports
    const forget = scope.onEnd(
      clock.after(windowCheckMs, () => {
        forget()
        // Nothing here depends on the network; should the platform fail once, the next minute tries again.
        this.follow().catch(() => {
          this.#schedule()
        })
      }),
    )
  }
}
