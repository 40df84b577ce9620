import type { AddressInfo } from 'node:net'
import type { RawData } from 'ws'
import { createServer, type RequestListener, type Server } from 'node:http'
import { BenchFault } from '../page/fault.ts'

export interface Service {
  /** Base address without a trailing slash. */
  readonly url: string
  close(): Promise<void>
}

/** Starts an HTTP server on a free port of 127.0.0.1. */
export async function listen(handler?: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer(handler)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return { server, port: portOf(server) }
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === 'string') throw new BenchFault('the server has no port')
  return address.port
}

/** Ends every connection, then the server. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** A WebSocket message as text; `ws` hands messages over as one Buffer by default. */
export const textOf = (data: RawData): string => (Buffer.isBuffer(data) ? data.toString('utf8') : '')
