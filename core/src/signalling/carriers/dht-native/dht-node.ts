import { toHex } from '../../../bytes/index.ts'
import { TransportError } from '../../../errors/index.ts'
import type { Clock } from '../../../runtime/index.ts'
import type { CarrierAddress, Topic } from '../../carrier.ts'
import { DhtAnnouncement } from './dht-announcement.ts'
import type { HyperAddress, HyperDht, HyperKeyPair, HyperNode, HyperStream } from './hyperdht.ts'

/** A key pair of the DHT: made for one announcement or one dial, never a user's. */
export type DhtKeyPair = HyperKeyPair
/** An encrypted stream of the DHT. Whoever holds one listens to `error`. */
export type DhtStream = HyperStream

/** How many peers one lookup gives at most; a topic that holds more is under attack. */
export const maxPeersPerLookup = 128
/** Addresses taken from one record: a hostile record must not make us knock at more doors than hyperdht itself would store. */
const maxRelayAddresses = 3
/** Records whose relay addresses are remembered for a later dial. */
const maxKnownPeers = 4_096

/** One node of the DHT, as far as carriers and relays need it. */
export class DhtNode {
  readonly #dht: HyperDht
  readonly #node: HyperNode
  readonly #ports: { readonly clock: Clock; readonly shareLocalAddress: boolean }
  readonly #streams = new Set<HyperStream>()
  readonly #known = new Map<string, readonly HyperAddress[]>()
  #idle: () => void = () => undefined

  /** `reach` says where others may be: on a node for this machine only, trying local networks would just take time. */
  constructor(dht: HyperDht, node: HyperNode, clock: Clock, reach: 'world' | 'machine' = 'world') {
    this.#dht = dht
    this.#node = node
    this.#ports = { clock, shareLocalAddress: reach === 'world' }
  }

  newKeyPair(): DhtKeyPair {
    return this.#dht.keyPair()
  }

  /** Returns at once; announces in the background, retries, refreshes before records expire. */
  announce(topic: Topic, keyPair: DhtKeyPair, accept: (stream: DhtStream) => void): { withdraw(): Promise<void> } {
    return new DhtAnnouncement(this.#node, topic, keyPair, this.#ports, (stream) => {
      this.#own(stream)
      accept(stream)
    })
  }

  /**
   * The public keys announced under `topic`, each once, as they are found.
   * @throws {TransportError} `carrier-lost`; the signal's reason when aborted.
   */
  async *lookup(topic: Topic, { signal }: { signal: AbortSignal }): AsyncGenerator<CarrierAddress, void, void> {
    signal.throwIfAborted()
    if (this.#node.destroyed) throw new TransportError('carrier-lost', 'the node is closed')
    const query = this.#node.lookup(topic)
    const aborted = () => {
      query.destroy()
    }
    signal.addEventListener('abort', aborted)
    const found = new Set<string>()
    try {
      for await (const { peers } of query) {
        for (const peer of peers ?? []) {
          const name = toHex(peer.publicKey)
          if (found.has(name)) continue
          if (found.size === maxPeersPerLookup) return
          found.add(name)
          this.#remember(name, peer.relayAddresses)
          yield peer.publicKey.slice()
          signal.throwIfAborted()
        }
      }
    } catch (error) {
      signal.throwIfAborted()
      throw new TransportError('carrier-lost', 'the lookup failed', { cause: error })
    } finally {
      signal.removeEventListener('abort', aborted)
      query.destroy()
    }
    signal.throwIfAborted()
  }

  /**
   * Opens a stream to a public key, under a fresh key of our own.
   * @throws {TransportError} `unreachable`; the signal's reason when aborted.
   */
  async dial(publicKey: CarrierAddress, { signal }: { signal: AbortSignal }): Promise<DhtStream> {
    signal.throwIfAborted()
    if (this.#node.destroyed) throw new TransportError('unreachable', 'the node is closed')
    const relayAddresses = this.#known.get(toHex(publicKey)) ?? []
    // hyperdht takes and keeps Node buffers.
    const stream = this.#node.connect(Buffer.from(publicKey), {
      keyPair: this.newKeyPair(),
      relayAddresses,
      localConnection: this.#ports.shareLocalAddress,
    })
    this.#own(stream)
    const aborted = () => {
      stream.destroy()
    }
    signal.addEventListener('abort', aborted)
    try {
      await new Promise<void>((resolve, reject: (error: TransportError) => void) => {
        stream.on('open', resolve)
        stream.on('close', () => {
          reject(new TransportError('unreachable', 'nobody answers at this address'))
        })
      })
    } catch (error) {
      signal.throwIfAborted()
      throw error
    } finally {
      signal.removeEventListener('abort', aborted)
    }
    return stream
  }

  /** Resolves when no stream is left. */
  async idle(): Promise<void> {
    if (this.#streams.size === 0) return
    await new Promise<void>((resolve) => {
      const before = this.#idle
      this.#idle = () => {
        before()
        resolve()
      }
    })
  }

  /** Ends every stream and the node. Never rejects. */
  async close(): Promise<void> {
    for (const stream of this.#streams) stream.destroy()
    await this.#node.destroy({ force: true }).catch(() => undefined)
  }

  #own(stream: HyperStream): void {
    this.#streams.add(stream)
    // Errors are followed by 'close'; what they say names addresses, so it goes no further.
    stream.on('error', () => undefined)
    stream.on('close', () => {
      this.#streams.delete(stream)
      if (this.#streams.size === 0) this.#idle()
    })
  }

  #remember(name: string, relayAddresses: readonly HyperAddress[]): void {
    this.#known.delete(name)
    this.#known.set(name, relayAddresses.slice(0, maxRelayAddresses))
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= maxKnownPeers) return
      this.#known.delete(oldest)
    }
  }
}
