import type { PeerId, RoomIdentity } from '../identity/index.ts'
import type { Undo } from '../lifetime/index.ts'
import type { RoomKeys } from '../link/index.ts'
import type { Clock, Random } from '../runtime/index.ts'

/**
 * Why a channel closed. Order is wire format: a reason travels as its index. `lost`, `violation` and `timeout` are
 * findings of one end, told to the other as far as there is still a way.
 */
export const closeReasons = [
  'left',
  'room-full',
  'duplicate',
  'kicked',
  'replaced',
  'refused',
  'lost',
  'violation',
  'timeout',
  'locked',
  'denied',
  'admitted',
  'ended',
] as const

export type CloseReason = (typeof closeReasons)[number]

export type ChannelRole = 'initiator' | 'responder'

/** The other end, proven: it holds the room secret, its X25519 static and its Ed25519 identity. */
export interface RemoteParty {
  readonly peerId: PeerId
  readonly publicKey: Uint8Array<ArrayBuffer>
  /** The other end's hello as its room layer wrote it; authenticated, at most 4,096 bytes. */
  readonly hello: Uint8Array<ArrayBuffer>
}

/** `proceed`, or the reason to stop: after message 2 the initiator falls silent, after message 3 the responder says why inside the channel. */
export type Verdict = { readonly kind: 'proceed' } | { readonly kind: 'stop'; readonly reason: CloseReason }

export interface ChannelContext {
  readonly keys: RoomKeys
  readonly identity: RoomIdentity
  /** Sent encrypted in message 2 (responder) or 3 (initiator); at most 4,096 bytes. Read when it is sent. */
  hello(): Uint8Array<ArrayBuffer>
  /** Judges the other end as soon as its binding is verified; must not have side effects beyond the verdict. */
  judge(remote: RemoteParty, role: ChannelRole): Verdict | Promise<Verdict>
  readonly clock: Clock
  readonly random: Random
  /** Ends the handshake. A channel that has been returned belongs to the caller and is closed by `close`. */
  readonly signal: AbortSignal
}

export interface ChannelEvents {
  /** One decrypted message, in order. Up to 64 that come before the first listener wait for it; one more closes the channel. */
  messageReceived: (message: Uint8Array<ArrayBuffer>) => void
  /** Exactly once; nothing follows it. */
  closed: (reason: CloseReason) => void
}

/** Largest message `send` takes, in bytes: a Noise message less tag, counter, type and padding. */
export const maxChannelMessageBytes = 61_440

/**
 * An authenticated, encrypted, ordered pipe of messages over one carrier stream (Noise_XXpsk3_25519_AESGCM_SHA256).
 * Every plaintext is padded to a bucket before it is sealed.
 */
export interface SecureChannel {
  readonly role: ChannelRole
  readonly remote: RemoteParty
  /**
   * Resolves when the other end's Ed25519 proof over the handshake hash has been verified (the initiator may send
   * before, but must not act on anything that it receives before). Rejects if the channel closes first.
   */
  readonly proven: Promise<void>
  /** 32 bytes bound to this handshake and `label`, the same at both ends, known to nobody else. */
  exportKey(label: string): Promise<Uint8Array<ArrayBuffer>>
  /**
   * Seals and sends, in the order of calls.
   * @throws {LimitError} `message-size` above `maxChannelMessageBytes`.
   */
  send(message: Uint8Array): void
  on<K extends keyof ChannelEvents>(event: K, listener: ChannelEvents[K]): Undo
  /** Tells the other end the reason inside the channel, then ends the stream. */
  close(reason: CloseReason): void
}
