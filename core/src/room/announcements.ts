import { toHex } from '../bytes/index.ts'
import type { Scope } from '../lifetime/index.ts'
import { topicWindows, type RoomKeys } from '../link/index.ts'
import type { Clock } from '../runtime/index.ts'
import type { Announcement, Carrier, CarrierAddress, CarrierStream, Topic } from '../signalling/index.ts'

const windowCheckMs = 60_000

export interface AnnouncementsPorts {
  readonly carrier: Carrier
  readonly keys: RoomKeys
  readonly clock: Clock
  readonly scope: Scope
  /** A stream that somebody under our topic opened to us. */
  readonly accept: (stream: CarrierStream) => void
}

/** Stands under the topics of a room on one carrier, and moves on with the days. Ends with its scope. */
export class Announcements {
  readonly #ports: AnnouncementsPorts
  readonly #announcements = new Map<string, { readonly topic: Topic; readonly announcement: Announcement }>()

  constructor(ports: AnnouncementsPorts) {
    this.#ports = ports
    ports.scope.onEnd(() => {
      for (const { announcement } of this.#announcements.values()) announcement.withdraw()
    })
  }

  get topics(): Topic[] {
    return [...this.#announcements.values()].map(({ topic }) => topic)
  }

  isOurs(address: CarrierAddress): boolean {
    return [...this.#announcements.values()].some(({ announcement }) => announcement.isOurs(address))
  }

  /** Announces; resolves as soon as that is under way. */
  async start(): Promise<void> {
    const { carrier, keys, clock, scope, accept } = this.#ports
    const topics = await topicWindows(keys, carrier.name, clock.now())
    if (scope.ended) return
    const names = new Set(topics.map(toHex))
    for (const topic of topics) {
      if (this.#announcements.has(toHex(topic))) continue
      this.#announcements.set(toHex(topic), { topic, announcement: carrier.announce(topic, accept) })
    }
    for (const [name, { announcement }] of this.#announcements) {
      if (names.has(name)) continue
      announcement.withdraw()
      this.#announcements.delete(name)
    }
    this.#lookLater()
  }

  #lookLater(): void {
    const { clock, scope } = this.#ports
    const forget = scope.onEnd(
      clock.after(windowCheckMs, () => {
        forget()
        // Nothing here depends on the network; should the platform fail once, the next minute tries again.
        this.start().catch(() => {
          this.#lookLater()
        })
      }),
    )
  }
}
