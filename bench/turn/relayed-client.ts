import { createHash, randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import {
  attributeTypes,
  channelHeader,
  decodeMessage,
  decodeXorAddress,
  encodeMessage,
  encodeXorAddress,
  looksLikeStun,
  methods,
  numberAttribute,
  StreamSplitter,
  textAttribute,
  textOf,
  valueOf,
  type StunAttribute,
  type StunMessage,
  type TransportAddress,
} from '../../app/src/turn/stun/index.ts'
import { BenchFault } from '../page/fault.ts'
import type { TurnContender } from './servers.ts'

export type Transport = 'udp' | 'tcp'

interface Wire {
  send(bytes: Uint8Array): void
  close(): void
}

const channel = 0x4000
const maxMessageBytes = 65_536

async function dialUdp(port: number, received: (message: Buffer) => void): Promise<Wire> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4_194_304, sendBufferSize: 4_194_304 })
  socket.on('message', received)
  socket.connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return { send: (bytes) => socket.send(bytes), close: () => socket.close() }
}

async function dialTcp(port: number, received: (message: Buffer) => void): Promise<Wire> {
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  await once(socket, 'connect')
  const splitter = new StreamSplitter(maxMessageBytes)
  socket.on('data', (bytes) => splitter.push(bytes)?.forEach(received))
  return { send: (bytes) => void socket.write(bytes), close: () => socket.destroy() }
}

/** A TURN client with one allocation and one channel; everything it does while measured is `send` and `onData`. */
export class RelayedClient {
  onData: (data: Uint8Array) => void = () => undefined
  relayed: TransportAddress | undefined
  readonly #server: TurnContender
  readonly #replies = new Map<string, (message: StunMessage) => void>()
  #wire: Wire | undefined
  #realm = ''
  #nonce = ''

  private constructor(server: TurnContender) {
    this.#server = server
  }

  /** Dials and allocates. @throws {BenchFault} when the server refuses. */
  static async open(server: TurnContender, transport: Transport): Promise<RelayedClient> {
    const client = new RelayedClient(server)
    const dial = transport === 'udp' ? dialUdp : dialTcp
    client.#wire = await dial(server.port, (message) => client.#received(message))
    const udp: StunAttribute = { type: attributeTypes.requestedTransport, value: Buffer.from([17, 0, 0, 0]) }
    const challenge = await client.#request(methods.allocate, () => [udp])
    client.#realm = textOf(challenge, attributeTypes.realm) ?? ''
    client.#nonce = textOf(challenge, attributeTypes.nonce) ?? ''
    const reply = await client.#request(methods.allocate, () => [udp])
    const value = valueOf(reply, attributeTypes.xorRelayedAddress)
    client.relayed = value && decodeXorAddress(value, reply.transactionId)
    if (!client.relayed) throw new BenchFault(`${server.name} refused an allocation`)
    return client
  }

  /** From now on `send` goes to that client. @throws {BenchFault} when the server refuses. */
  async bind({ relayed }: RelayedClient): Promise<void> {
    const reply = await this.#request(methods.channelBind, (id) => [
      numberAttribute(attributeTypes.channelNumber, channel * 65_536),
      ...(relayed ? [{ type: attributeTypes.xorPeerAddress, value: encodeXorAddress(relayed, id) }] : []),
    ])
    if (reply.class !== 'success') throw new BenchFault(`${this.#server.name} refused a channel`)
  }

  /** A frame for `send`; reuse it. The length must be a multiple of four. */
  static frame(data: Uint8Array): Buffer {
    return Buffer.concat([channelHeader(channel, data.length), data])
  }

  send(frame: Buffer): void {
    this.#wire?.send(frame)
  }

  close(): void {
    this.#wire?.close()
  }

  #received(message: Buffer): void {
    if (!looksLikeStun(message)) {
      this.onData(message.subarray(4))
      return
    }
    const read = decodeMessage(message)
    if (read) this.#replies.get(Buffer.from(read.transactionId).toString('hex'))?.(read)
  }

  #request(method: number, attributesFor: (transactionId: Uint8Array) => StunAttribute[]): Promise<StunMessage> {
    const { username, credential } = this.#server
    const transactionId = randomBytes(12)
    const attributes = attributesFor(transactionId)
    const key = createHash('md5').update(`${username}:${this.#realm}:${credential}`).digest()
    if (this.#nonce !== '') {
      attributes.push(
        textAttribute(attributeTypes.username, username),
        textAttribute(attributeTypes.realm, this.#realm),
        textAttribute(attributeTypes.nonce, this.#nonce),
      )
    }
    const content = { class: 'request', method, transactionId, attributes } as const
    return new Promise((resolve) => {
      this.#replies.set(transactionId.toString('hex'), resolve)
      this.send(encodeMessage(content, this.#nonce === '' ? {} : { integrity: { algorithm: 'sha1', key } }))
    })
  }
}
