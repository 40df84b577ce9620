import type { Undo } from '../../../lifetime/index.ts'
import type { Clock } from '../../../runtime/index.ts'
import type { Topic } from '../../carrier.ts'
import type { HyperKeyPair, HyperNode, HyperServer, HyperStream } from './hyperdht.ts'

/** Records live 20 min on the nodes that hold them; one missed refresh is forgiven. */
const refreshMs = 8 * 60_000
const firstRetryMs = 500
const longestRetryMs = 30_000

/** One key pair listening, and announced under one topic until it is withdrawn. */
export class DhtAnnouncement {
  readonly #node: HyperNode
  readonly #topic: Topic
  readonly #keyPair: HyperKeyPair
  readonly #clock: Clock
  readonly #server: HyperServer
  #listening = false
  #withdrawn = false
  #failures = 0
  #cancelTimer: Undo = () => undefined
  #work: Promise<void>

  constructor(
    node: HyperNode,
    topic: Topic,
    keyPair: HyperKeyPair,
    ports: { readonly clock: Clock; readonly shareLocalAddress: boolean },
    accept: (stream: HyperStream) => void,
  ) {
    this.#node = node
    this.#topic = topic
    this.#keyPair = keyPair
    this.#clock = ports.clock
    this.#server = node.createServer({ shareLocalAddress: ports.shareLocalAddress }, (stream) => {
      if (this.#withdrawn) stream.destroy()
      else accept(stream)
    })
    this.#work = this.#publish()
  }

  /** Stops listening and takes the records back; streams that were accepted live on. Never rejects. */
  async withdraw(): Promise<void> {
    if (this.#withdrawn) return
    this.#withdrawn = true
    this.#cancelTimer()
    // From this tick on nobody gets in.
    const closed = this.#server.close()
    await this.#work
    await Promise.allSettled([
      closed,
      this.#node.destroyed ? undefined : this.#node.unannounce(this.#topic, this.#keyPair),
    ])
  }

  async #publish(): Promise<void> {
    try {
      if (!this.#listening) {
        // Listening makes the key dialable; only then do its addresses for the record exist.
        await this.#server.listen(this.#keyPair)
        this.#listening = true
      }
      if (this.#withdrawn) return
      await this.#node.announce(this.#topic, this.#keyPair, this.#server.relayAddresses).finished()
      this.#failures = 0
    } catch {
      // Offline, or too few nodes answered: both pass, and the state of the network is shown elsewhere.
      this.#failures += 1
    }
    if (this.#withdrawn || this.#node.destroyed) return
    const delayMs =
      this.#failures === 0 ? refreshMs : Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(this.#failures, 10))
    this.#cancelTimer = this.#clock.after(delayMs, () => {
      this.#work = this.#publish()
    })
  }
}
