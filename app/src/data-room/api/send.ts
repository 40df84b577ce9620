import type { ServerResponse } from 'node:http'
import type { Clock } from '@p2pigeon/core/node'
import { Refusal } from '../refusal.ts'

const noStore = { 'Cache-Control': 'no-store' }

export function sendJson(response: ServerResponse, status: number, value: object): void {
  const body = JSON.stringify(value)
  response.writeHead(status, {
    ...noStore,
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
  })
  response.end(body)
}

/** Ends an answer that has begun by cutting it: its reader sees that bytes are missing. */
export function sendRefusal(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const refusal = error instanceof Refusal ? error : new Refusal('failed', { cause: error })
  const { code, status, next } = refusal
  // A body that nobody reads any more must not be taken for the next request.
  response.shouldKeepAlive = false
  if (code === 'too-many-requests' || code === 'busy') response.setHeader('Retry-After', '1')
  sendJson(response, status, next === undefined ? { code } : { code, next })
}

/** Whoever takes nothing for so long is given up, ms: answers on their way are bounded for all clients together. More than peers have to bring a piece. */
const maxStallMs = 60_000
/** And whoever takes less than this: a byte now and then is no stall. A whole segment may take some 5 minutes. */
export const minBytesPerSecond = 16_384

export interface Pace {
  readonly clock: Clock
  /** No answer is longer; how long it may take follows from it. */
  readonly maxBytes: number
  readonly stallMs?: number
}

/** How long an answer of so many bytes may take, ms: peers that bring it late are no fault of its reader. */
export function answerMs(maxBytes: number): number {
  return maxStallMs + (maxBytes / minBytesPerSecond) * 1_000
}

/**
 * Sends pieces as fast as the other end takes them; the first one is waited for before anything is promised. Gives the number of bytes when all of
 * them are on their way, or nobody takes them any more.
 */
export async function sendPieces(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string | number>>,
  pieces: AsyncGenerator<Buffer, void, void>,
  { clock, maxBytes, stallMs = maxStallMs }: Pace,
): Promise<number> {
  let sent = 0
  let isLate = false
  let wake = (): void => undefined
  const cancel = clock.after(answerMs(maxBytes), () => {
    isLate = true
    response.destroy()
    // A response that waits for its turn on a connection says nothing of its end.
    wake()
  })
  const until = (event: 'drain' | 'finish'): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        response.off(event, done).off('close', done)
        resolve()
      }
      wake = done
      response.once(event, done).once('close', done)
    })
  const isOver = (): boolean => isLate || response.destroyed
  const begin = (): void => {
    response.setTimeout(stallMs, () => response.destroy())
    response.writeHead(status, { ...noStore, 'Content-Type': 'application/octet-stream', ...headers })
  }
  try {
    for await (const piece of pieces) {
      if (isOver()) return sent
      if (!response.headersSent) begin()
      sent += piece.length
      if (!response.write(piece)) await until('drain')
    }
    if (isOver()) return sent
    if (!response.headersSent) begin()
    response.end()
    if (!response.writableFinished) await until('finish')
    return sent
  } finally {
    cancel()
  }
}
