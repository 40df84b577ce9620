import type { Clock } from '@p2pigeon/core/node'
import { Authenticator, Nonces, Strangers, type PeerPolicy } from './access/index.ts'
import type { TurnLimits } from './limits.ts'
import {
  Allocation,
  AllocationTable,
  Forwarder,
  openRelaySocket,
  type OpenSlot,
  type RelayAddress,
  type TurnClient,
} from './relay/index.ts'
import { addressAttribute, bindingReply, errorReply, notUnderstoodReply, successReply } from './replies.ts'
import {
  askedLifetime,
  channelBind,
  createPermission,
  judgeAllocate,
  lifetimeAttribute,
  refresh,
  type Outcome,
} from './requests.ts'
import {
  attributeTypes,
  decodeChannelData,
  decodeMessage,
  decodeXorAddress,
  looksLikeChannelData,
  methods,
  notUnderstood,
  valueOf,
  type Integrity,
  type StunMessage,
} from './stun/index.ts'

/** Public: part of every challenge. */
export const realm = 'p2pigeon'

/** How often expired allocations are looked for; what is expired serves nobody even before. */
const sweepMs = 1_000

export interface TurnServerOptions {
  readonly clock: Clock
  readonly limits: TurnLimits
  readonly secret: Uint8Array
  readonly relays: readonly RelayAddress[]
  readonly policy: PeerPolicy
}

/** Counts only: nothing here names a client or a peer. */
export interface TurnStats {
  readonly allocations: number
  /** Payload since the start. */
  readonly relayedBytes: number
  /** Messages dropped unread since the start, because their source or all strangers together sent too many. */
  readonly droppedMessages: number
}

/** Who asked, with what protection the answer goes back. */
interface Asked {
  readonly message: StunMessage
  readonly client: TurnClient
  readonly username: string
  readonly integrity: Integrity
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** STUN and TURN for the messages of any transport (RFC 8489, RFC 8656). Owns allocations and their relay sockets. */
export class TurnServer {
  readonly #options: TurnServerOptions
  readonly #table: AllocationTable
  readonly #forwarder: Forwarder
  readonly #authenticator: Authenticator
  readonly #strangers: Strangers
  #stopSweeping: () => void = () => undefined
  #droppedMessages = 0
  #closed = false

  constructor(options: TurnServerOptions) {
    const { clock, limits, secret } = options
    this.#options = options
    this.#table = new AllocationTable(limits)
    this.#forwarder = new Forwarder(this.#table, limits, clock)
    this.#authenticator = new Authenticator({ realm, secret, clock, nonces: new Nonces(clock, limits.nonceMs) })
    this.#strangers = new Strangers(limits, clock)
    this.#sweepLater()
  }

  stats(): TurnStats {
    return {
      allocations: this.#table.size,
      relayedBytes: this.#forwarder.relayedBytes,
      droppedMessages: this.#droppedMessages,
    }
  }

  /** True while this 5-tuple holds an allocation, or one is being made. */
  holds(clientKey: string): boolean {
    return this.#table.get(clientKey) !== undefined
  }

  /** Takes one whole message of the 5-tuple `clientKey`; `client` is asked for only when there is no allocation yet. */
  receive(bytes: Buffer, clientKey: string, client: () => TurnClient): void {
    if (this.#closed || bytes.length > this.#options.limits.maxMessageBytes) return
    const known = this.#live(clientKey)
    if (looksLikeChannelData(bytes)) {
      if (known !== undefined) this.#channelData(known, bytes)
      return
    }
    const from = known?.allocation.client ?? client()
    if (known === undefined && !this.#admit(from)) return
    const message = decodeMessage(bytes)
    if (message === undefined) return
    if (message.class === 'indication') {
      if (known !== undefined && message.method === methods.send) this.#send(known, message)
    } else if (message.class === 'request' && bytes.length <= this.#options.limits.maxRequestBytes) {
      this.#request(message, from, known)
    }
  }

  /** The stream of this 5-tuple is gone, and its allocation with it. */
  left(clientKey: string): void {
    this.#table.remove(clientKey)
  }

  close(): void {
    this.#closed = true
    this.#stopSweeping()
    this.#table.clear()
  }

  #live(clientKey: string): OpenSlot | undefined {
    const slot = this.#table.get(clientKey)
    if (slot?.kind !== 'open') return undefined
    if (!slot.allocation.expired) return slot
    this.#table.remove(clientKey)
    return undefined
  }

  #channelData(slot: OpenSlot, bytes: Buffer): void {
    const framed = decodeChannelData(bytes)
    const peer = framed === undefined ? undefined : slot.allocation.peerOf(framed.channel)
    if (framed !== undefined && peer !== undefined) this.#forwarder.toPeer(slot, peer, framed.data)
  }

  // RFC 8656 section 11.2. It is not authenticated: whoever forges it can only send where its client already may.
  #send(slot: OpenSlot, message: StunMessage): void {
    const address = valueOf(message, attributeTypes.xorPeerAddress)
    const data = valueOf(message, attributeTypes.data)
    if (address === undefined || data === undefined || notUnderstood(message).length > 0) return
    const peer = decodeXorAddress(address, message.transactionId)
    if (peer !== undefined && peer.port !== 0) this.#forwarder.toPeer(slot, peer, data)
  }

  #request(message: StunMessage, client: TurnClient, slot: OpenSlot | undefined): void {
    if (message.method === methods.binding) {
      client.send(bindingReply(message, client.address))
      return
    }
    const judged = this.#authenticator.judge(message, client.key, slot?.username)
    if (judged.kind === 'refused') {
      // A known 5-tuple has not passed the gate for strangers yet; its source may be forged all the same.
      if (slot !== undefined && !this.#admit(client)) return
      client.send(errorReply(message, judged.code, judged.attributes))
      return
    }
    const asked: Asked = { message, client, username: judged.username, integrity: judged.integrity }
    const unknown = notUnderstoodReply(message, judged.integrity)
    if (unknown !== undefined) {
      client.send(unknown)
    } else if (message.method === methods.allocate) {
      void this.#allocate(asked)
    } else if (slot === undefined) {
      this.#answer(asked, { kind: 'refused', code: 437 })
    } else if (slot.username !== judged.username) {
      this.#answer(asked, { kind: 'refused', code: 441 })
    } else {
      this.#change(asked, slot)
    }
  }

  #change(asked: Asked, slot: OpenSlot): void {
    const { message } = asked
    const { allocation } = slot
    const rules = { policy: this.#options.policy, table: this.#table }
    switch (message.method) {
      case methods.refresh: {
        const outcome = refresh(message, allocation)
        if (outcome.kind === 'done' && askedLifetime(message) === 0) this.#table.remove(allocation.client.key)
        this.#answer(asked, outcome)
        return
      }
      case methods.createPermission:
        this.#answer(asked, createPermission(message, allocation, rules))
        return
      case methods.channelBind:
        this.#answer(asked, channelBind(message, allocation, rules))
        return
      default:
        this.#answer(asked, { kind: 'refused', code: 400 })
    }
  }

  async #allocate(asked: Asked): Promise<void> {
    const { message, client, username } = asked
    const slot = this.#table.get(client.key)
    if (slot?.kind === 'opening') return
    const transactionId = hex(message.transactionId)
    if (slot !== undefined) {
      if (slot.transactionId === transactionId && slot.username === username) client.send(slot.answer)
      else this.#answer(asked, { kind: 'refused', code: 437 })
      return
    }
    const judged = judgeAllocate(message, this.#options.relays)
    if (judged.kind === 'refused') {
      this.#answer(asked, judged)
      return
    }
    const reserved = this.#table.reserve(client, username)
    if (reserved !== 'reserved') {
      this.#answer(asked, { kind: 'refused', code: reserved })
      return
    }
    try {
      await this.#open(asked, judged.relay, transactionId)
    } catch {
      // The system has no port or no file left.
      this.#table.remove(client.key)
      if (!this.#closed) this.#answer(asked, { kind: 'refused', code: 508 })
    }
  }

  async #open(asked: Asked, relay: RelayAddress, transactionId: string): Promise<void> {
    const { message, client, username } = asked
    const { limits, clock } = this.#options
    const opened: { slot?: OpenSlot | undefined } = {}
    const socket = await openRelaySocket(
      relay,
      {
        received: (data, from) => {
          if (opened.slot !== undefined) this.#forwarder.toClient(opened.slot, from, data)
        },
        failed: () => {
          if (opened.slot !== undefined) this.#table.remove(client.key)
        },
      },
      limits.maxQueuedBytes,
    )
    const allocation = new Allocation({ client, username, relayed: socket.address }, limits, clock)
    const lifetimeMs = allocation.refresh(askedLifetime(message))
    const answer = successReply(
      message,
      [
        addressAttribute(attributeTypes.xorRelayedAddress, socket.address, message),
        lifetimeAttribute(lifetimeMs),
        addressAttribute(attributeTypes.xorMappedAddress, client.address, message),
      ],
      asked.integrity,
    )
    if (!this.#table.open({ allocation, socket, transactionId, answer })) {
      socket.close()
      return
    }
    const slot = this.#table.get(client.key)
    opened.slot = slot?.kind === 'open' ? slot : undefined
    client.send(answer)
  }

  #answer({ message, client, integrity }: Asked, outcome: Outcome): void {
    client.send(
      outcome.kind === 'done'
        ? successReply(message, outcome.attributes, integrity)
        : errorReply(message, outcome.code, [], integrity),
    )
  }

  #admit(client: TurnClient): boolean {
    if (this.#strangers.admit(client.address.address)) return true
    this.#droppedMessages += 1
    return false
  }

  #sweepLater(): void {
    this.#stopSweeping = this.#options.clock.after(sweepMs, () => {
      this.#table.removeExpired()
      this.#sweepLater()
    })
  }
}
