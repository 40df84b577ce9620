import { describe, expect, it } from 'vitest'
import { LimitError } from '../errors/index.ts'
import { DataPipe, highWaterBytes, maxQueuedBytes } from './data-pipe.ts'

/** A data channel whose network moves only when told. */
class FakeChannel {
  readyState: RTCDataChannelState = 'open'
  binaryType = 'blob'
  bufferedAmount = 0
  bufferedAmountLowThreshold = 0
  onbufferedamountlow: (() => void) | null = null
  readonly sent: Uint8Array[] = []

  send(message: Uint8Array): void {
    this.sent.push(message)
    this.bufferedAmount += message.length
  }

  flush(): void {
    this.bufferedAmount = 0
    this.onbufferedamountlow?.()
  }
}

function piped() {
  const channel = new FakeChannel()
  return { channel, pipe: new DataPipe(channel as unknown as RTCDataChannel) }
}
const chunk = (tag: number): Uint8Array<ArrayBuffer> => new Uint8Array(highWaterBytes / 2).fill(tag)

describe('DataPipe', () => {
  it('hands over below the watermark, keeps the rest in order, and drains as the network moves', async () => {
    const { channel, pipe } = piped()
    for (let i = 0; i < 7; i++) pipe.send(chunk(i))
    expect(channel.sent).toHaveLength(2)
    let drained = false
    const waiting = pipe.drained().then(() => {
      drained = true
    })
    channel.flush()
    await Promise.resolve()
    expect([channel.sent.length, drained]).toEqual([4, false])
    channel.flush()
    channel.flush()
    await waiting
    expect(channel.sent.map(([tag]) => tag)).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  it('refuses to queue without end', () => {
    const { pipe } = piped()
    const message = new Uint8Array(1_048_576)
    expect(() => {
      for (let sent = 0; sent <= maxQueuedBytes + 2 * message.length; sent += message.length) pipe.send(message)
    }).toThrow(LimitError)
  })

  it('drops what is sent before it is open or after the end, and lets nobody wait for ever', async () => {
    const { channel, pipe } = piped()
    channel.readyState = 'connecting'
    pipe.send(chunk(1))
    channel.readyState = 'open'
    for (let i = 0; i < 4; i++) pipe.send(chunk(2))
    const waiting = pipe.drained()
    pipe.stop()
    await waiting
    channel.flush()
    expect(channel.sent.map(([tag]) => tag)).toEqual([2, 2])
  })
})
