/** Undoes what it was given for; calling it again does nothing. */
export type Undo = () => void

type Bytes = Uint8Array<ArrayBuffer>

export interface Subscription {
  /** Resolves when everything published from then on is heard, or when that must wait for the bus to come back. */
  readonly ready: Promise<void>
  readonly end: Undo
}

/**
 * What several signalling servers share: messages by channel, kept by nobody. Whoever listens on a channel gets what is said there from then on, in the
 * order in which each server said it, without a gap that `onGap` does not tell.
 */
export interface Bus {
  /** `alone`: inside one process. */
  readonly state: 'alone' | 'ready' | 'lost'
  /** Resolves with how many listeners it reached, ourselves included. Rejects when the bus is out of reach. */
  publish(channel: string, message: Bytes): Promise<number>
  /** Listens until it is ended, also after the bus was out of reach. */
  subscribe(channel: string, heard: (message: Bytes) => void): Subscription
  /** Called when messages of ours or for us may be lost. */
  onGap(listener: () => void): Undo
  close(): Promise<void>
}
