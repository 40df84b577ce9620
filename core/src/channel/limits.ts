import { aeadNonceBytes, aeadTagBytes } from '../crypto/index.ts'
import { maxFrameBytes } from '../signalling/index.ts'
import { tagBytes } from './noise/index.ts'

/** A whole handshake, proofs included: generous for a carrier with seconds of delay, short enough that stalled ones do not pile up. */
export const handshakeTimeoutMs = 10_000

/** Largest hello that travels in messages 2 and 3: a person's signed record of devices (2,048 bytes), and as much again for what follows. */
export const maxHelloBytes = 4_096

/** Padded size of what one envelope holds. */
export const maxEnvelopeBytes = maxFrameBytes - aeadNonceBytes - aeadTagBytes

/** Length field of the padding (codec `pad`). */
export const padPrefixBytes = 4

/** Smallest padding bucket; every frame is at least as long as one of these, sealed. */
export const minPaddedBytes = 256
export const minFrameBytes = aeadNonceBytes + padPrefixBytes + minPaddedBytes + aeadTagBytes

/** Padded size of a transport plaintext: what is left in an envelope for a Noise message, without its tag. */
export const maxTransportBytes = maxEnvelopeBytes - padPrefixBytes - tagBytes

/** Messages that wait for the first listener; a caller attaches one at once, so more is a flood. */
export const maxUndelivered = 64

/** Received frames not yet opened: twice the credit of a carrier stream, which is all that may honestly be under way. */
export const maxPendingBytes = 2 * 1024 * 1024

/** Messages that wait for the carrier to take earlier ones: whoever reads so slowly is as good as gone. */
export const maxWaitingBytes = 4 * 1024 * 1024

/** How long the last words may take to leave before the stream is closed under them. */
export const closeFlushMs = 1_000

/** Bounds of a transport session that a test makes small. */
export interface TransportLimits {
  /** Frames sealed under one key, the one that announces the next key included: far below any bound of AES-GCM. */
  readonly rekeyAfterFrames: number
  /** Age of a key: limits what a key stolen from memory opens of the past. */
  readonly rekeyAfterMs: number
  /** Nonces of one direction, over all its keys. Never reached in practice; the channel closes there. */
  readonly nonceLimit: bigint
  /** Shorter than the 30 s after which common NATs forget a mapping and proxies an idle connection. */
  readonly pingEveryMs: number
  /** Two pings may be lost, and 5 s are left for a slow road. */
  readonly silenceMs: number
}

export const standardLimits: TransportLimits = {
  rekeyAfterFrames: 2 ** 20,
  rekeyAfterMs: 10 * 60_000,
  nonceLimit: 2n ** 48n,
  pingEveryMs: 20_000,
  silenceMs: 45_000,
}
