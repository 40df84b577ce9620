import type { LocalMediaView, PeerId, ProtocolConfigs, ProtocolEvents, ProtocolManager, Room } from '@p2pigeon/core'

/** The part of `ProtocolManager` that the frontend uses; a fake of it drives tests and the gallery. */
export interface Manager {
  initialize(configs: ProtocolConfigs): Promise<void>
  /** The code part of a new room link. */
  createRoomLink(): Promise<string>
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
  muteParticipant(peerId: PeerId, muted: boolean): void
  kickParticipant(peerId: PeerId): Promise<void>
  on<K extends keyof ProtocolEvents>(event: K, listener: ProtocolEvents[K]): () => void
  close(): Promise<void>
}

/** What a room link says to this device. */
export interface ReadLink {
  /** Names the room; not secret. */
  readonly roomId: string
  /** The link without the address before it; secret. */
  readonly code: string
}

/** Everything the session takes from core; built in `core/` and nowhere else. */
export interface CorePorts {
  readonly limits: { readonly maxMessageBytes: number; readonly maxParticipants: number }
  readonly createManager: () => Manager
  /** @throws {CodecError} `link-missing` | `link-truncated` | `link-damaged` | `link-version`. */
  readonly readLink: (textOrUrl: string) => Promise<ReadLink>
  /** A non-extractable HKDF key. */
  readonly importSeed: (seed: Uint8Array<ArrayBuffer>) => Promise<CryptoKey>
}

/** Compile-time proof that core's own manager has this surface. */
export type ProvenManager = ProtocolManager extends Manager ? Manager : never
