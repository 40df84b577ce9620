import type {
  CarrierName,
  LocalMediaView,
  PeerId,
  PrivacyLevel,
  ProtocolConfigs,
  ProtocolEvents,
  ProtocolManager,
  Room,
  Roads,
  RoomPolicy,
  Runtime,
} from '@p2pigeon/core'
import type { CheckOptions, DoctorTargets, Ladder, Verdict } from '@p2pigeon/core/doctor'

/** The part of core for people who know each other; a chunk of its own. */
export type PeopleCore = typeof import('@p2pigeon/core/people')

/** The part of core for conversations; a chunk of its own. */
export type ChatCore = typeof import('@p2pigeon/core/chat')

/** The part of `ProtocolManager` that the frontend uses; a fake of it drives tests and the gallery. */
export interface Manager {
  initialize(configs: ProtocolConfigs): Promise<void>
  /** The code part of a new room link, which fixes the policy. */
  createRoomLink(policy?: Partial<RoomPolicy>): Promise<string>
  joinRoom(linkOrCode: string): Promise<Room>
  leaveRoom(roomId: string): Promise<void>
  /** `undefined` is the default device, `false` none. */
  startLocalStream(audioDeviceId?: string | false, videoDeviceId?: string | false): Promise<MediaStream>
  stopLocalStream(): void
  setMicrophone(on: boolean): Promise<void>
  setCamera(on: boolean): Promise<void>
  startScreenShare(): Promise<void>
  stopScreenShare(): void
  localMedia(): LocalMediaView
  subscribeLocalMedia(changed: () => void): () => void
  setDisplayName(name: string): void
  /** For everybody; the host's and co-hosts'. */
  muteParticipant(peerId: PeerId, muted: boolean): void
  /** On this device only. */
  muteForMe(peerId: PeerId, muted: boolean): void
  kickParticipant(peerId: PeerId): Promise<void>
  on<K extends keyof ProtocolEvents>(event: K, listener: ProtocolEvents[K]): () => void
  /** From now on everything goes by this road alone, or by all of them again. @throws {UsageError} `unknown-road`. */
  pinRoad(road: CarrierName | undefined): void
  /** What rooms stand on, for direct calls. @throws before it is initialized. */
  ground(): { readonly runtime: Runtime; readonly roads: Roads }
  close(): Promise<void>
}

/** What a room link says to this device. */
export interface ReadLink {
  /** Names the room; not secret. */
  readonly roomId: string
  /** The link without the address before it; secret. */
  readonly code: string
  readonly policy: RoomPolicy
}

/** The connection doctor of core. */
export interface Doctor {
  check(targets: DoctorTargets, options: CheckOptions): Promise<Ladder>
  verdictOf(ladder: Ladder, privacy: PrivacyLevel): Verdict
  /** Text without any address, to hand on. */
  exportReport(ladder: Ladder, privacy: PrivacyLevel): string
}

/** Everything the session takes from core; built in `core/` and nowhere else. */
export interface CorePorts {
  readonly limits: { readonly maxMessageBytes: number; readonly maxParticipants: number }
  /** The policy of a new room unless somebody chooses otherwise. */
  readonly standardPolicy: RoomPolicy
  readonly createManager: () => Manager
  /** Loads the doctor when it is first needed. */
  readonly loadDoctor: () => Promise<Doctor>
  /** @throws {CodecError} `link-missing` | `link-truncated` | `link-damaged` | `link-version`. */
  readonly readLink: (textOrUrl: string) => Promise<ReadLink>
  /** A non-extractable HKDF key. */
  readonly importSeed: (seed: Uint8Array<ArrayBuffer>) => Promise<CryptoKey>
  readonly random: { bytes(length: number): Uint8Array<ArrayBuffer> }
  /** What opens a vault: little, as every first load carries it. */
  readonly vault: Pick<PeopleCore, 'createVault' | 'decodeHeader' | 'encodeHeader' | 'generateDeviceKey' | 'openVault'>
  /** Loads identities, vault, contacts and calls; the page works before. */
  readonly loadPeople: () => Promise<PeopleCore>
  /** Loads conversations. */
  readonly loadChat: () => Promise<ChatCore>
}

/** Compile-time proof that core's own manager has this surface. */
export type ProvenManager = ProtocolManager extends Manager ? Manager : never
