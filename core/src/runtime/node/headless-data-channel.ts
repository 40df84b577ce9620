import type { DataChannel } from 'node-datachannel'

/** The part of RTCDataChannel that core uses, over one channel of libdatachannel. */
export class HeadlessDataChannel {
  binaryType = 'arraybuffer'
  onopen: (() => void) | null = null
  onmessage: ((event: { readonly data: ArrayBuffer }) => void) | null = null
  onclose: (() => void) | null = null
  onbufferedamountlow: (() => void) | null = null
  readonly #channel: DataChannel

  constructor(channel: DataChannel) {
    this.#channel = channel
    channel.onOpen(() => this.onopen?.())
    channel.onClosed(() => this.onclose?.())
    channel.onBufferedAmountLow(() => this.onbufferedamountlow?.())
    channel.onMessage((message) => {
      // Text is not part of our protocol; an empty binary message cannot be one of ours either.
      if (typeof message !== 'string') this.onmessage?.({ data: new Uint8Array(message).slice().buffer })
    })
  }

  get label(): string {
    return this.#channel.getLabel()
  }

  get readyState(): RTCDataChannelState {
    return this.#channel.isOpen() ? 'open' : 'connecting'
  }

  get bufferedAmount(): number {
    return this.#channel.bufferedAmount()
  }

  set bufferedAmountLowThreshold(bytes: number) {
    this.#channel.setBufferedAmountLowThreshold(bytes)
  }

  send(message: Uint8Array): void {
    if (!this.#channel.isOpen()) return
    try {
      this.#channel.sendMessageBinary(message)
    } catch {
      // The other end went away a moment ago, and the channel does not know it yet: its end is told by `onclose`.
    }
  }

  close(): void {
    this.#channel.close()
  }
}
