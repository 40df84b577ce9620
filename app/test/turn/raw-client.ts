import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import { longTermKey } from '../../src/turn/access/index.ts'
import {
  attributeTypes,
  channelHeader,
  decodeMessage,
  decodeXorAddress,
  encodeMessage,
  encodeXorAddress,
  errorCodeOf,
  looksLikeStun,
  methods,
  numberAttribute,
  numberOf,
  StreamSplitter,
  textAttribute,
  textOf,
  valueOf,
  verifyIntegrity,
  type StunAttribute,
  type StunMessage,
  type TransportAddress,
} from '../../src/turn/stun/index.ts'

export interface User {
  readonly username: string
  readonly credential: string
}

/** Bytes to and from a server, one whole message at a time. */
interface Wire {
  readonly local: TransportAddress
  send(message: Uint8Array): void
  /** Calls back with every message; the server's end of a stream is `undefined`. */
  listen(received: (message: Buffer | undefined) => void): void
  close(): Promise<void>
}

async function udpWire(port: number, address: string): Promise<Wire> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
  socket.connect(port, address)
  await once(socket, 'connect')
  const local = socket.address()
  return {
    local: { family: address.includes(':') ? 6 : 4, address: local.address, port: local.port },
    send: (message) => socket.send(message),
    listen: (received) => {
      socket.on('message', received)
      socket.on('error', () => undefined)
    },
    close: () => new Promise((closed) => socket.close(() => closed())),
  }
}

async function tcpWire(port: number, address: string): Promise<Wire> {
  const socket = connect(port, address)
  await once(socket, 'connect')
  return {
    local: { family: address.includes(':') ? 6 : 4, address: socket.localAddress!, port: socket.localPort! },
    send: (message) => {
      socket.write(message)
      // only ChannelData may have a length that is no multiple of four
      if (message.length % 4 > 0) socket.write(Buffer.alloc(4 - (message.length % 4)))
    },
    listen: (received) => {
      const splitter = new StreamSplitter(70_000)
      socket.on('data', (bytes) => {
        for (const message of splitter.push(bytes) ?? []) received(message)
      })
      socket.on('error', () => undefined)
      socket.on('close', () => received(undefined))
    },
    close: async () => {
      if (socket.destroyed) return
      socket.destroy()
      await once(socket, 'close')
    },
  }
}

export interface RequestOptions {
  /** Signs the request; by default the client's user, with `undefined` nobody. */
  readonly user?: User | undefined
  readonly algorithm?: 'sha1' | 'sha256'
  readonly nonce?: string
  readonly transactionId?: Uint8Array
}

/** A reply, with what tests ask of it. */
export interface Reply {
  readonly message: StunMessage
  /** 0 for a success. */
  readonly code: number
  /** Signed with the user's key. */
  readonly signed: boolean
}

const waitMs = 5_000

/** A client that sends exactly what it is told, and waits for facts. */
export class RawClient {
  readonly #wire: Wire
  readonly #inbox: (Buffer | undefined)[] = []
  readonly #user: User | undefined
  #wake: () => void = () => undefined
  realm = ''
  nonce = ''

  private constructor(wire: Wire, user: User | undefined) {
    this.#wire = wire
    this.#user = user
    wire.listen((message) => {
      this.#inbox.push(message)
      this.#wake()
    })
  }

  static async dial(transport: 'udp' | 'tcp', port: number, user?: User, address = '127.0.0.1'): Promise<RawClient> {
    return new RawClient(await (transport === 'udp' ? udpWire : tcpWire)(port, address), user)
  }

  get local(): TransportAddress {
    return this.#wire.local
  }

  send(bytes: Uint8Array): void {
    this.#wire.send(bytes)
  }

  /** The first message, past or future, that `accept` makes something of. Others stay. */
  async #first<T>(what: string, accept: (message: Buffer | undefined) => T | undefined): Promise<T> {
    const deadline = Date.now() + waitMs
    for (;;) {
      for (const [index, message] of this.#inbox.entries()) {
        const value = accept(message)
        if (value === undefined) continue
        this.#inbox.splice(index, 1)
        return value
      }
      const leftMs = deadline - Date.now()
      if (leftMs <= 0) throw new Error(`The server never sent ${what}`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  async request(
    method: number,
    attributes: readonly StunAttribute[] = [],
    options: RequestOptions = {},
  ): Promise<Reply> {
    const user = 'user' in options ? options.user : this.#user
    const { algorithm = 'sha1', nonce = this.nonce, transactionId = randomBytes(12) } = options
    const key = user && longTermKey(user.username, this.realm, user.credential)
    const signed = user
      ? [
          ...attributes,
          textAttribute(attributeTypes.username, user.username),
          textAttribute(attributeTypes.realm, this.realm),
          textAttribute(attributeTypes.nonce, nonce),
        ]
      : attributes
    const content = { class: 'request', method, transactionId, attributes: signed } as const
    this.send(encodeMessage(content, key ? { integrity: { algorithm, key } } : {}))
    const message = await this.#first('a reply', (bytes) => {
      const read = bytes && looksLikeStun(bytes) ? decodeMessage(bytes) : undefined
      return read && Buffer.compare(read.transactionId, transactionId) === 0 ? read : undefined
    })
    return {
      message,
      code: message.class === 'success' ? 0 : (errorCodeOf(message) ?? -1),
      signed: key !== undefined && verifyIntegrity(message, { algorithm, key }),
    }
  }

  /** Asks without credentials, and takes realm and nonce from the refusal. */
  async meet(): Promise<Reply> {
    const reply = await this.request(methods.allocate, [udpTransport], { user: undefined })
    this.realm = textOf(reply.message, attributeTypes.realm) ?? ''
    this.nonce = textOf(reply.message, attributeTypes.nonce) ?? ''
    return reply
  }

  /** Both steps of an allocation. @returns the relayed address. */
  async allocate(attributes: readonly StunAttribute[] = []): Promise<TransportAddress> {
    await this.meet()
    const reply = await this.request(methods.allocate, [udpTransport, ...attributes])
    const relayed = addressIn(reply.message, attributeTypes.xorRelayedAddress)
    if (relayed === undefined) throw new Error(`The allocation was refused with ${reply.code}`)
    return relayed
  }

  permit(...peers: readonly TransportAddress[]): Promise<Reply> {
    const transactionId = randomBytes(12)
    return this.request(
      methods.createPermission,
      peers.map((peer) => peerAttribute(peer, transactionId)),
      {
        transactionId,
      },
    )
  }

  bind(channel: number, peer: TransportAddress): Promise<Reply> {
    const transactionId = randomBytes(12)
    return this.request(
      methods.channelBind,
      [numberAttribute(attributeTypes.channelNumber, channel * 65_536), peerAttribute(peer, transactionId)],
      { transactionId },
    )
  }

  refresh(seconds?: number, options: RequestOptions = {}): Promise<Reply> {
    return this.request(methods.refresh, seconds === undefined ? [] : [lifetime(seconds)], options)
  }

  sendTo(peer: TransportAddress, data: Uint8Array): void {
    const transactionId = randomBytes(12)
    const attributes = [peerAttribute(peer, transactionId), { type: attributeTypes.data, value: data }]
    this.send(encodeMessage({ class: 'indication', method: methods.send, transactionId, attributes }))
  }

  sendOn(channel: number, data: Uint8Array): void {
    this.send(Buffer.concat([channelHeader(channel, data.length), data]))
  }

  /** The next Data indication. */
  data(): Promise<{ readonly peer: TransportAddress | undefined; readonly text: string }> {
    return this.#first('a Data indication', (bytes) => {
      const message = bytes && looksLikeStun(bytes) ? decodeMessage(bytes) : undefined
      if (message?.class !== 'indication') return undefined
      const text = Buffer.from(valueOf(message, attributeTypes.data) ?? []).toString()
      return { peer: addressIn(message, attributeTypes.xorPeerAddress), text }
    })
  }

  /** The next ChannelData. */
  channelData(): Promise<{ readonly channel: number; readonly text: string }> {
    return this.#first('ChannelData', (bytes) => {
      if (!bytes || looksLikeStun(bytes)) return undefined
      const text = bytes.subarray(4, 4 + bytes.readUInt16BE(2)).toString()
      return { channel: bytes.readUInt16BE(0), text }
    })
  }

  /** Everything sent before has been handled, as messages of one client are handled in order. @returns what came unasked. */
  async settled(): Promise<number> {
    await this.request(methods.binding, [], { user: undefined })
    return this.#inbox.length
  }

  /** The server has ended the stream. */
  ended(): Promise<true> {
    return this.#first('the end of the stream', (bytes) => (bytes === undefined ? true : undefined))
  }

  close(): Promise<void> {
    return this.#wire.close()
  }
}

export const udpTransport: StunAttribute = {
  type: attributeTypes.requestedTransport,
  value: Buffer.from([17, 0, 0, 0]),
}
export const lifetime = (seconds: number): StunAttribute => numberAttribute(attributeTypes.lifetime, seconds)

const peerAttribute = (peer: TransportAddress, transactionId: Uint8Array): StunAttribute => ({
  type: attributeTypes.xorPeerAddress,
  value: encodeXorAddress(peer, transactionId),
})

export function addressIn(message: StunMessage, type: number): TransportAddress | undefined {
  const value = valueOf(message, type)
  return value && decodeXorAddress(value, message.transactionId)
}

export const lifetimeIn = (message: StunMessage): number | undefined => numberOf(message, attributeTypes.lifetime)
