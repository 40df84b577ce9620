import type { Clock } from '@p2pigeon/core/node'
import type { DhtService } from '../../dht/index.ts'
import type { DataRoomLimits } from '../limits.ts'
import type { Pear, PearConnection, PearDiscovery, PearSwarm } from '../pear/index.ts'
import { ReplicaChannel, type ReplicaTalk } from './replica-channel.ts'
import { replicaTopic } from './replica-proof.ts'
import { lendDht } from './shared-dht.ts'

/**
 * Two that come to a place at the same moment do not see each other there yet, and a swarm looks again after ten minutes only. So it looks again after these times, ms,
 * at places that were joined of late and among few.
 */
const lookAgainMs = [2_000, 10_000, 40_000]
const maxLookedAgain = 64
/**
 * What was announced is taken back for so long, ms: nodes that answer need a few hundredths of a second each. Of those that do not, every one is waited for in vain,
 * longer than a node has to stop; their records run out by themselves.
 */
export const takeBackMs = 1_500

export interface ReplicationOptions {
  readonly pear: Pear
  readonly dht: Pick<DhtService, 'hyperNode' | 'onNetworkChanged'>
  readonly limits: DataRoomLimits
  readonly clock: Clock
  /** Replicates the store over a new connection. */
  readonly replicate: (connection: PearConnection) => void
  readonly changed?: () => void
}

interface Place {
  readonly topic: Buffer
  /** Whether one waits there, looks for others there, or both. */
  readonly as: { readonly server: boolean; readonly client: boolean }
}

interface Swarming {
  readonly swarm: PearSwarm
  readonly joined: PearDiscovery[]
  readonly release: () => void
}

/** Finds the other nodes of each drive over the DHT of this node, and moves with it from network to network. */
export class Replication {
  readonly #options: ReplicationOptions
  readonly #places = new Map<string, Place>()
  readonly #talks = new Map<string, ReplicaTalk>()
  readonly #channels = new Map<PearConnection, ReplicaChannel[]>()
  readonly #forgetDht: () => void
  /** Made when the first place is joined: a node without drives is in no swarm. */
  #swarming: Swarming | undefined
  #ended = false
  readonly #looks = new Set<() => void>()
  #moving: Promise<void> = Promise.resolve()

  constructor(options: ReplicationOptions) {
    this.#options = options
    this.#forgetDht = options.dht.onNetworkChanged(() => {
      this.#moving = this.#moving.then(async () => {
        await this.#leave()
        if (this.#places.size > 0 && !this.#ended) this.#enter()
      })
    })
  }

  get peers(): number {
    return this.#swarming?.swarm.connections.size ?? 0
  }

  /** Announces a drive and looks for it; again: no change. */
  join(discoveryKey: Buffer): void {
    this.#join({ topic: discoveryKey, as: { server: true, client: true } })
  }

  /** Neither announces a drive nor looks for it any more. */
  leave(discoveryKey: Buffer): void {
    if (!this.#places.delete(discoveryKey.toString('hex'))) return
    this.#swarming?.swarm
      .status(discoveryKey)
      ?.destroy()
      .catch(() => undefined)
  }

  /** Speaks of a secret with whoever knows it. Both ends are there and look: nobody knows which one comes first, and a swarm looks seldom. */
  talk(talk: ReplicaTalk): void {
    const topic = replicaTopic(talk.secret)
    const name = topic.toString('hex')
    if (!this.#talks.has(name)) {
      this.#talks.set(name, talk)
      for (const [connection, channels] of this.#channels) channels.push(new ReplicaChannel(connection, talk))
    }
    this.#join({ topic, as: { server: true, client: true } })
  }

  get talks(): number {
    return this.#talks.size
  }

  /** Names the drives again to every replica that is there. */
  tell(): void {
    for (const channels of this.#channels.values()) for (const channel of channels) channel.tell()
  }

  /** Ends every connection; they come back by themselves, and replicate what is there then. */
  reconnect(): void {
    for (const connection of this.#swarming?.swarm.connections ?? []) connection.destroy()
  }

  /** Takes back what was announced, for as long as `takeBackMs`, and ends every connection. */
  async close(): Promise<void> {
    this.#ended = true
    for (const cancel of this.#looks) cancel()
    this.#looks.clear()
    this.#forgetDht()
    await this.#moving
    await this.#leave()
  }

  #join(place: Place): void {
    const name = place.topic.toString('hex')
    if (this.#places.has(name) || this.#ended) return
    this.#places.set(name, place)
    if (this.#swarming === undefined) this.#enter()
    else this.#swarming.joined.push(this.#swarming.swarm.join(place.topic, place.as))
    if (this.#places.size <= maxLookedAgain) this.#lookAgain(place)
  }

  #lookAgain({ topic }: Place): void {
    for (const ms of lookAgainMs) {
      const cancel = this.#options.clock.after(ms, () => {
        this.#looks.delete(cancel)
        // What a swarm that is ending says of it does not matter.
        this.#swarming?.swarm
          .status(topic)
          ?.refresh()
          .catch(() => undefined)
      })
      this.#looks.add(cancel)
    }
  }

  #enter(): void {
    const { pear, dht, limits } = this.#options
    const { dht: lent, release } = lendDht(dht.hyperNode())
    const swarm = new pear.Hyperswarm({ dht: lent, maxPeers: limits.maxPeers })
    swarm.on('connection', (connection) => {
      this.#meet(connection, swarm)
    })
    const joined = [...this.#places.values()].map(({ topic, as }) => swarm.join(topic, as))
    this.#swarming = { swarm, joined, release }
  }

  #meet(connection: PearConnection, swarm: PearSwarm): void {
    // Errors are followed by 'close'; what they say names addresses, so it goes no further.
    connection.on('error', () => undefined)
    // The swarm bounds the connections that it makes, not those that come.
    if (swarm.connections.size > this.#options.limits.maxPeers || this.#ended) {
      connection.destroy()
      return
    }
    this.#options.replicate(connection)
    this.#channels.set(
      connection,
      [...this.#talks.values()].map((talk) => new ReplicaChannel(connection, talk)),
    )
    connection.on('close', () => {
      this.#channels.delete(connection)
      this.#options.changed?.()
    })
    this.#options.changed?.()
  }

  async #leave(): Promise<void> {
    const former = this.#swarming
    this.#swarming = undefined
    if (former === undefined) return
    const connections = [...former.swarm.connections]
    await this.#takenBack(former.swarm)
    for (const connection of connections) connection.destroy()
    former.release()
  }

  /** What is still on its way then ends with the DHT, which is closed by its owner without waiting for anybody. */
  #takenBack(swarm: PearSwarm): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(takeBackMs, resolve)
      void swarm
        .destroy()
        .catch(() => undefined)
        .then(() => {
          cancel()
          resolve()
        })
    })
  }
}
