import { concat, utf8 } from '../bytes/index.ts'
import { pad, unpad } from '../codec/index.ts'
import { aeadNonceBytes, aeadOpen, aeadSeal } from '../crypto/index.ts'
import { CodecError } from '../errors/index.ts'
import type { RoomKeys } from '../link/index.ts'
import type { Random } from '../runtime/index.ts'
import { maxFrameBytes, type CarrierStream } from '../signalling/index.ts'
import { maxEnvelopeBytes, minFrameBytes, minPaddedBytes } from './limits.ts'
import type { ChannelRole } from './secure-channel.ts'

const context = utf8('p2pigeon/v1/envelope')

/** Directions are part of what is authenticated: a frame that comes back to its sender does not open. */
const directionCode: Readonly<Record<ChannelRole, number>> = { initiator: 1, responder: 2 }

/**
 * The outer wrapping of every frame: nonce(12) || AES-256-GCM(padded content). Its key follows from the room link, so a
 * carrier sees no Noise message, and who lacks the link cannot make us compute anything but one failing open.
 *
 * Nonces are random because all members share the key and keep no common counter: 2^32 frames, over all members and the
 * life of a link, keep the chance of a repetition below 2^-32. A repetition would uncover padded Noise ciphertexts to the
 * carrier, nothing inside them. Replay is the business of Noise.
 */
export class Envelope {
  readonly #key: CryptoKey
  readonly #random: Random
  readonly #sealAd: Uint8Array
  readonly #openAd: Uint8Array

  private constructor(key: CryptoKey, random: Random, topic: Uint8Array, role: ChannelRole) {
    const opposite = role === 'initiator' ? 'responder' : 'initiator'
    this.#key = key
    this.#random = random
    this.#sealAd = concat(context, topic, Uint8Array.of(directionCode[role]))
    this.#openAd = concat(context, topic, Uint8Array.of(directionCode[opposite]))
  }

  /** The envelope of one stream, seen from the end that plays `role`: the dialler is the initiator. */
  static async of(stream: CarrierStream, keys: RoomKeys, random: Random, role: ChannelRole): Promise<Envelope> {
    return new Envelope(await keys.envelopeKey(stream.carrier), random, stream.topic, role)
  }

  /**
   * A frame for the carrier.
   * @throws {UsageError} `too-long` if the content does not fit into a frame.
   */
  async seal(content: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    const nonce = this.#random.bytes(aeadNonceBytes)
    const padded = pad(content, minPaddedBytes, maxEnvelopeBytes)
    return concat(nonce, await aeadSeal(this.#key, nonce, this.#sealAd, padded))
  }

  /**
   * What the other end put into a frame. Sizes are checked before anything is copied.
   * @throws {AuthenticationError} `open-failed` if it was not sealed for this stream and direction.
   * @throws {CodecError} `bad-padding` if a holder of the key padded wrongly, `frame-size` if the size is impossible.
   */
  async open(frame: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    if (!isFrameSize(frame.length)) throw new CodecError('frame-size', 'no frame has this size')
    const nonce = frame.subarray(0, aeadNonceBytes)
    return unpad(await aeadOpen(this.#key, nonce, this.#openAd, frame.subarray(aeadNonceBytes)))
  }
}

/** True if a sealed frame can have this length. */
export function isFrameSize(length: number): boolean {
  return length >= minFrameBytes && length <= maxFrameBytes
}
