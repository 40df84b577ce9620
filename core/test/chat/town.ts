import {
  Messenger,
  type ChatLine,
  type ConversationId,
  type FileStore,
  type MessageView,
  type Slots,
} from '../../src/chat/index.ts'
import { Scope } from '../../src/lifetime/index.ts'
import { RelayPool, signerFromScalar, type NostrSigner } from '../../src/nostr/index.ts'
import type { IdentityId } from '../../src/identity/index.ts'
import { scalarOf } from '../../src/crypto/secp256k1/index.ts'
import { wsSockets } from '../../src/runtime/node/ws-sockets.ts'
import type { Clock, TextSockets } from '../../src/runtime/index.ts'
import { systemClock, webRandom } from '../../src/runtime/platform/index.ts'
import { startTestRelay, type TestRelay } from '../../src/testing/index.ts'

/** Slots in memory that outlive whoever uses them, as a disk does. */
export class Disk implements Slots {
  readonly slots = new Map<string, Uint8Array<ArrayBuffer>>()

  read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return Promise.resolve(this.slots.get(name)?.slice())
  }

  write(name: string, bytes: Uint8Array): Promise<void> {
    this.slots.set(name, new Uint8Array(bytes))
    return Promise.resolve()
  }

  remove(name: string): Promise<void> {
    this.slots.delete(name)
    return Promise.resolve()
  }
}

/** People, the relays of their town, and lines between those who are at home and not cut off. */
export class Town {
  readonly relays: TestRelay[] = []
  readonly people = new Map<string, Citizen>()
  /** Public names of relays, and where they are. */
  readonly names = new Map<string, string>()
  /** What everybody goes by but their connections. */
  clock: Clock = systemClock
  linesWork = true

  static async withRelays(count: number): Promise<Town> {
    const town = new Town()
    for (let index = 0; index < count; index++) town.relays.push(await startTestRelay())
    return town
  }

  citizen(name: string): Citizen {
    const citizen = new Citizen(name, this)
    this.people.set(citizen.signer.publicKey, citizen)
    return citizen
  }

  /** Relays are found by the names that they have here. */
  get sockets(): TextSockets {
    const sockets = wsSockets()
    return { connectText: (url, handlers) => sockets.connectText(this.names.get(url) ?? url, handlers) }
  }

  async close(): Promise<void> {
    for (const citizen of this.people.values()) citizen.goAway()
    for (const relay of this.relays) await relay.close()
  }
}

export class Citizen {
  readonly name: string
  readonly signer: NostrSigner
  readonly disk = new Disk()
  readonly contacts = new Set<string>()
  readonly blocked = new Set<string>()
  readonly received: string[] = []
  hasOtherDevices = false
  /** Relays that have not taken what was brought to them, each time. */
  readonly givenUp: string[] = []
  /** Where their files go. */
  store: FileStore | undefined
  readonly #town: Town
  #scope = new Scope()
  #messenger: Messenger | undefined
  #wake: () => void = () => undefined

  constructor(name: string, town: Town, signer = signerFromScalar(scalarOf(webRandom.bytes(48)))) {
    this.name = name
    this.#town = town
    this.signer = signer
  }

  /** Another device of the same person; nobody has lines to it. */
  otherDevice(): Citizen {
    const other = new Citizen(this.name, this.#town, this.signer)
    this.hasOtherDevices = true
    other.hasOtherDevices = true
    return other
  }

  get key(): string {
    return this.signer.publicKey
  }

  get messenger(): Messenger {
    if (this.#messenger === undefined) throw new Error(`${this.name} is away`)
    return this.#messenger
  }

  get isHome(): boolean {
    return this.#messenger !== undefined
  }

  knows(...others: readonly Citizen[]): void {
    for (const { key } of others) this.contacts.add(key)
  }

  async comeHome(urls = this.#town.relays.map(({ url }) => url)): Promise<void> {
    this.#scope = new Scope()
    const scope = this.#scope
    const common = { random: webRandom, scope, signer: this.signer }
    const relays = new RelayPool({ ...common, clock: systemClock, urls, sockets: this.#town.sockets })
    const publish = relays.publish.bind(relays)
    relays.publish = async (event, at) => {
      const outcomes = await publish(event, at)
      for (const { url, accepted } of outcomes) if (!accepted) this.givenUp.push(url)
      return outcomes
    }
    this.#messenger = await Messenger.open({
      ...common,
      clock: this.#town.clock,
      slots: this.disk,
      relays,
      store: this.store,
      who: (key) => {
        const known = this.#town.people.get(key)
        if (known === undefined || !this.contacts.has(key)) return undefined
        return { id: key as IdentityId, name: known.name, devices: 1, blocked: this.blocked.has(key) }
      },
      seek: (key, opened) => this.#seek(key, opened),
      hasOtherDevices: () => this.hasOtherDevices,
    })
    this.#messenger.on('received', (_, { content }) => this.received.push(content))
    this.#messenger.on('changed', () => {
      this.#wake()
    })
  }

  goAway(): void {
    this.#scope.end()
    this.#messenger = undefined
  }

  /** Resolves as soon as `holds` does, looked at whenever something of this person's changes. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => (this.#wake = resolve))
  }

  contents(id: ConversationId): string[] {
    return this.messenger.messages(id).map(({ content }) => content)
  }

  message(id: ConversationId, content: string): MessageView | undefined {
    return this.messenger.messages(id).find((message) => message.content === content)
  }

  /** A line to somebody who is at home and a contact, both ways. */
  #seek(key: string, opened: (line: ChatLine) => void): () => void {
    const other = this.#town.people.get(key)
    let over = false
    queueMicrotask(() => {
      if (over || other?.isHome !== true || !this.#town.linesWork || !other.contacts.has(this.key)) return
      const [here, there] = linePair(this, other)
      other.messenger.take(there)
      opened(here)
    })
    return () => {
      over = true
    }
  }
}

function linePair(one: Citizen, other: Citizen): [ChatLine, ChatLine] {
  const handlers: (Parameters<ChatLine['listen']>[0] | undefined)[] = [undefined, undefined]
  const waiting: Uint8Array[][] = [[], []]
  let over = false
  const end = (index: number, key: string): ChatLine => ({
    key,
    send: (message) => {
      if (over) return
      const copy = message.slice()
      queueMicrotask(() => {
        const target = handlers[1 - index]
        if (target === undefined) waiting[1 - index]?.push(copy)
        else target.heard(copy)
      })
    },
    listen: (own) => {
      handlers[index] = own
      for (const message of waiting[index]?.splice(0) ?? []) own.heard(message)
    },
    close: () => {
      if (over) return
      over = true
      handlers[1 - index]?.lost()
    },
  })
  return [end(0, other.key), end(1, one.key)]
}

/** A clock that goes so many times faster than another. */
export function hurried(clock: Clock, times: number): Clock {
  const beganMs = clock.now()
  return {
    now: () => beganMs + (clock.now() - beganMs) * times,
    after: (delayMs, run) => clock.after(delayMs / times, run),
  }
}
