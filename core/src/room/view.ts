import type { PeerId } from '../identity/index.ts'
import type { RoomPolicy } from '../link/index.ts'
import type { MediaState } from '../media/index.ts'
import type { CarrierState } from '../signalling/index.ts'
import type { Exposure } from './exposure-view.ts'

/** Where this device stands in the room. */
export type RoomState =
  /** Looking for others: a first search has not ended yet. */
  | { readonly kind: 'joining' }
  | { readonly kind: 'joined' }
  /** The room holds `maxParticipants` already. */
  | { readonly kind: 'full' }
  | { readonly kind: 'removed' }
  | { readonly kind: 'left' }

/** How one participant is reached at this moment. */
export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  | { readonly kind: 'reconnecting'; readonly sinceMs: number; readonly attempt: number }

export interface ParticipantView {
  readonly peerId: PeerId
  /** As the participant wrote it; at most 64 characters, control and bidi characters removed. Never empty. */
  readonly name: string
  readonly isHost: boolean
  readonly connection: ConnectionState
  readonly media: MediaState
  /** True while this device drops the participant's sound. */
  readonly mutedHere: boolean
  /** Microphone and camera, one stream; the same object as long as the tracks are the same. */
  readonly stream: MediaStream | undefined
  readonly screenStream: MediaStream | undefined
}

export interface SelfView {
  readonly peerId: PeerId
  readonly name: string
  readonly isHost: boolean
  readonly media: MediaState
}

/** How far a message that we sent has come. `waiting` names nobody: it counts participants that have not acknowledged. */
export type DeliveryState =
  | { readonly kind: 'received' }
  /** Nobody else was here to get it; it is kept and sent to the first who comes. */
  | { readonly kind: 'queued' }
  | { readonly kind: 'sending'; readonly acknowledged: number; readonly waiting: number }
  | { readonly kind: 'delivered'; readonly acknowledged: number }

export interface MessageView {
  /** Unique in the room and the same for everyone: sender, its page load, its count. */
  readonly id: string
  readonly from: PeerId
  readonly fromName: string
  readonly own: boolean
  readonly content: string
  /** Sender's clock, Unix milliseconds: shown, never used for order. */
  readonly sentAtMs: number
  readonly delivery: DeliveryState
}

/** An immutable picture of the room; a new object after every change, unchanged parts keep their identity. */
export interface RoomView {
  readonly state: RoomState
  /** As the link fixes it. */
  readonly policy: RoomPolicy
  readonly carrier: CarrierState
  readonly self: SelfView
  /** Others, in the order in which they joined. */
  readonly participants: readonly ParticipantView[]
  /** In causal order (Lamport clock, then sender), oldest first; the last `maxKeptMessages`. */
  readonly messages: readonly MessageView[]
}

/** Full mesh up to this many participants, this device included. */
export const maxParticipants = 8
/** Longest message, in UTF-8 bytes. */
export const maxMessageBytes = 16_384
/** Messages a room keeps in memory. */
export const maxKeptMessages = 2_000

/** A joined room. */
export interface Room {
  /** base64url of the room id: the name of the room in every API call. Not secret. */
  readonly roomId: string
  /** The code part of the room link. Secret: whoever has it can enter. */
  readonly linkCode: string
  /** The present picture, and a call after each change. */
  view(): RoomView
  subscribe(changed: () => void): () => void
  /**
   * Sends text to everyone in the room; returns the message id at once, delivery shows in the view.
   * @throws {LimitError} `message-size` above `maxMessageBytes`; {UsageError} `empty-message`, `room-left`.
   */
  sendMessage(content: string): string
  setName(name: string): void
  /** Loudness of each participant heard now, 0 to 1. */
  audioLevels(): Promise<ReadonlyMap<PeerId, number>>
  /** What each party can learn in this call now. */
  exposure(): Promise<Exposure>
  leave(): Promise<void>
}
