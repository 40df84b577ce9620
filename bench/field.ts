import type { RowName } from './arguments.ts'
import type { Cleanup } from './cleanup.ts'
import { bundle, type Contender } from './runner/index.ts'
import {
  startDhtBootstrap,
  startNostrRelay,
  startPageServer,
  startPeerServer,
  startPigeonNode,
  startSignaller,
  type PigeonNode,
} from './servers/index.ts'

export interface Entrant extends Contender {
  readonly name: RowName
  readonly gzipBytes: number
}

export interface Field {
  readonly entrants: readonly Entrant[]
  /** One of our nodes, when a row of ours runs: it serves the app whose first load is weighed. */
  readonly node: PigeonNode | undefined
}

/** Bundles the pages of `rows` and starts the servers they need. */
export async function startField(rows: readonly RowName[], cleanup: Cleanup): Promise<Field> {
  const bundles = new Map(
    await Promise.all([...new Set(rows.map(scriptOf))].map(async (name) => [name, await bundle(name)] as const)),
  )
  const pages = cleanup.use(await startPageServer(new Map([...bundles].map(([name, { page }]) => [name, page]))))
  const { endpoints, node } = await startServers(rows, pages.url, cleanup)
  const entrants = rows.map((name): Entrant => {
    const [hostEndpoint, joinerEndpoint = hostEndpoint] = endpoints.get(name) ?? ['']
    const script = scriptOf(name)
    const gzipBytes = bundles.get(script)?.gzipBytes ?? 0
    const ice = relayedRows.has(name) && node !== undefined ? `${node.url}/ice` : undefined
    return { name, page: `${pages.url}/${script}`, hostEndpoint, joinerEndpoint, ice, gzipBytes }
  })
  return { entrants, node }
}

const relayedRows: ReadonlySet<RowName> = new Set(['floor-relayed', 'p2pigeon-hidden'])
const scripts: Partial<Record<RowName, string>> = {
  'p2pigeon-two-nodes': 'p2pigeon',
  'p2pigeon-hidden': 'p2pigeon',
  'floor-relayed': 'floor',
}
const scriptOf = (row: RowName): string => scripts[row] ?? row

interface Servers {
  /** The host's endpoint, and the joiner's if it is another one. */
  readonly endpoints: ReadonlyMap<RowName, readonly [string, string?]>
  readonly node: PigeonNode | undefined
}

async function startServers(rows: readonly RowName[], origin: string, cleanup: Cleanup): Promise<Servers> {
  const endpoints = new Map<RowName, readonly [string, string?]>()
  if (rows.some((row) => scriptOf(row) === 'floor' || row === 'simple-peer')) {
    const { url } = cleanup.use(await startSignaller())
    endpoints.set('floor', [url]).set('floor-relayed', [url]).set('simple-peer', [url])
  }
  if (rows.includes('peerjs')) endpoints.set('peerjs', [cleanup.use(await startPeerServer()).url])
  if (rows.includes('trystero')) endpoints.set('trystero', [cleanup.use(await startNostrRelay()).url])
  if (!rows.some((row) => scriptOf(row) === 'p2pigeon' || relayedRows.has(row))) return { endpoints, node: undefined }

  const bootstrap = cleanup.use(await startDhtBootstrap())
  const environment = { PIGEON_DHT_BOOTSTRAP: bootstrap.url, PIGEON_ORIGINS: origin }
  const node = cleanup.use(await startPigeonNode(environment))
  endpoints.set('p2pigeon', [node.relayUrl]).set('p2pigeon-hidden', [node.relayUrl])
  if (rows.includes('p2pigeon-two-nodes')) {
    const second = cleanup.use(await startPigeonNode(environment))
    endpoints.set('p2pigeon-two-nodes', [node.relayUrl, second.relayUrl])
  }
  return { endpoints, node }
}
