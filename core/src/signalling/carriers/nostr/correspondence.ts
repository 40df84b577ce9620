import { toHex } from '../../../bytes/index.ts'
import { AuthenticationError } from '../../../errors/index.ts'
import type { Scope, Undo } from '../../../lifetime/index.ts'
import { wrapKinds, type NostrEvent, type RelayPool } from '../../../nostr/index.ts'
import type { Clock, Random } from '../../../runtime/index.ts'
import type { CarrierAddress, CarrierStream, StreamEnd, Topic } from '../../carrier.ts'
import { FramedStream } from '../framing/index.ts'
import { maxDataBytes, nameBytes, type Cell } from './cells.ts'
import { MailKey } from './mail-key.ts'
import { MailLimit } from './mail-limit.ts'
import { ReliablePipe, windowPieces, type PipeCell } from './reliable-pipe.ts'

type Bytes = Uint8Array<ArrayBuffer>

export type Accept = (stream: CarrierStream) => void

export interface CorrespondencePorts {
  readonly pool: RelayPool
  readonly clock: Clock
  readonly random: Random
  /** Ends with this correspondence. */
  readonly scope: Scope
}

/** Streams that others may have open towards us at once. */
const maxIncomingStreams = 128
/** Streams that are over and whose late mail is known for what it is. */
const maxOldStreams = 1_024

/** What streams that come to one announcement belong to. */
interface Opening {
  readonly topic: Topic
  readonly accept: Accept
  readonly taken: () => void
  readonly released: () => void
}

interface Post {
  readonly pipe: ReliablePipe
  readonly stream: FramedStream
}

/**
 * Everything under way while relays are connected: mailboxes, questions and streams, under keys that are made for it. Gone with the last relay:
 * the next one begins with other keys, so that nobody links the two.
 */
export class Correspondence {
  readonly #ports: CorrespondencePorts
  /** Where answers to us go: a key for each topic, so that nobody who knows two topics sees that we stand under both. */
  readonly #returns = new Map<string, MailKey>()
  readonly #questions = new Map<string, (address: CarrierAddress) => void>()
  readonly #streams = new Map<string, Post>()
  readonly #old = new Set<string>()
  readonly #limit: MailLimit
  #incoming = 0

  constructor(ports: CorrespondencePorts) {
    this.#ports = ports
    this.#limit = new MailLimit(ports.clock)
  }

  onEnd(undo: Undo): Undo {
    return this.#ports.scope.onEnd(undo)
  }

  /** Stands under a topic until the undo, at an address of its own. */
  announce(topic: Topic, accept: Accept): { readonly address: CarrierAddress; readonly undo: Undo } {
    const { random, scope } = this.#ports
    const own = MailKey.fresh(random)
    const standing = scope.child()
    /** Outlives the announcement while streams that came by it live. */
    const reading = scope.child()
    let streams = 0
    const settle = (): void => {
      if (standing.ended && streams === 0) reading.end()
    }
    standing.onEnd(settle)
    const opening: Opening = {
      topic,
      accept,
      taken: () => {
        streams += 1
      },
      released: () => {
        streams -= 1
        settle()
      },
    }
    void MailKey.ofTopic(topic).then((mailbox) => {
      if (standing.ended) return
      standing.onEnd(
        this.#listen(mailbox, (cell) => {
          if (cell.kind === 'seek') this.#answer(cell.name, cell.replyTo, own.address)
        }),
      )
      reading.onEnd(
        this.#listen(own, (cell) => {
          if (cell.kind !== 'open') this.#pass(cell)
          else if (!standing.ended || this.#streams.has(toHex(cell.name)))
            this.#opened(cell.name, cell.replyTo, opening)
        }),
      )
    })
    return {
      address: own.address,
      undo: () => {
        standing.end()
      },
    }
  }

  /** Asks who stands under a topic. */
  async seek(
    topic: Topic,
    found: (address: CarrierAddress) => void,
  ): Promise<{ readonly repeat: () => void; readonly forget: Undo }> {
    const mailbox = await MailKey.ofTopic(topic)
    const name = this.#ports.random.bytes(nameBytes)
    this.#questions.set(toHex(name), found)
    const ask = (): void => {
      this.#send(MailKey.fresh(this.#ports.random), mailbox.name, {
        kind: 'seek',
        name,
        replyTo: this.#returnTo(topic).address,
      })
    }
    ask()
    return { repeat: ask, forget: () => this.#questions.delete(toHex(name)) }
  }

  /** Opens a stream at once; it ends `unreachable` if nobody answers. Undefined if this can be nobody's address. */
  dial(topic: Topic, address: CarrierAddress): CarrierStream | undefined {
    const { random } = this.#ports
    const name = random.bytes(nameBytes)
    const author = MailKey.fresh(random)
    const recipient = toHex(address)
    const open = (): boolean =>
      this.#send(author, recipient, { kind: 'open', name, replyTo: this.#returnTo(topic).address })
    if (!open()) return undefined
    const { stream, pipe } = this.#stream(name, topic, author, recipient, open, () => undefined)
    pipe.expectAnswer()
    return stream
  }

  /** Tells the other ends; nothing is under way afterwards. */
  close(): void {
    for (const { pipe, stream } of [...this.#streams.values()]) {
      pipe.leave()
      stream.end('carrier-lost')
    }
    this.#ports.scope.end()
  }

  /** The last relay is gone. */
  lost(): void {
    for (const { pipe, stream } of [...this.#streams.values()]) {
      pipe.drop()
      stream.end('carrier-lost')
    }
    this.#ports.scope.end()
  }

  #returnTo(topic: Topic): MailKey {
    const known = this.#returns.get(toHex(topic))
    if (known !== undefined) return known
    const key = MailKey.fresh(this.#ports.random)
    this.#returns.set(toHex(topic), key)
    this.#ports.scope.onEnd(
      this.#listen(key, (cell) => {
        if (cell.kind === 'here') this.#questions.get(toHex(cell.name))?.(cell.address)
        else this.#pass(cell)
      }),
    )
    return key
  }

  #answer(name: Bytes, replyTo: Bytes, address: Bytes): void {
    this.#send(MailKey.fresh(this.#ports.random), toHex(replyTo), { kind: 'here', name, address })
  }

  #opened(name: Bytes, replyTo: Bytes, { topic, accept, taken, released }: Opening): void {
    const known = this.#streams.get(toHex(name))
    if (known !== undefined) {
      known.pipe.take({ kind: 'probe' })
      return
    }
    if (this.#old.has(toHex(name)) || this.#incoming >= maxIncomingStreams) return
    this.#incoming += 1
    taken()
    const author = MailKey.fresh(this.#ports.random)
    const { stream, pipe } = this.#stream(
      name,
      topic,
      author,
      toHex(replyTo),
      () => undefined,
      () => {
        this.#incoming -= 1
        released()
      },
    )
    pipe.take({ kind: 'probe' })
    accept(stream)
  }

  #stream(
    name: Bytes,
    topic: Topic,
    author: MailKey,
    recipient: string,
    unanswered: () => void,
    released: () => void,
  ): Post {
    const id = toHex(name)
    const end = (why: StreamEnd): void => {
      stream.end(why)
    }
    const pipe: ReliablePipe = new ReliablePipe({
      clock: this.#ports.clock,
      transmit: (cell) => {
        this.#send(author, recipient, { ...cell, name })
      },
      unanswered,
      received: (bytes) => {
        stream.receive(bytes)
      },
      ended: () => {
        end('remote')
      },
      failed: (ever) => {
        end(ever ? 'carrier-lost' : 'unreachable')
      },
      released: () => {
        if (!this.#streams.delete(id)) return
        this.#remember(id)
        released()
      },
    })
    const stream = new FramedStream('nostr', topic, pipe, windowPieces * maxDataBytes)
    const post = { pipe, stream }
    this.#streams.set(id, post)
    return post
  }

  #pass(cell: Cell): void {
    if (cell.kind === 'seek' || cell.kind === 'here' || cell.kind === 'open') return
    this.#streams.get(toHex(cell.name))?.pipe.take(cell satisfies PipeCell)
  }

  /** Reads the mail of this key until the undo. */
  #listen(to: MailKey, heard: (cell: Cell) => void): Undo {
    const filter = { kinds: [wrapKinds.ephemeral], '#p': [to.name] }
    return this.#ports.pool.subscribe([filter], {
      event: (event) => {
        // A first letter costs a key agreement; whoever writes on costs little.
        if (!isFor(event, to.name) || (!to.knows(event.pubkey) && !this.#limit.take())) return
        const cell = to.open(event)
        if (cell !== undefined) heard(cell)
      },
    })
  }

  /** False if this can be nobody's key. What no relay takes is sent again, or is not. */
  #send(author: MailKey, recipient: string, cell: Cell): boolean {
    const { pool, clock, random } = this.#ports
    let event: NostrEvent
    try {
      event = author.wrap(cell, recipient, { clock, random })
    } catch (error) {
      if (error instanceof AuthenticationError) return false
      throw error
    }
    pool.publishSome(event).catch(() => undefined)
    return true
  }

  #remember(id: string): void {
    this.#old.add(id)
    for (const oldest of this.#old) {
      if (this.#old.size <= maxOldStreams) break
      this.#old.delete(oldest)
    }
  }
}

function isFor({ tags }: NostrEvent, name: string): boolean {
  return tags.some(([tag, value]) => tag === 'p' && value === name)
}
