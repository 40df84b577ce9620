import type { ComparisonView } from '../comparison/index.ts'
import type { EntryMode, FileRight, Role } from '../control-log/index.ts'
import type { FileRights, FileTalk, NearSource, Source } from '../files/index.ts'
import type { PeerId, RoomIdentity } from '../identity/index.ts'
import type { RoomPolicy } from '../link/index.ts'
import type { MediaState } from '../media/index.ts'
import type { CarrierName, CarrierState, RoadView } from '../signalling/index.ts'
import type { Exposure } from './exposure-view.ts'

/** Where this device stands in the room. */
export type RoomState =
  /** Looking for others: a first search has not ended yet. */
  | { readonly kind: 'joining' }
  /** Everyone we met waits for somebody with the right to let us in. */
  | { readonly kind: 'knocking' }
  | { readonly kind: 'joined' }
  /** The room holds `maxParticipants` already. */
  | { readonly kind: 'full' }
  /** Nobody is let in at present. */
  | { readonly kind: 'locked' }
  /** Somebody with the right to do so turned us away or removed us. */
  | { readonly kind: 'removed' }
  /** The host has ended the room for everybody. */
  | { readonly kind: 'ended' }
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
  readonly role: Role
  readonly connection: ConnectionState
  /** The road by which its present session came about. The session outlives the road. */
  readonly road: CarrierName
  readonly media: MediaState
  /** True while the room's log forbids this participant to speak: every receiver drops its sound, whatever it sends. */
  readonly mutedForAll: boolean
  /** What it may do with the room's files. */
  readonly fileRight: FileRight
  /** It asks to speak. */
  readonly handRaised: boolean
  /** What it shows of its long-term identity in this room, unread; see `readPresentation` of `@p2pigeon/core/people`. */
  readonly presentation: Uint8Array<ArrayBuffer> | undefined
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
  readonly role: Role
  readonly media: MediaState
  /** True while the room's log forbids us to speak; the microphone was turned off when that began. */
  readonly mutedForAll: boolean
  /** What we may do with the room's files, by the log as far as it is known here; what a reader writes counts nowhere. */
  readonly fileRight: FileRight
  readonly handRaised: boolean
  readonly presentation: Uint8Array<ArrayBuffer> | undefined
}

/** Somebody who holds the link and waits to be let in. */
export interface KnockView {
  readonly peerId: PeerId
  readonly name: string
  readonly sinceMs: number
}

/** What a participant must be told loudly: somebody in the room cheats, or hides something. */
export type RoomAlarm =
  /** Somebody with authority has signed two different continuations of the room's history; its powers have ended. */
  | { readonly kind: 'equivocation'; readonly by: PeerId; readonly byHost: boolean }
  /** The invite speaks of a history that nobody here has shown us. */
  | { readonly kind: 'history-missing' }

/** How far a message that we sent has come. `waiting` names nobody: it counts participants that have not acknowledged. */
export type DeliveryState =
  | { readonly kind: 'received' }
  /** Nobody else was here to get it; it is kept and sent to the first who comes. */
  | { readonly kind: 'queued' }
  | { readonly kind: 'sending'; readonly acknowledged: number; readonly waiting: number }
  | { readonly kind: 'delivered'; readonly acknowledged: number }

/** A file of the room's data room as a message speaks of it: what its sender says, which the file itself may belie. */
export interface MessageFile {
  /** Hex of the node id, as `EntryView.id` of `@p2pigeon/core/files`. */
  readonly id: string
  /** Safe to show. */
  readonly name: string
  readonly sizeBytes: number
  /** A media type in lower case, or empty; never believed for more than an icon. */
  readonly mediaType: string
}

export interface MessageView {
  /** Unique in the room and the same for everyone: sender, its page load, its count. */
  readonly id: string
  readonly from: PeerId
  readonly fromName: string
  readonly own: boolean
  /** May be empty where there are files. */
  readonly content: string
  /** At most `maxMessageFiles`. */
  readonly files: readonly MessageFile[]
  /** Sender's clock, Unix milliseconds: shown, never used for order. */
  readonly sentAtMs: number
  readonly delivery: DeliveryState
  /** Of an earlier visit, as this device kept it, and whether it had been looked at by then; undefined for one of this visit. */
  readonly earlier: 'read' | 'unread' | undefined
}

/** An immutable picture of the room; a new object after every change, unchanged parts keep their identity. */
export interface RoomView {
  readonly state: RoomState
  /** As the link fixes it. */
  readonly policy: RoomPolicy
  /** The best state among the roads in use. */
  readonly carrier: CarrierState
  /** All roads that this device knows, the preferred one first. */
  readonly roads: readonly RoadView[]
  readonly self: SelfView
  /** Others, in the order in which they joined. */
  readonly participants: readonly ParticipantView[]
  /** Who may come in. */
  readonly entry: EntryMode
  /** Those who wait to be let in; only for whoever may let them in. */
  readonly knocks: readonly KnockView[]
  /** How often the room secret was replaced. */
  readonly epoch: number
  /** Emoji for comparing by voice that no one stands between: for the whole room and each pair. */
  readonly comparison: ComparisonView
  /** Participants that this device keeps apart until it releases them. */
  readonly held: readonly { readonly peerId: PeerId; readonly name: string }[]
  readonly alarms: readonly RoomAlarm[]
  /** In causal order (Lamport clock, then sender), oldest first; the last `maxKeptMessages`. */
  readonly messages: readonly MessageView[]
  /**
   * Whether this device keeps them beyond this visit: `no` where the policy does not say so, then nothing of them is ever written; `failing` where it
   * should and cannot.
   */
  readonly chatKept: 'no' | 'yes' | 'failing'
}

/** Full mesh up to this many participants, this device included. */
export const maxParticipants = 8
/** Longest message, in UTF-8 bytes. */
export const maxMessageBytes = 16_384
/** Files that one message speaks of. */
export const maxMessageFiles = 10
/** Messages of a room in memory, and kept between visits. */
export const maxKeptMessages = 2_000

/** An invite as the room's log keeps it. */
export interface InviteTerms {
  /** How many people it lets in, 1 to 255. */
  readonly maxUses: number
  /** Unix milliseconds by the clock of whoever lets people in. */
  readonly expiresAtMs: number
}

/** What `DataRoom.open` needs of a room. The room keeps what members tell of files from its first moment on, whether or not anybody opens them here. */
export interface RoomFileAccess {
  /** 16 bytes. */
  readonly roomId: Uint8Array
  readonly identity: Pick<RoomIdentity, 'publicKey' | 'peerId' | 'sign'>
  readonly rights: FileRights
  readonly talk: FileTalk
  /** Who is asked before the node is for contents that this participant wrote: its device, while it is connected. */
  readonly nearer: (author: PeerId) => readonly NearSource[]
  /** Gives participants who ask what this device has, until it is undone. */
  readonly lend: (what: Pick<Source, 'read'>) => () => void
}

/**
 * A joined room.
 *
 * The methods that need authority throw {UsageError} `not-host` for whoever lacks the right: the host may do everything, a co-host all but
 * `setCohost`, `endForAll` and acting on the host or another co-host. Those that name a participant throw `unknown-peer`. They take effect here
 * at once and everywhere else as fast as a message travels.
 */
export interface Room {
  /** base64url of the room id: the name of the room in every API call. Not secret. */
  readonly roomId: string
  /** The code part of the room link as it is now: it changes with the room secret. Secret: whoever has it can knock. */
  readonly linkCode: string
  readonly files: RoomFileAccess
  /** The present picture, and a call after each change. */
  view(): RoomView
  subscribe(changed: () => void): () => void
  /**
   * Sends text to everyone in the room, or speaks of files that are in its data room already; returns the message id at once, delivery shows in the view.
   * @throws {LimitError} `message-size` above `maxMessageBytes`, `too-many-files` above `maxMessageFiles`; {UsageError} `empty-message`, `bad-file`, `room-left`.
   */
  sendMessage(content: string, files?: readonly MessageFile[]): string
  /** The user has looked at every message there is: remembered where the chat is kept. */
  markRead(): void
  /**
   * Deletes the chat of this room on this device, also what is kept of it; what others keep is theirs, and what is said from now on is kept again.
   * Rejects with what storage says if it could not be deleted.
   */
  deleteChat(): Promise<void>
  setName(name: string): void
  /** Loudness of each participant heard now, 0 to 1. */
  audioLevels(): Promise<ReadonlyMap<PeerId, number>>
  /** What each party can learn in this call now. */
  exposure(): Promise<Exposure>
  /** Who may come in from now on; whoever is in stays. */
  setEntry(mode: EntryMode): void
  /** Lets in somebody who knocked. */
  admit(peerId: PeerId): void
  /** Turns away somebody who knocked. */
  deny(peerId: PeerId): void
  /** Forbids or allows again to speak. Allowing turns no microphone on. */
  muteForAll(peerId: PeerId, muted: boolean): void
  /** Removes a participant and replaces the room secret; `ban`: it cannot be let in again either. */
  kick(peerId: PeerId, options?: { readonly ban?: boolean }): void
  /**
   * What somebody may do with the room's files, who is neither host nor co-host: an editor changes them, a reader reads. Also of somebody who is not
   * here, if files of theirs are known. Making somebody a reader in an open room has people knock from now on: with the link alone a reader would come
   * in again, and write as somebody else.
   */
  setFileRight(peerId: PeerId, right: 'editor' | 'reader'): void
  setCohost(peerId: PeerId, on: boolean): void
  endForAll(): void
  /** Replaces the room secret: earlier links lead nowhere, except for those who are in. */
  renewLink(): void
  /** A link that lets its holders in without knocking, on these terms. Secret. */
  createInvite(terms: InviteTerms): Promise<string>
  /** Asks to speak, or no longer. */
  raiseHand(up: boolean): void
  /** Stops or resumes hearing a participant, on this device only. */
  setMutedHere(peerId: PeerId, muted: boolean): void
  /** Drops the connection with a participant and makes no new one until it is released: its keys need a look first. */
  hold(peerId: PeerId, held: boolean): void
  /** Shows a long-term identity to everyone in this room (bytes of `signPresentation`), or nothing any more. */
  present(presentation: Uint8Array<ArrayBuffer> | undefined): void
  leave(): Promise<void>
}
