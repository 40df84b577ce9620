import type { Join, JoinSettings, Session } from './contender.ts'
import { BenchFault } from './fault.ts'
import { openSharedDevices } from './shared-devices.ts'

const messageBytes = 1024

export interface FloodResult {
  readonly sent: number
  readonly received: number
  /** First to last message as the receiver saw them. */
  readonly elapsedMs: number
}

/** What the runner calls in a page. */
export interface BenchPage {
  /** The room to hand to the joiner, once this page can be found. */
  readonly ready: Promise<string>
  /** Milliseconds from the page's start mark to a usable data channel. */
  readonly opened: Promise<number>
  /** Milliseconds from the page's start mark to the first presented frame of the other side. */
  readonly firstFrame: Promise<number>
  /** Milliseconds of each of `count` sequential round trips of 1 KB. */
  roundTrips(count: number): Promise<number[]>
  /** Sends 1 KB messages one way for `durationMs`. */
  flood(durationMs: number): Promise<FloodResult>
  leave(): Promise<void>
}

declare global {
  interface Window {
    bench: BenchPage
  }
}

/** The first character of a message says what it is; the rest fills it up to 1 KB. */
const filler = 'x'.repeat(messageBytes - 1)
const ping = `p${filler}`
const pong = `q${filler}`
const flooding = `f${filler}`

/** Installs `window.bench` and joins when the page's `load` event has fired. Settings come in the query string. */
export function start(join: Join): void {
  const settings = JSON.parse(new URLSearchParams(location.search).get('settings') ?? '') as JoinSettings
  const opened = Promise.withResolvers<number>()
  const firstFrame = Promise.withResolvers<number>()
  const session = Promise.withResolvers<Session>()
  let startedAt = 0
  let pongArrived: () => void = () => undefined
  let floodReported: (result: FloodResult) => void = () => undefined
  const count = { received: 0, firstAt: 0, lastAt: 0 }

  const receive = async (text: string): Promise<void> => {
    switch (text[0]) {
      case 'p':
        return (await session.promise).send(pong)
      case 'q':
        pongArrived()
        return
      case 'f':
        count.lastAt = performance.now()
        if (count.received++ === 0) count.firstAt = count.lastAt
        return
      case 'e': {
        const result: FloodResult = {
          sent: Number(text.slice(1)),
          received: count.received,
          elapsedMs: count.lastAt - count.firstAt,
        }
        count.received = 0
        return (await session.promise).send(`r${JSON.stringify(result)}`)
      }
      case 'r':
        floodReported(JSON.parse(text.slice(1)) as FloodResult)
        return
      default:
        throw new BenchFault('a message of no known kind')
    }
  }

  const run = async (): Promise<void> => {
    warmUpWebRtc()
    if (settings.media) await openSharedDevices()
    startedAt = performance.now()
    const joined = await join(settings, {
      opened: () => opened.resolve(performance.now() - startedAt),
      stream: (stream) => present(stream, () => firstFrame.resolve(performance.now() - startedAt)),
      message: (text) => void receive(text),
    })
    session.resolve(joined)
  }

  window.bench = {
    ready: session.promise.then(({ room }) => room),
    opened: opened.promise,
    firstFrame: firstFrame.promise,
    async roundTrips(rounds) {
      const { send } = await session.promise
      const times: number[] = []
      for (let i = 0; i < rounds; i++) {
        const arrived = new Promise<void>((resolve) => (pongArrived = resolve))
        const sentAt = performance.now()
        await send(ping)
        await arrived
        times.push(performance.now() - sentAt)
      }
      return times
    },
    async flood(durationMs) {
      const { send } = await session.promise
      const reported = new Promise<FloodResult>((resolve) => (floodReported = resolve))
      const until = performance.now() + durationMs
      let sent = 0
      for (; performance.now() < until; sent++) await send(flooding)
      await send(`e${sent}`)
      return reported
    },
    leave: async () => (await session.promise).leave(),
  }

  addEventListener('load', () => {
    run().catch((fault: unknown) => {
      for (const waiting of [opened, firstFrame, session]) waiting.reject(fault)
    })
  })
}

/**
 * Starts the browser's WebRTC threads, which takes tens of milliseconds in a new process. One of the peers does it when
 * its script is loaded, outside of any clock that starts with the page; here it is done for everyone.
 */
function warmUpWebRtc(): void {
  const connection = new RTCPeerConnection()
  connection.createDataChannel('')
  connection.close()
}

function present(stream: MediaStream, shown: () => void): void {
  const video = document.createElement('video')
  video.muted = true
  video.autoplay = true
  video.playsInline = true
  video.srcObject = stream
  video.requestVideoFrameCallback(shown)
  document.body.append(video)
}
