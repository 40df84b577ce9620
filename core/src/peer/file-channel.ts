import { LimitError } from '../errors/index.ts'
import { DataPipe } from './data-pipe.ts'

/** What may come before somebody listens: the questions that one end may have under way, with room to spare. */
const maxEarlyMessages = 16

export interface FileListener {
  /** One message, in order. */
  received(message: Uint8Array<ArrayBuffer>): void
  /** Once, however it ended. */
  closed(): void
}

/** One `files` data channel: whoever opened it asks, the other end answers. */
export class FileChannel {
  /** Rejects never; resolves with false if it closed before it was open. */
  readonly opened: Promise<boolean>
  readonly #channel: RTCDataChannel
  readonly #pipe: DataPipe
  readonly #failed: (error: unknown) => void
  readonly #early: Uint8Array<ArrayBuffer>[] = []
  #listener: FileListener | undefined
  #closed = false
  #ended: () => void = () => undefined

  /** @param failed what came, or what a listener threw at it, ends the session. */
  constructor(channel: RTCDataChannel, failed: (error: unknown) => void) {
    this.#channel = channel
    this.#pipe = new DataPipe(channel)
    this.#failed = failed
    this.opened = new Promise((resolve) => {
      if (this.#pipe.isOpen) resolve(true)
      channel.onopen = () => {
        resolve(true)
      }
      this.#ended = () => {
        resolve(false)
      }
    })
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      // Text is not part of our protocol.
      if (data instanceof ArrayBuffer) this.#received(new Uint8Array(data))
    }
    channel.onclose = () => {
      this.close()
    }
  }

  /** Sends after all earlier ones; on a closed one it is dropped. The memory stays the caller's. @throws {LimitError} `send-queue-full`. */
  send(message: Uint8Array<ArrayBuffer>): void {
    if (!this.#closed) this.#pipe.send(message)
  }

  /** Resolves when it can take more, or is closed. */
  drained(): Promise<void> {
    return this.#closed ? Promise.resolve() : this.#pipe.drained()
  }

  /** Who takes what comes, and what has come; called once. */
  listen(listener: FileListener): void {
    if (this.#closed) {
      listener.closed()
      return
    }
    this.#listener = listener
    for (const message of this.#early.splice(0)) this.#received(message)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#channel.onopen = this.#channel.onmessage = this.#channel.onclose = null
    this.#pipe.stop()
    this.#ended()
    this.#listener?.closed()
    this.#channel.close()
  }

  #received(message: Uint8Array<ArrayBuffer>): void {
    if (this.#closed) return
    try {
      if (this.#listener !== undefined) this.#listener.received(message)
      else if (this.#early.length < maxEarlyMessages) this.#early.push(message)
      else throw new LimitError('early-data', 'too much before anybody listens')
    } catch (error) {
      this.#failed(error)
    }
  }
}
