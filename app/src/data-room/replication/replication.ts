import type { DhtService } from '../../dht/index.ts'
import type { DataRoomLimits } from '../limits.ts'
import type { Pear, PearConnection, PearDiscovery, PearSwarm } from '../pear/index.ts'
import { ReplicaChannel, type ReplicaTalk } from './replica-channel.ts'
import { replicaTopic } from './replica-proof.ts'
import { lendDht } from './shared-dht.ts'

export interface ReplicationOptions {
  readonly pear: Pear
  readonly dht: Pick<DhtService, 'hyperNode' | 'onNetworkChanged'>
  readonly limits: DataRoomLimits
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

  /** Speaks of a secret with whoever knows it: members look for replicas, replicas wait. */
  talk(talk: ReplicaTalk): void {
    const topic = replicaTopic(talk.secret)
    const name = topic.toString('hex')
    if (!this.#talks.has(name)) {
      this.#talks.set(name, talk)
      for (const [connection, channels] of this.#channels) channels.push(new ReplicaChannel(connection, talk))
    }
    this.#join({ topic, as: { server: talk.role === 'replica', client: talk.role === 'member' } })
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

  /** Takes back what was announced and ends every connection. */
  async close(): Promise<void> {
    this.#ended = true
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
    await former.swarm.destroy().catch(() => undefined)
    for (const connection of connections) connection.destroy()
    former.release()
  }
}
