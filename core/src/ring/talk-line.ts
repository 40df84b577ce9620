import { toHex } from '../bytes/index.ts'
import type { SecureChannel } from '../channel/index.ts'
import type { IdentityRecord } from '../identity/index.ts'
import type { Scope, Undo } from '../lifetime/index.ts'
import { maxWaitingMessages } from './limits.ts'

export interface TalkHandlers {
  /** One message, in order. */
  heard(message: Uint8Array<ArrayBuffer>): void
  /** At most once; never after our own `close`. */
  lost(): void
}

/** A secure channel to one device of a person, for messages of whoever holds it: it knows nothing of what they say. */
export interface TalkLine {
  /** Who is at the other end, as that device has proven. */
  readonly with: IdentityRecord
  /** Key of that device, in hexadecimal. */
  readonly device: string
  /** @throws {LimitError} `message-size` above 61,440 bytes. Does nothing on a line that is over. */
  send(message: Uint8Array): void
  /** Starts delivery; what came before is delivered first. Called once. */
  listen(handlers: TalkHandlers): void
  close(): void
}

/** A line over a channel that is proven, or about to be; it ends with `scope` at the latest. */
export class ChannelTalkLine implements TalkLine {
  readonly with: IdentityRecord
  readonly device: string
  readonly #channel: SecureChannel
  readonly #waiting: Uint8Array<ArrayBuffer>[] = []
  readonly #undoings: Undo[] = []
  #handlers: TalkHandlers | undefined
  #over = false

  constructor(channel: SecureChannel, record: IdentityRecord, scope: Scope) {
    this.with = record
    this.device = toHex(channel.remote.publicKey)
    this.#channel = channel
    this.#undoings.push(
      channel.on('messageReceived', (message) => {
        this.#receive(message)
      }),
      channel.on('closed', () => {
        this.#end()
      }),
    )
    this.#undoings.push(
      scope.onEnd(() => {
        this.close()
      }),
    )
  }

  get over(): boolean {
    return this.#over
  }

  send(message: Uint8Array): void {
    if (!this.#over) this.#channel.send(message)
  }

  listen(handlers: TalkHandlers): void {
    this.#handlers = handlers
    for (const message of this.#waiting.splice(0)) handlers.heard(message)
    if (this.#over) handlers.lost()
  }

  close(): void {
    if (this.#over) return
    this.#handlers = undefined
    this.#end()
    this.#channel.close('left')
  }

  #receive(message: Uint8Array<ArrayBuffer>): void {
    if (this.#over) return
    if (this.#handlers !== undefined) this.#handlers.heard(message)
    else if (this.#waiting.length < maxWaitingMessages) this.#waiting.push(message.slice())
    else this.#channel.close('violation')
  }

  #end(): void {
    if (this.#over) return
    this.#over = true
    for (const undo of this.#undoings) undo()
    this.#handlers?.lost()
  }
}
