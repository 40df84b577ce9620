import type { Undo } from '../lifetime/index.ts'

/** Time. `now` is Unix time in milliseconds and may jump; timers are monotonic. */
export interface Clock {
  now(): number
  /** Calls `run` once after `delayMs` (≥ 0); the returned undo cancels it. */
  after(delayMs: number, run: () => void): Undo
}

/** Cryptographically secure random bytes. Throws rather than return weak ones. */
export interface Random {
  bytes(length: number): Uint8Array<ArrayBuffer>
}

export interface SocketHandlers {
  opened(): void
  /** One binary message. Text messages close the socket. */
  received(message: Uint8Array<ArrayBuffer>): void
  /** Exactly once, also when opening fails. */
  closed(): void
}

/** A binary WebSocket, seen from the client. */
export interface Socket {
  send(message: Uint8Array<ArrayBuffer>): void
  /** Bytes accepted by `send` and not yet handed to the network. */
  readonly bufferedBytes: number
  close(): void
}

export interface TextSocketHandlers {
  opened(): void
  /** One text message. Binary messages close the socket. */
  received(message: string): void
  /** Exactly once, also when opening fails. */
  closed(): void
}

/** A WebSocket of text messages, seen from the client. */
export interface TextSocket {
  send(message: string): void
  /** Bytes accepted by `send` and not yet handed to the network. */
  readonly bufferedBytes: number
  close(): void
}

export interface TextSockets {
  /** An address that is none is one that cannot be reached: `closed` follows. */
  connectText(url: string, handlers: TextSocketHandlers): TextSocket
}

export interface Sockets {
  connect(url: string, subprotocol: string, handlers: SocketHandlers): Socket
}

export interface PeerConnections {
  create(configuration: RTCConfiguration): RTCPeerConnection
  /** False where the platform has data channels only (a headless peer): then no media sections are offered. */
  readonly supportsMedia: boolean
}

/** Cameras, microphones and screens; absent on a headless peer. */
export interface MediaSource {
  capture(constraints: MediaStreamConstraints): Promise<MediaStream>
  captureScreen(): Promise<MediaStream>
}

/** Everything the library needs from where it runs. */
export interface Runtime {
  readonly clock: Clock
  readonly random: Random
  readonly sockets: Sockets & TextSockets
  readonly peerConnections: PeerConnections
  readonly media: MediaSource | undefined
}
