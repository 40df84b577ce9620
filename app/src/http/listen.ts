import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { TransportError, UsageError } from '@p2pigeon/core'

const advice: Readonly<Record<string, (variable: string, port: number) => string>> = {
  EADDRINUSE: (variable, port) =>
    `Port ${String(port)} is in use by another program: stop it, or choose another one, e.g. ${variable}=${String(port + 1 > 65_535 ? 3060 : port + 1)}.`,
  EACCES: (variable, port) =>
    `Port ${String(port)} may not be used by this user: choose one above 1023, e.g. ${variable}=3060.`,
  EADDRNOTAVAIL: () => 'HOST is not an address of this machine: use 127.0.0.1 for this machine only, 0.0.0.0 for all.',
  ENOTFOUND: () => 'HOST cannot be resolved to an address: use 127.0.0.1 for this machine only, 0.0.0.0 for all.',
}

export interface ListenOptions {
  readonly host: string
  readonly port: number
  /** The variable that chose the port, for the words of an error. */
  readonly variable: 'PORT' | 'DHT_RELAY_PORT'
}

/**
 * Starts listening and gives the port.
 * @throws {UsageError} `port-in-use`, `port-forbidden`, `host-unknown`: `message` is one line that says what to change.
 * @throws {TransportError} `listen-failed` for anything else.
 */
export function listen(server: Server, { host, port, variable }: ListenOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      const line = advice[error.code ?? '']?.(variable, port)
      const code =
        error.code === 'EADDRINUSE' ? 'port-in-use' : error.code === 'EACCES' ? 'port-forbidden' : 'host-unknown'
      reject(
        line === undefined
          ? new TransportError('listen-failed', 'The node cannot listen on HOST and PORT.', { cause: error })
          : new UsageError(code, line),
      )
    }
    server.once('error', failed)
    server.listen(port, host, () => {
      server.off('error', failed)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** Stops listening, ends idle connections at once and the busy ones after their answer, or by force after `graceMs`. */
export function closeListener(server: Server, graceMs = 1_000): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => {
      server.closeAllConnections()
    }, graceMs)
    server.close(() => {
      clearTimeout(force)
      resolve()
    })
    server.closeIdleConnections()
  })
}
