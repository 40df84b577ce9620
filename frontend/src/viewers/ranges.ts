import { maxAskBytes, maxAsks, type Answer, type Ask } from './protocol.ts'

/** Bytes of the file, asked of the page. */
export interface Ranges {
  /** @throws when they cannot be had. */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>
}

type Part = Uint8Array<ArrayBuffer>

/** Asks for what is wanted in pieces that the page answers, never more of them at a time than it allows. */
export function rangesOver(port: MessagePort): Ranges {
  const waiting = new Map<number, (bytes: Part | undefined) => void>()
  const queue: Ask[] = []
  let asked = 0
  const send = (): void => {
    while (waiting.size - queue.length < maxAsks && queue.length > 0) port.postMessage(queue.shift())
  }
  port.onmessage = ({ data }: MessageEvent<Answer>) => {
    waiting.get(data.id)?.(data.bytes)
    waiting.delete(data.id)
    send()
  }
  const ask = (start: number, end: number): Promise<Part> =>
    new Promise((resolve, reject) => {
      const id = (asked += 1)
      waiting.set(id, (bytes) => {
        if (bytes) resolve(bytes)
        else reject(new DOMException('the page could not get these bytes', 'DataError'))
      })
      queue.push({ id, start, end })
      send()
    })
  return {
    async read(start, end) {
      const pieces: Promise<Part>[] = []
      for (let at = start; at < end; at += maxAskBytes) pieces.push(ask(at, Math.min(end, at + maxAskBytes)))
      const parts = await Promise.all(pieces)
      const [only] = parts
      if (only && parts.length === 1) return only
      const whole = new Uint8Array(end - start)
      let at = 0
      for (const part of parts) {
        whole.set(part, at)
        at += part.length
      }
      return whole
    },
  }
}
