import type { PrivacyLevel } from '../ice/index.ts'
import type { CarrierName, Topic } from '../signalling/index.ts'

/** Lengths of a link's parts in bytes. */
export const roomIdBytes = 16
export const secretBytes = 32
export const fingerprintBytes = 16
export const anchorBytes = 32
export const tokenBytes = 16

/** What a room link says. The secret in it is the whole right to enter: treat it like a key. */
export interface RoomLink {
  readonly roomId: Uint8Array<ArrayBuffer>
  readonly secret: Uint8Array<ArrayBuffer>
  /** First 16 bytes of SHA-256 over the host's Ed25519 room key. */
  readonly hostFingerprint: Uint8Array<ArrayBuffer>
  readonly policy: RoomPolicy
  /** Where the room's history stood when the link was made; undefined for a room without one, as every room begins. */
  readonly history: LinkHistory | undefined
}

/** Decisions of the host that a newcomer must be shown, and the right to come in by them. */
export interface LinkHistory {
  /** How often the room secret had been replaced. */
  readonly epoch: number
  /** Hash of the latest entry of the control log: whoever joins by this link trusts no log without it. */
  readonly anchor: Uint8Array<ArrayBuffer>
  /** Opens the room to its holder on the terms of an invite in the log. */
  readonly token: Uint8Array<ArrayBuffer> | undefined
}

/**
 * Fixed when the room is made and carried in the link. Every key of the room depends on it: whoever changes it in a link
 * gets another room, so nobody can loosen it for others.
 */
export interface RoomPolicy {
  readonly privacy: PrivacyLevel
  /** Data travels in cells of one size at one pace, whether there is something to say or not. */
  readonly constantRate: boolean
  /** Each member's device keeps what is said in the chat, sealed, until its owner deletes it there. Without it nothing of the chat is written. */
  readonly keepChat: boolean
}

/** What a new room has unless somebody chooses otherwise. */
export const standardPolicy: RoomPolicy = { privacy: 'standard', constantRate: false, keepChat: false }

/** Everything a device derives from a room link (security notes in SECURITY.md, "Room keys"). */
export interface RoomKeys {
  readonly roomId: Uint8Array<ArrayBuffer>
  /** Names the room on this device and in the API: base64url of the room id. Not secret. */
  readonly roomName: string
  /** Topic of a carrier in the day window that holds `nowMs`, and the next or previous one by `offset`. */
  topic(carrier: CarrierName, nowMs: number, offset?: -1 | 0 | 1): Promise<Topic>
  /** AES-256-GCM key of the outer envelope on this carrier. */
  envelopeKey(carrier: CarrierName): Promise<CryptoKey>
  readonly policy: RoomPolicy
  /** Noise PSK, 32 bytes. */
  readonly psk: Uint8Array<ArrayBuffer>
  /** Where the room's control log begins: SHA-256 over everything that a link fixes for ever. 32 bytes. */
  readonly logRoot: Uint8Array<ArrayBuffer>
  /** SHA-256 over the topic root: binds the room into the Noise prologue. */
  readonly topicRootHash: Uint8Array<ArrayBuffer>
  /** True if the Ed25519 key is the host's that the link pins; constant time. */
  isHost(publicKey: Uint8Array): Promise<boolean>
}
