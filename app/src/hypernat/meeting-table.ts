import type { Clock, DhtKeyPair, DhtStream } from '@p2pigeon/core/node'
import type { Beyond } from './contract.ts'
import type { ClientLeg } from './client-leg.ts'

/** Keys of withdrawn announcements that are remembered: the DHT still lists some of them for minutes. */
const maxRetired = 8_192

type Bytes = Uint8Array<ArrayBuffer>

/**
 * A client that comes is looking for others and about to shake hands through us: the dozens of requests and signatures of its
 * announcement wait until that is over, and nobody elsewhere notices.
 */
const announceDelayMs = 200

/** Who announces: a client connection. */
export interface Announcer {
  /** Opens a stream towards the announcer; undefined when it has too many. */
  takeLocal(announceId: number): ClientLeg | undefined
  takeFromDht(announceId: number, stream: DhtStream): void
}

export interface Entry {
  readonly topic: string
  readonly publicKey: Bytes
  readonly announcer: Announcer
  readonly announceId: number
  /** Withdraws from the table and from the DHT. */
  withdraw(): void
}

interface Held extends Entry {
  readonly topicBytes: Bytes
  readonly keyPair: DhtKeyPair
  /** Withdrawing gives undefined when the DHT has not heard of it yet. */
  onDht: { withdraw(): Promise<void> | undefined }
}

/**
 * Who of this relay's clients announces what. Two clients of one relay meet here at once; the DHT, to which the same is
 * announced in the background, is for the clients of others.
 */
export class MeetingTable {
  readonly #beyond: Beyond
  readonly #clock: Clock
  readonly #byTopic = new Map<string, Set<Held>>()
  readonly #byKey = new Map<string, Held>()
  readonly #retired = new Set<string>()
  readonly #withdrawing = new Set<Promise<void>>()
  /** Withdrawals by clients that the DHT has not finished. */
  #leaving = 0
  readonly #stopFollowing: () => void

  constructor(beyond: Beyond, clock: Clock) {
    this.#beyond = beyond
    this.#clock = clock
    this.#stopFollowing = beyond.onNetworkChanged(() => {
      for (const held of this.#byKey.values()) {
        const moved = held.onDht.withdraw()
        if (moved) this.#wait(moved)
        held.onDht = this.#announce(held)
      }
    })
  }

  /** Withdrawals under way count: each costs the DHT as much as an announcement, and churn must not get around a bound. */
  get size(): number {
    return this.#byKey.size + this.#leaving
  }

  announce(topicBytes: Bytes, announcer: Announcer, announceId: number): Entry {
    const keyPair = this.#beyond.node().newKeyPair()
    const publicKey = new Uint8Array(keyPair.publicKey)
    const name = nameOf(publicKey)
    const topic = nameOf(topicBytes)
    const parts = { topic, topicBytes, publicKey, keyPair, announcer, announceId }
    const held: Held = {
      ...parts,
      onDht: this.#announce(parts),
      withdraw: () => {
        if (!this.#byKey.delete(name)) return
        this.#retire(name)
        const sameTopic = this.#byTopic.get(topic)
        sameTopic?.delete(held)
        if (sameTopic?.size === 0) this.#byTopic.delete(topic)
        const withdrawal = held.onDht.withdraw()
        if (!withdrawal) return
        this.#leaving += 1
        this.#wait(
          withdrawal.finally(() => {
            this.#leaving -= 1
          }),
        )
      },
    }
    this.#byKey.set(name, held)
    this.#byTopic.set(topic, (this.#byTopic.get(topic) ?? new Set<Held>()).add(held))
    return held
  }

  under(topic: Bytes): Iterable<Entry> {
    return this.#byTopic.get(nameOf(topic)) ?? []
  }

  find(publicKey: Bytes): Entry | undefined {
    return this.#byKey.get(nameOf(publicKey))
  }

  /** True for a key of ours, also when its announcement is withdrawn: the DHT has nothing to add. */
  isOurs(publicKey: Bytes): boolean {
    const name = nameOf(publicKey)
    return this.#byKey.has(name) || this.#retired.has(name)
  }

  /** Resolves when every withdrawal has reached the DHT, or failed to. */
  async close(): Promise<void> {
    this.#stopFollowing()
    await Promise.all(this.#withdrawing)
  }

  #announce(held: Pick<Held, 'topicBytes' | 'keyPair' | 'announcer' | 'announceId'>): Held['onDht'] {
    let onDht: Held['onDht'] | undefined
    const announce = (): void => {
      onDht = this.#beyond.node().announce(held.topicBytes, held.keyPair, (stream) => {
        held.announcer.takeFromDht(held.announceId, stream)
      })
    }
    const delayMs = this.#beyond.announceDelayMs ?? announceDelayMs
    let cancel = (): void => undefined
    if (delayMs > 0) cancel = this.#clock.after(delayMs, announce)
    else announce()
    return {
      withdraw: () => {
        cancel()
        return onDht?.withdraw()
      },
    }
  }

  #wait(withdrawal: Promise<void>): void {
    const waiting = withdrawal
      .catch(() => undefined)
      .then(() => {
        this.#withdrawing.delete(waiting)
      })
    this.#withdrawing.add(waiting)
  }

  #retire(name: string): void {
    this.#retired.add(name)
    for (const oldest of this.#retired) {
      if (this.#retired.size <= maxRetired) return
      this.#retired.delete(oldest)
    }
  }
}

function nameOf(bytes: Bytes): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}
