import { signProof } from '../../src/channel/transport/channel-proof.ts'
import { Envelope } from '../../src/channel/envelope.ts'
import { FrameInbox } from '../../src/channel/frame-inbox.ts'
import {
  decodePayload,
  encodePayload,
  signBinding,
  type HandshakePayload,
} from '../../src/channel/handshake-payload.ts'
import type { ChannelContext, ChannelRole } from '../../src/channel/index.ts'
import { encodeCapabilities, ourCapabilities, prologueOf, type Choice } from '../../src/channel/negotiation.ts'
import { HandshakeState, webKeyPair, webSuite, XXpsk3, type Split } from '../../src/channel/noise/index.ts'
import { encodeTransport, type TransportMessage } from '../../src/channel/transport/transport-message.ts'
import { Reader, Writer } from '../../src/codec/index.ts'
import type { CarrierStream } from '../../src/signalling/index.ts'

const empty = new Uint8Array(0)

/** Where a scripted peer departs from the protocol. */
export interface Lies {
  /** The list that really travels in front of message 1. */
  readonly sentOffer?: Uint8Array<ArrayBuffer>
  readonly choice?: Choice
  /** Replaces fields of our handshake payload. */
  readonly payload?: Partial<HandshakePayload>
}

/** The other end with a will of its own: it speaks the protocol step by step, and lies where a test wants it to. */
export class ScriptedPeer {
  readonly #stream: CarrierStream
  readonly #context: ChannelContext
  readonly #role: ChannelRole
  readonly #lies: Lies
  readonly #inbox: FrameInbox
  #handshake: HandshakeState | undefined
  #transport: Split<undefined> | undefined

  constructor(stream: CarrierStream, context: ChannelContext, role: ChannelRole, lies: Lies = {}) {
    this.#stream = stream
    this.#context = context
    this.#role = role
    this.#lies = lies
    this.#inbox = new FrameInbox(stream)
  }

  async sendFirst(): Promise<void> {
    const offer = encodeCapabilities(ourCapabilities)
    await this.#begin(offer)
    const first = await this.handshake.writeMessage(empty)
    await this.write(
      new Writer()
        .bytes16(this.#lies.sentOffer ?? offer)
        .fixed(first)
        .finish(),
    )
  }

  async readFirst(): Promise<void> {
    const reader = new Reader(await this.read())
    await this.#begin(reader.bytes16(64))
    await this.handshake.readMessage(reader.fixed(reader.remaining))
  }

  async readPayload(): Promise<HandshakePayload> {
    return decodePayload(await this.handshake.readMessage(await this.read()))
  }

  /** Message 2 or 3. */
  async sendPayload(): Promise<void> {
    const { identity, keys, hello } = this.#context
    const s = await webKeyPair(identity.noiseStatic)
    const payload = {
      choice: this.#lies.choice ?? { version: 0x0100, suite: 0x0001 },
      publicKey: identity.publicKey,
      binding: await signBinding(identity, s.publicKey, keys.roomId),
      hello: hello(),
      ...this.#lies.payload,
    }
    await this.write(await this.handshake.writeMessage(encodePayload(payload)))
  }

  /** Both ends' handshake up to the last message, ours included. */
  async complete(): Promise<this> {
    if (this.#role === 'initiator') {
      await this.sendFirst()
      await this.readPayload()
      await this.sendPayload()
    } else {
      await this.readFirst()
      await this.sendPayload()
      await this.readPayload()
    }
    return this
  }

  async sendProof(role: ChannelRole = this.#role): Promise<void> {
    const signature = await signProof(this.#context.identity, this.handshake.handshakeHash(), role)
    await this.send({ kind: 'proof', signature })
  }

  async send(message: TransportMessage): Promise<void> {
    await this.sendPlaintext(encodeTransport([message]))
  }

  /** A transport message that is well sealed, whatever it says. */
  async sendPlaintext(plaintext: Uint8Array): Promise<void> {
    this.#transport ??= await this.handshake.split(2n ** 48n, () => undefined)
    await this.write(await this.#transport.send.encryptWithAd(empty, plaintext))
  }

  rekeySending(): void {
    this.#transport?.send.rekey()
  }

  async read(): Promise<Uint8Array<ArrayBuffer>> {
    return (await this.#envelope()).open(await this.#inbox.next())
  }

  async write(content: Uint8Array): Promise<void> {
    await this.#stream.send(await (await this.#envelope()).seal(content))
  }

  get handshake(): HandshakeState {
    if (this.#handshake === undefined) throw new Error('no handshake yet')
    return this.#handshake
  }

  async #begin(offer: Uint8Array): Promise<void> {
    const { keys, identity } = this.#context
    this.#handshake = await HandshakeState.initialize({
      suite: webSuite,
      pattern: XXpsk3,
      role: this.#role,
      prologue: await prologueOf(keys, offer, ourCapabilities.highestVersion),
      s: await webKeyPair(identity.noiseStatic),
      psks: [keys.psk],
    })
  }

  async #envelope(): Promise<Envelope> {
    return Envelope.of(this.#stream, this.#context.keys, this.#context.random, this.#role)
  }
}
