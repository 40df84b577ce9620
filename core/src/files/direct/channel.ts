import type { Octets } from '../client/index.ts'

/** An ordered and reliable way of messages to one member, which has proven who it is. One end asks, the other one answers. */
export interface DirectChannel {
  /** Sends after all earlier ones; on a closed one it is dropped. The memory stays the caller's. */
  send(message: Octets): void
  /** Resolves when it can take more, or is closed. */
  drained(): Promise<void>
  /**
   * Who takes what comes, from now on; called once, before anything has come. A {CodecError} out of `received` ends the session with the member.
   * `closed` comes once, also after `close`.
   */
  listen(listener: DirectListener): void
  close(): void
}

export interface DirectListener {
  received(message: Octets): void
  closed(): void
}
