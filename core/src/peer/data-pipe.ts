import { LimitError } from '../errors/index.ts'

/**
 * Bytes handed to the browser before we wait. Low on purpose: measured on loopback, 1 KiB messages flow eight times
 * faster at 64 KiB than at 4 MiB, and what waits here can still be dropped on close.
 */
export const highWaterBytes = 65_536
const lowWaterBytes = 32_768
/** Bytes that may wait behind a slow peer before `send` refuses. */
export const maxQueuedBytes = 8 * 1_048_576

/** An ordered data channel with flow control: sends at once below the watermark, queues above it. */
export class DataPipe {
  readonly #channel: RTCDataChannel
  readonly #queue: Uint8Array<ArrayBuffer>[] = []
  #queuedBytes = 0
  readonly #drainWaiters: (() => void)[] = []

  constructor(channel: RTCDataChannel) {
    this.#channel = channel
    channel.binaryType = 'arraybuffer'
    channel.bufferedAmountLowThreshold = lowWaterBytes
    channel.onbufferedamountlow = () => {
      this.#drain()
    }
  }

  /** Bytes that the platform has taken and not yet sent, and bytes that wait here. */
  get heldBytes(): number {
    return this.#channel.bufferedAmount + this.#queuedBytes
  }

  get isOpen(): boolean {
    return this.#channel.readyState === 'open'
  }

  /**
   * Sends one message after all earlier ones; on a pipe that is not open it is dropped. The memory stays the caller's.
   * @throws {LimitError} `send-queue-full` when `maxQueuedBytes` wait already.
   */
  send(message: Uint8Array<ArrayBuffer>): void {
    if (!this.isOpen) return
    if (this.#queue.length === 0 && this.#channel.bufferedAmount < highWaterBytes) {
      this.#channel.send(message)
      return
    }
    if (this.#queuedBytes + message.length > maxQueuedBytes) {
      throw new LimitError('send-queue-full', 'the peer takes data too slowly')
    }
    this.#queue.push(message.slice())
    this.#queuedBytes += message.length
  }

  /** Resolves when everything sent so far was handed to the browser below the watermark, or the pipe is closed. */
  drained(): Promise<void> {
    if (this.#queue.length === 0 && this.#channel.bufferedAmount < highWaterBytes) return Promise.resolve()
    return new Promise((resolve) => this.#drainWaiters.push(resolve))
  }

  /** Forgets what waits. The channel itself goes with its connection, after what it holds already. */
  stop(): void {
    this.#releaseWaiters()
    this.#queue.length = 0
    this.#queuedBytes = 0
    this.#channel.onbufferedamountlow = null
  }

  #drain(): void {
    while (this.isOpen && this.#channel.bufferedAmount < highWaterBytes) {
      const next = this.#queue.shift()
      if (next === undefined) break
      this.#queuedBytes -= next.length
      this.#channel.send(next)
    }
    if (this.#queue.length === 0) this.#releaseWaiters()
  }

  #releaseWaiters(): void {
    for (const release of this.#drainWaiters.splice(0)) release()
  }
}
