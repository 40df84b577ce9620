import { BenchFault } from './fault.ts'

// Short queues win: at 64 KiB the sender never runs dry on loopback, at megabytes the browser's queue itself slows down.
const highWatermarkBytes = 65_536
const lowWatermarkBytes = 32_768

/** Waits until `channel` holds less than the high watermark, then sends. */
export async function sendBelowWatermark(channel: RTCDataChannel, text: string): Promise<void> {
  if (channel.bufferedAmount >= highWatermarkBytes) await drained(channel)
  channel.send(text)
}

function drained(channel: RTCDataChannel): Promise<void> {
  channel.bufferedAmountLowThreshold = lowWatermarkBytes
  return new Promise((resolve, reject) => {
    const closed = (): void => {
      reject(new BenchFault('the channel closed'))
    }
    const low = (): void => {
      channel.removeEventListener('close', closed)
      resolve()
    }
    channel.addEventListener('bufferedamountlow', low, { once: true })
    channel.addEventListener('close', closed, { once: true })
  })
}
