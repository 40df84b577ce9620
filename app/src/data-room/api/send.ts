import type { ServerResponse } from 'node:http'
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

/** Sends pieces as fast as the other end takes them; the first one is waited for before anything is promised. Gives the number of bytes. */
export async function sendPieces(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string | number>>,
  pieces: AsyncGenerator<Buffer, void, void>,
  stallMs = maxStallMs,
): Promise<number> {
  let sent = 0
  const begin = (): void => {
    response.setTimeout(stallMs, () => response.destroy())
    response.writeHead(status, { ...noStore, 'Content-Type': 'application/octet-stream', ...headers })
  }
  for await (const piece of pieces) {
    if (response.destroyed) return sent
    if (!response.headersSent) begin()
    sent += piece.length
    if (!response.write(piece)) await drained(response)
  }
  if (response.destroyed) return sent
  if (!response.headersSent) begin()
  response.end()
  return sent
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.once('drain', done).once('close', done)
  })
}
