import { once } from 'node:events'
import { decodeFrame, encodeFrame, minorVersions, subprotocols, type Frame } from '@p2pigeon/core/relay-protocol'
import { WebSocket } from 'ws'
import type { JoinPair } from './pair.ts'

const windowBytes = 262_144
type Bytes = Uint8Array<ArrayBuffer>

/**
 * As our client does it: the host announces a topic, the joiner looks it up, finds an address that it did not know before, and opens a stream; credit both ways.
 * Nothing is encrypted here: that happens at the ends.
 */
export const joinPigeonPair: JoinPair = async (url, nth, bytes, arrived) => {
  const topic = new Uint8Array(32)
  new DataView(topic.buffer).setUint32(0, nth + 1)
  const message = new Uint8Array(bytes)
  const [host, joiner] = [new Client(url), new Client(url)]
  let joined = false
  let partial = 0
  host.on((frame) => {
    if (frame.type !== 'data') return
    host.taken(frame.id, frame.bytes.length)
    partial += frame.bytes.length
    for (; partial >= bytes; partial -= bytes) {
      if (joined) arrived()
      else host.send({ type: 'data', id: frame.id, bytes: message })
      joined = true
    }
  })
  await host.opened
  host.send({ type: 'announce', id: 1, topic })
  await host.heard('announced')
  await joiner.opened
  joiner.send({ type: 'lookup', id: 1, topic })
  const { publicKey } = await joiner.heard('peer')
  joiner.send({ type: 'connect', id: 2, publicKey })
  const send = (): void => {
    joiner.send({ type: 'data', id: 2, bytes: message })
  }
  send()
  await joiner.heard('data')
  return {
    send,
    close: () => {
      host.close()
      joiner.close()
    },
  }
}

class Client {
  readonly opened: Promise<unknown>
  readonly #socket: WebSocket
  readonly #listeners = new Set<(frame: Frame) => void>()
  #owed = 0

  constructor(url: string) {
    this.#socket = new WebSocket(url, subprotocols.server, { perMessageDeflate: false })
    this.opened = once(this.#socket, 'open').then(() => {
      this.send({ type: 'hello', minors: minorVersions, windowBytes })
    })
    this.#socket.on('message', (data: Bytes) => {
      const frame = decodeFrame(new Uint8Array(data))
      for (const listener of [...this.#listeners]) listener(frame)
    })
  }

  on(listener: (frame: Frame) => void): void {
    this.#listeners.add(listener)
  }

  heard<T extends Frame['type']>(type: T): Promise<Extract<Frame, { type: T }>> {
    return new Promise((resolve) => {
      const listener = (frame: Frame): void => {
        if (!is(frame, type)) return
        this.#listeners.delete(listener)
        resolve(frame)
      }
      this.#listeners.add(listener)
    })
  }

  send(frame: Frame): void {
    this.#socket.send(encodeFrame(frame))
  }

  /** Gives credit back, as our client does: by the quarter of a window. */
  taken(id: number, count: number): void {
    this.#owed += count
    if (this.#owed < windowBytes / 4) return
    this.send({ type: 'ack', id, credit: this.#owed })
    this.#owed = 0
  }

  close(): void {
    this.#socket.terminate()
  }
}

function is<T extends Frame['type']>(frame: Frame, type: T): frame is Extract<Frame, { type: T }> {
  return frame.type === type
}
