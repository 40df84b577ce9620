import { randomBytes } from 'node:crypto'
import { subprotocols } from '@p2pigeon/core/relay-protocol'
import { createHypernat, type Hypernat, type HypernatOptions, type HypernatStats } from '../hypernat/index.ts'
import { BusNode } from './bus-node.ts'
import type { Bus } from './bus/index.ts'

export interface SignallingOptions extends Omit<HypernatOptions, 'beyond' | 'subprotocol'> {
  /** What this server shares with others; the caller closes it. */
  readonly bus: Bus
}

export interface SignallingStats extends HypernatStats {
  /** `lost`: clients of other servers cannot be met now. */
  readonly bus: Bus['state']
}

/** Takes over HTTP upgrades, counts, and ends; as a relay does. */
export interface Signalling extends Hypernat {
  stats(): SignallingStats
}

/**
 * A signalling server: the desk of a DHT relay, with a bus in the DHT's place. It keeps nothing but who is connected now, so any number of
 * them behind any load balancer are one, as long as they share a bus.
 */
export function createSignalling({ bus, ...options }: SignallingOptions): Signalling {
  const node = new BusNode({ bus, clock: options.clock, random: (length) => new Uint8Array(randomBytes(length)) })
  const server = createHypernat({ ...options, beyond: node, subprotocol: subprotocols.server })
  return {
    handleUpgrade: (request, socket, head) => {
      server.handleUpgrade(request, socket, head)
    },
    stats: () => ({ ...server.stats(), bus: bus.state }),
    close: async () => {
      await server.close()
      node.close()
    },
  }
}
