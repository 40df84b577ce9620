import { randomBytes } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { TransportError, UsageError } from '@p2pigeon/core'
import type { Clock } from '@p2pigeon/core/node'
import type { Logger } from '../platform/index.ts'
import { peerPolicy } from './access/index.ts'
import { planAddresses, type LocalAddress } from './address-plan.ts'
import type { EmbeddedTurn } from './ice-servers.ts'
import { defaultTurnLimits, type TurnLimits } from './limits.ts'
import { listenBoth, type Listener, type ListenAt } from './transport/index.ts'
import { TurnServer, type TurnStats } from './turn-server.ts'

/** Registered for STUN and TURN (RFC 8489 section 18.6). */
export const defaultTurnPort = 3_478

/** `preferred` falls back to a free port when it is taken; `fixed` 0 takes any. */
export type TurnPort =
  | { readonly kind: 'off' }
  | { readonly kind: 'preferred'; readonly port: number }
  | { readonly kind: 'fixed'; readonly port: number }

export interface TurnOptions {
  readonly port: Exclude<TurnPort, { kind: 'off' }>
  /** Address or name to listen on. */
  readonly host: string
  /** At most one of each family; with one, the server is open to the network whatever `host` says. */
  readonly publicAddresses: readonly string[]
  /** Ranges that `parsePeerRange` accepts. */
  readonly allowPeers: readonly string[]
  readonly clock: Clock
  readonly log: Pick<Logger, 'warn'>
  /** Bounds that differ from `defaultTurnLimits`. */
  readonly limits?: Partial<TurnLimits>
  /** The addresses of this machine; by default what the system lists now. */
  readonly localAddresses?: readonly LocalAddress[]
}

export interface TurnService extends EmbeddedTurn {
  stats(): TurnStats
  /** Ends every allocation and closes every socket; resolves when none is left. */
  close(): Promise<void>
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

async function addressOf(host: string): Promise<string> {
  if (isIP(host) !== 0) return host
  if (host === 'localhost') return '127.0.0.1'
  const { address } = await lookup(host).catch((cause: unknown) => {
    throw new UsageError('host-unknown', 'HOST cannot be resolved to an address.', { cause })
  })
  return address
}

interface Ports {
  readonly server: TurnServer
  readonly limits: TurnLimits
  readonly clock: Clock
}

async function listen(at: Omit<ListenAt, 'port'>, port: TurnOptions['port'], ports: Ports): Promise<Listener> {
  try {
    return await listenBoth({ ...at, port: port.port }, ports)
  } catch (cause) {
    const code = codeOf(cause)
    if (port.kind === 'preferred' && (code === 'EADDRINUSE' || code === 'EACCES')) {
      return listenBoth({ ...at, port: 0 }, ports)
    }
    if (code === 'EADDRINUSE') {
      const words = `Port ${String(port.port)} is in use by another program: stop it, or choose another one with TURN_PORT, or TURN_PORT=off.`
      throw new UsageError('port-in-use', words, { cause })
    }
    if (code === 'EACCES') {
      throw new UsageError('port-forbidden', 'TURN_PORT may not be used by this user: choose one above 1023.', {
        cause,
      })
    }
    throw new TransportError('listen-failed', 'The TURN server cannot listen on HOST and TURN_PORT.', { cause })
  }
}

/**
 * Starts STUN and TURN over UDP and TCP on one port.
 * @throws {UsageError} `port-in-use`, `port-forbidden`, `host-unknown`: `message` is one line that says what to change.
 * @throws {TransportError} `listen-failed` for anything else.
 */
export async function startTurn(options: TurnOptions): Promise<TurnService> {
  const { clock, log, publicAddresses, port } = options
  const limits = { ...defaultTurnLimits, ...options.limits }
  const locals = options.localAddresses ?? Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const plan = planAddresses(await addressOf(options.host), publicAddresses, locals)
  const secret = randomBytes(32)
  const policy = peerPolicy({ allowed: options.allowPeers, own: plan.own })
  const server = new TurnServer({ clock, limits, secret, relays: plan.relays, policy })
  try {
    const listener = await listen(plan.listen, port, { server, limits, clock })
    const actual = listener.port
    if (!plan.loopbackOnly && port.port !== 0 && actual !== port.port) {
      log.warn(`Port ${String(port.port)} is taken: TURN listens on ${String(actual)}. TURN_PORT chooses another one.`)
    }
    return {
      port: actual,
      secret,
      publicAddresses,
      loopbackOnly: plan.loopbackOnly,
      listensOn: plan.listen.address,
      stats: () => server.stats(),
      close: async () => {
        server.close()
        await listener.close()
      },
    }
  } catch (error) {
    server.close()
    throw error
  }
}
