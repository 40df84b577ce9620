import { isIPv4 } from 'node:net'
import {
  createRoomLink,
  encodeRoomLink,
  importSeed,
  ProtocolManager,
  standardPolicy,
  type Carrier,
  type Runtime,
} from '@p2pigeon/core'
import { nativeDhtCarrier, parseBootstrap } from '@p2pigeon/core/node'
import { startDht } from '../dht/index.ts'
import { nodeIceSource, originOf } from './ice-source.ts'
import type { ClientOptions, OpenClient } from './run-cli.ts'

interface Road {
  readonly carrier: Carrier
  /** Ends what the carrier stands on. */
  close(): Promise<void>
}

const machine = '127.0.0.1'

/** How to join through these nodes. When all of them are on this machine, so is everyone there: no NAT has to be guessed. */
export function roadTo(bootstrap: readonly string[]): { bootstrap?: readonly string[]; host?: string } {
  if (bootstrap.length === 0) return {}
  const hosts = bootstrap.map((endpoint) => parseBootstrap(endpoint).host)
  const here = hosts.every((host) => host === 'localhost' || (isIPv4(host) && host.startsWith('127.')))
  return here ? { bootstrap, host: machine } : { bootstrap }
}

/**
 * The DHT that this machine reaches, chosen as the node chooses it. On the local one the service stays: it may run the
 * bootstrap node that others here meet at.
 */
async function openDht({ config, warn }: ClientOptions, { clock }: Runtime): Promise<Road> {
  const dht = await startDht({
    mode: config.network,
    ...(config.bootstrap.length > 0 ? { bootstrap: config.bootstrap } : {}),
    clock,
    log: { info: () => undefined, warn: () => undefined },
  })
  if (dht.network === 'public') {
    await dht.close()
    return { carrier: nativeDhtCarrier({ ...roadTo(config.bootstrap), clock }), close: () => Promise.resolve() }
  }
  dht.onNetworkChanged(() => {
    warn('* The public network answers now: leave and join again to meet people there.')
  })
  return {
    carrier: nativeDhtCarrier({ bootstrap: dht.bootstrap, host: machine, clock }),
    close: () => dht.close(),
  }
}

/** A `ProtocolManager` on the DHT, or on the given relays. */
export async function openClient(options: ClientOptions, runtime: Runtime): Promise<OpenClient> {
  const { seed, name, relayUrls, link, config, roomMemory } = options
  const origin = originOf(link)
  const road = relayUrls.length > 0 ? undefined : await openDht(options, runtime)
  const manager = new ProtocolManager()
  await manager.initialize({
    seed,
    ...(name === undefined ? {} : { displayName: name }),
    ...(roomMemory && { roomMemory }),
    iceServers: origin === undefined ? configured(config) : nodeIceSource(origin),
    serverlessMesh: road === undefined ? { relayUrls } : { carrier: road.carrier },
    runtime,
  })
  return {
    joinRoom: (link) => manager.joinRoom(link),
    sendMessage: (roomId, content) => manager.sendMessage(roomId, content),
    on: (event, listener) => manager.on(event, listener),
    async close() {
      await manager.close()
      await road?.close()
    },
  }
}

/** The servers of this machine's own configuration, for a link that names no node. */
function configured({ iceServers }: ClientOptions['config']): RTCIceServer[] {
  return iceServers.map(({ urls, username, credential }) => ({
    urls: [...urls],
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential: credential.reveal() }),
  }))
}

/** The code of a link to a new room whose host is the seed's owner; needs no network. */
export async function freshLinkCode(seed: Uint8Array<ArrayBuffer>, runtime: Runtime): Promise<string> {
  return encodeRoomLink(await createRoomLink(await importSeed(seed), runtime.random, standardPolicy))
}
