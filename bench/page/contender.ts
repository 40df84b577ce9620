/** What a page is told before its clock starts. */
export interface JoinSettings {
  /** The host is in the room first and waits; the joiner is the one whose time is taken. */
  readonly role: 'host' | 'joiner'
  /** A fresh name for every trial; a host may answer with another one (`Session.room`). */
  readonly room: string
  readonly media: boolean
  /** Where this contender's signalling listens. */
  readonly endpoint: string
  /** Where to ask for ICE servers; then the call goes through their relay and no other way. */
  readonly ice?: string | undefined
}

/** Facts that a contender reports. */
export interface SessionEvents {
  /** The other side can be written to. */
  opened(): void
  /** The other side's camera; reported once. */
  stream(stream: MediaStream): void
  message(text: string): void
}

export interface Session {
  /** What the joiner must be given to find this room. */
  readonly room: string
  /** Sends one message with the contender's own flow control: awaiting it before the next call keeps its queue short. */
  send(text: string): Promise<void>
  leave(): Promise<void>
}

/**
 * Enters the room by whatever way is the fastest one that the library documents. A host resolves once it can be
 * found; a joiner as soon as the returned session is safe to use after `opened`.
 */
export type Join = (settings: JoinSettings, events: SessionEvents) => Promise<Session>

/** What a node answers to `GET /ice`. */
export interface IceAnswer {
  readonly iceServers: readonly RTCIceServer[]
  readonly ttlSeconds: number
}

export const fetchIce = async (address: string): Promise<IceAnswer> =>
  (await fetch(address)).json() as Promise<IceAnswer>

/** Camera and microphone as every contender asks for them; the harness answers with devices that are already open. */
export const openMedia = (): Promise<MediaStream> => navigator.mediaDevices.getUserMedia({ audio: true, video: true })
