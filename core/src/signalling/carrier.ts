import type { Undo } from '../lifetime/index.ts'

/** The roads a room can be reached by: the DHT, a signalling server, Nostr relays; and inside it `member`, somebody who is connected with both. */
export type CarrierName = 'dht' | 'server' | 'nostr' | 'member'

/** 32 bytes that name a meeting point on a carrier; derived from the room secret and rotated daily. */
export type Topic = Uint8Array<ArrayBuffer>

/**
 * Where a carrier can dial one announcer of a topic: 32 opaque bytes, meaningful to the same carrier only. Never an identity, but where members
 * are the carrier: there it is the key that they know each other by.
 */
export type CarrierAddress = Uint8Array<ArrayBuffer>

/** What a carrier can say of itself; the UI shows it in plain words. */
export type CarrierState =
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'ready'; readonly network: 'public' | 'local' | 'unknown' }
  | { readonly kind: 'waiting'; readonly attempt: number; readonly retryInMs: number }
  | { readonly kind: 'closed' }

/** Why a stream ended, as far as a carrier knows. It is a hint: nothing about trust follows from it. */
export type StreamEnd = 'local' | 'remote' | 'unreachable' | 'carrier-lost' | 'violation'

export interface StreamHandlers {
  /** One frame, whole, in order. */
  frame(frame: Uint8Array<ArrayBuffer>): void
  /** Exactly once. Nothing follows it. */
  ended(end: StreamEnd): void
}

/** Largest frame a stream carries, in bytes. */
export const maxFrameBytes = 65_535

/**
 * An ordered, reliable pipe of opaque frames to one other announcer or dialler of a topic.
 * It is never trusted: whoever runs the carrier may read, drop, inject or alter every frame.
 */
export interface CarrierStream {
  readonly carrier: CarrierName
  readonly topic: Topic
  /**
   * Sends one frame of 1 to `maxFrameBytes` bytes, in order; resolves when the carrier has taken it, so that
   * awaiting it is back-pressure. After the end it resolves and does nothing.
   * @throws {LimitError} `frame-size` when the frame is empty or too large.
   */
  send(frame: Uint8Array<ArrayBuffer>): Promise<void>
  /** Starts delivery; frames that came earlier are delivered first. May be called once. */
  listen(handlers: StreamHandlers): void
  close(): void
}

/** An announcement in force until it is withdrawn. */
export interface Announcement {
  /** Our own addresses under this topic, current and earlier ones of this carrier object: what a lookup must skip. */
  isOurs(address: CarrierAddress): boolean
  /** Stops announcing; streams that were accepted live on. */
  withdraw(): void
}

export interface CarrierEvents {
  stateChanged: (state: CarrierState) => void
}

/**
 * A road: it finds other devices under a topic and moves opaque frames between two of them.
 * It reconnects by itself and keeps announcements in force over reconnections; streams do not survive one.
 */
export interface Carrier {
  readonly name: CarrierName
  readonly state: CarrierState
  /** Host name of the server that this carrier goes through now; undefined if there is none. */
  readonly relayHost: string | undefined
  on<K extends keyof CarrierEvents>(event: K, listener: CarrierEvents[K]): Undo
  /**
   * Announces this device under `topic` and hands every incoming stream to `accept`. Returns at once; announcing goes
   * on in the background, again after each reconnection and before records expire.
   */
  announce(topic: Topic, accept: (stream: CarrierStream) => void): Announcement
  /**
   * Finds announcers of `topic` now, each address once, as they are found, our own left out.
   * Ends when the search is over. Waits for the carrier to be ready first.
   * @throws {TransportError} `carrier-lost` when the carrier fails under way; the signal's reason when aborted.
   */
  lookup(topic: Topic, options: { signal: AbortSignal }): AsyncIterable<CarrierAddress>
  /**
   * Opens a stream to an announcer of `topic`. It may resolve before the other end has answered, so that the first frames
   * travel with the request; if nobody answers, the stream then ends `unreachable`.
   * @throws {TransportError} `unreachable`, `carrier-lost`; the signal's reason when aborted.
   */
  dial(topic: Topic, address: CarrierAddress, options: { signal: AbortSignal }): Promise<CarrierStream>
  /** Ends announcements, lookups, streams and reconnection. */
  close(): void
}
