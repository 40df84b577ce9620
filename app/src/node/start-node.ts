import { fileURLToPath } from 'node:url'
import type { Server } from 'node:http'
import type { Clock } from '@p2pigeon/core/node'
import type { Blobs } from '../blobs/index.ts'
import type { NodeConfig } from '../config/index.ts'
import type { DataRoom } from '../data-room/index.ts'
import { startDht, type DhtService, type DhtStatus } from '../dht/index.ts'
import { closeListener, createHttpService, frontendAssets, listen, type UpgradeHandler } from '../http/index.ts'
import { createHypernat, type Hypernat } from '../hypernat/index.ts'
import type { NostrRelay } from '../nostr-relay/index.ts'
import { farEndOf, type FarEnd, type Logger } from '../platform/index.ts'
import type { Signalling } from '../signalling/index.ts'
import { startTurn, type TurnService } from '../turn/index.ts'
import { IceDesk } from './ice-desk.ts'
import { nodeName } from './node-name.ts'
import { pageUrl } from './page-url.ts'
import { startBlobs, startDataRoom, startNostrRelay, startSignalling } from './services.ts'
import { version } from './version.ts'

/** The world, and what tests replace in it. */
export interface NodePorts {
  readonly clock: Clock
  readonly log: Logger
  /** The built page; by default where the workspace builds it. */
  readonly frontendFolder?: string
  /** The DHT service; by default our own. */
  readonly startDht?: typeof startDht
}

export interface RunningNode {
  /** To open on this machine, e.g. `http://localhost:3060`. */
  readonly url: string
  readonly port: number
  /** The relay's own port, or `undefined` when it shares `port`. */
  readonly relayPort: number | undefined
  /** The port of the STUN and TURN server, or `undefined` when it is off. */
  readonly turnPort: number | undefined
  status(): DhtStatus
  /** Closes listeners, relay connections and the DHT; resolves when none is left. */
  stop(): Promise<void>
}

const builtPage = fileURLToPath(new URL('../../../frontend/dist', import.meta.url))

interface Services {
  readonly config: NodeConfig
  readonly ports: NodePorts
  readonly dht: DhtService
  readonly hypernat: Hypernat
  readonly signalling: Signalling | undefined
  readonly nostr: NostrRelay | undefined
  readonly dataRoom: DataRoom | undefined
  readonly blobs: Blobs | undefined
  readonly farEnd: FarEnd
  readonly turn: TurnService | undefined
  readonly desk: IceDesk
  readonly bound: { page: number; relay: number | undefined }
}

function httpService(services: Services): Server {
  const { config, ports, dht, hypernat, signalling, nostr, blobs, dataRoom, turn, desk, bound, farEnd } = services
  const startedAt = ports.clock.now()
  const network = (): { network: string; networkWords: string } => ({
    network: dht.network,
    networkWords: dht.status.words,
  })
  const assets = frontendAssets(ports.frontendFolder ?? builtPage)
  return createHttpService({
    boundTo: config.host,
    origins: config.origins,
    pagePort: () => bound.page,
    relayPort: () => bound.relay,
    relayUrl: config.dhtRelayUrl,
    signallingUrl: config.signallingUrl,
    nodeName: nostr === undefined ? '' : nodeName(config.dataFolder),
    nostrRelays: config.nostr.relays,
    farEnd,
    assets,
    health: () => ({
      ok: true,
      version,
      ...network(),
      uptimeSeconds: Math.max(0, Math.floor((ports.clock.now() - startedAt) / 1000)),
      relay: hypernat.stats(),
      signalling: signalling?.stats() ?? null,
      nostr: nostr?.stats() ?? null,
      dataRoom: dataRoom?.stats() ?? null,
      blobs: blobs?.stats() ?? null,
      turn: turn?.stats() ?? null,
    }),
    node: () => ({ version, ...network(), dataRoom: dataRoom !== undefined }),
    ice: (client) => desk.answer(client),
    upgrades: {
      '/dht': upgradeTo(hypernat),
      ...(signalling === undefined ? {} : { '/signalling': upgradeTo(signalling) }),
      ...(nostr === undefined ? {} : { '/nostr': upgradeTo(nostr) }),
    },
    ...(dataRoom === undefined ? {} : { data: dataRoom.handle }),
    blobs,
    nostrInformation: (host) => nostr?.information(host) ?? {},
  })
}

function upgradeTo(service: Pick<Hypernat, 'handleUpgrade'>): UpgradeHandler {
  return (request, socket, head) => {
    service.handleUpgrade(request, socket, head)
  }
}

/**
 * Starts the DHT, the TURN server, the relays, the signalling server and the listeners, in this order.
 * @throws {UsageError} `port-in-use` and its kin, with a line for the user; whatever the DHT throws.
 */
export async function startNode(config: NodeConfig, ports: NodePorts): Promise<RunningNode> {
  const closers: (() => Promise<void>)[] = []
  let ready = false
  // In reverse order, each to its end: the relay needs the DHT to withdraw what it announced.
  const stop = async (): Promise<void> => {
    const failures: unknown[] = []
    for (const close of closers.splice(0).reverse()) await close().catch((error: unknown) => failures.push(error))
    if (failures.length > 0) throw failures[0]
  }
  try {
    const dht = await (ports.startDht ?? startDht)({
      mode: config.network,
      ...(config.bootstrap.length > 0 ? { bootstrap: config.bootstrap } : {}),
      clock: ports.clock,
      // What it says while it starts is in its status, for whoever starts us to tell when all is ready.
      log: { ...ports.log, info: (line) => ready && ports.log.info(line) },
    })
    closers.push(() => dht.close())
    const { port: turnPort, publicAddresses, allowPeers } = config.turn
    const { clock, log } = ports
    const turn =
      turnPort.kind === 'off'
        ? undefined
        : await startTurn({ port: turnPort, host: config.host, publicAddresses, allowPeers, clock, log })
    if (turn !== undefined) closers.push(() => turn.close())
    const farEnd = farEndOf(config.trustedProxies)
    // Origins are judged at the door, in http, for all listeners and services alike.
    const common = { clock, log, clientAddress: farEnd.clientAddress.bind(farEnd), allowedOrigins: () => true }
    const hypernat = createHypernat({ ...common, beyond: dht })
    const signalling = startSignalling(config, common)
    const nostr = await startNostrRelay(config, common)
    const dataRoom = await startDataRoom(config, { clock, log, dht })
    const blobs = await startBlobs(config, { clock, log, dataRoom })
    const servers: Server[] = []
    // Together: a listener is closed when the sockets that came by it are.
    closers.push(async () => {
      const listeners = servers.map((server) => closeListener(server))
      await Promise.all([
        hypernat.close(),
        signalling?.close(),
        nostr?.close(),
        // What is being brought goes to the data room.
        (blobs?.close() ?? Promise.resolve()).then(() => dataRoom?.close()),
        ...listeners,
      ])
    })
    const bound: Services['bound'] = { page: config.port, relay: config.dhtRelayPort }
    const desk = new IceDesk(config, turn, clock)
    const services: Services = {
      config,
      ports,
      dht,
      hypernat,
      signalling,
      nostr,
      blobs,
      dataRoom,
      turn,
      desk,
      bound,
      farEnd,
    }
    const open = async (port: number, variable: 'PORT' | 'DHT_RELAY_PORT'): Promise<number> => {
      const server = httpService(services)
      const actual = await listen(server, { host: config.host, port, variable })
      servers.push(server)
      return actual
    }
    bound.page = await open(config.port, 'PORT')
    if (config.dhtRelayPort !== undefined) bound.relay = await open(config.dhtRelayPort, 'DHT_RELAY_PORT')
    ready = true
    return {
      url: pageUrl(config.host, bound.page),
      port: bound.page,
      relayPort: bound.relay,
      turnPort: turn?.port,
      status: () => dht.status,
      stop,
    }
  } catch (error) {
    await stop().catch(() => undefined)
    throw error
  }
}
