import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { BlobVisitor } from '../blobs/index.ts'
import type { FarEnd } from '../platform/index.ts'
import type { Assets } from './assets.ts'
import { admitHost, admitOrigin, isBehindTls, isLoopback, type RequestHost } from './hosts.ts'
import { securityHeaders } from './security-headers.ts'

export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** Answers requests under `/data/` whose host and origin the door admitted. Never rejects. */
export type DataHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  client: { readonly host: string; readonly address: string },
) => Promise<void>

/** Who asks for ICE servers, and how it reached this node. */
export interface IceClient {
  /** The name in the admitted `Host` header, in the form of `URL`. */
  readonly hostname: string
  readonly behindTls: boolean
  readonly address: string
}

export interface HttpServiceOptions {
  readonly boundTo: string
  readonly origins: readonly string[]
  /** The port of the page; known only after listening when the configuration says 0. */
  readonly pagePort: () => number
  /** The relay's own port, or `undefined` when it shares the page's. */
  readonly relayPort: () => number | undefined
  /** Addresses of the configuration: where the page connects besides this node, or instead. */
  readonly relayUrl: string | undefined
  readonly signallingUrl: string | undefined
  /** Tells this node's Nostr relay from those of other nodes at the same address, such as `localhost`. */
  readonly nodeName: string
  /** Told to the page besides our own. */
  readonly nostrRelays: readonly string[]
  /** Tells the client at the other end, also behind a proxy that is trusted. */
  readonly farEnd: FarEnd
  readonly assets: Assets | undefined
  /** Body of `/health`: words and counts, nothing about any user. */
  readonly health: () => Readonly<Record<string, unknown>>
  /** Body of `/node.json`, besides the relay's address. */
  readonly node: () => Readonly<Record<string, unknown>>
  /** Body of `/ice`, which holds credentials; `undefined` when this client has had too many. */
  readonly ice: (client: IceClient) => object | undefined
  /** The WebSocket services that this node runs. */
  readonly upgrades: Readonly<Partial<Record<ServicePath, UpgradeHandler>>>
  /** The data room, where it runs. */
  readonly data?: DataHandler
  /** Answers what is asked under `/blobs/`; undefined where the node keeps no files. */
  readonly blobs: BlobService | undefined
  /** The relay information document (NIP-11), for a relay that runs. */
  readonly nostrInformation: (host: string) => object
}

/** The store of encrypted files, as the door sees it. */
export interface BlobService {
  /** Of one file, in bytes. */
  readonly maxBytes: number
  handle(request: IncomingMessage, response: ServerResponse, visitor: BlobVisitor): void
}

const blobsPath = '/blobs'

/** Where the node's WebSocket services are. */
export const servicePaths = { dht: '/dht', signalling: '/signalling', nostr: '/nostr' } as const
export type ServicePath = (typeof servicePaths)[keyof typeof servicePaths]

const serviceNames: Readonly<Record<ServicePath, string>> = {
  '/dht': 'the DHT relay',
  '/signalling': 'the signalling server',
  '/nostr': 'the Nostr relay',
}

const isService = (path: string): path is ServicePath => path in serviceNames

/** A request's head must be whole by then: a client that dribbles bytes holds a socket, and sockets are bounded. */
const headDeadlineMs = 10_000
/** Browsers ask again after this time, s, whether a page may send what it sends to the data room. */
const preflightSeconds = 600
const idleMs = 5_000
/** A whole request, of which only uploads of files have more than a head: 32 MiB at half a megabit a second. */
const requestDeadlineMs = 600_000
/** Above what a hundred open pages need; below what one process may open. */
const maxConnections = 4_096

interface Answer {
  readonly status: number
  readonly type: 'application/json' | 'application/nostr+json' | 'text/plain; charset=utf-8'
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

const words = (status: number, body: string, headers = {}): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${body}\n`,
  headers,
})
const json = (value: unknown, headers = {}): Answer => ({
  status: 200,
  type: 'application/json',
  body: JSON.stringify(value),
  headers,
})

/** How a client sees this node. */
interface View extends RequestHost {
  readonly behindTls: boolean
}

/** Undefined when the node does not answer to that name. */
function viewOf(request: IncomingMessage, options: HttpServiceOptions): View | undefined {
  const host = admitHost(request.headers.host, options)
  return host && { ...host, behindTls: isBehindTls(host, options) || options.farEnd.cameByTls(request) }
}

const pathOf = (request: IncomingMessage): string => (request.url ?? '').replace(/[?#].*$/s, '')

/** Where the page finds the relay, as seen from the browser that asks. */
function relayUrlFor(host: View, options: HttpServiceOptions): string {
  if (options.relayUrl !== undefined) return options.relayUrl
  const port = options.relayPort()
  const scheme = host.behindTls ? 'wss' : 'ws'
  return `${scheme}://${port === undefined ? host.host : `${host.hostname}:${String(port)}`}${servicePaths.dht}`
}

/** Where the page finds what `/node.json` tells of; services that are off are left out. */
function addressesFor(host: View, options: HttpServiceOptions) {
  const { upgrades, signallingUrl, nostrRelays, blobs } = options
  const own = (path: ServicePath): string => `${host.behindTls ? 'wss' : 'ws'}://${host.host}${path}`
  const signalling = signallingUrl ?? (upgrades['/signalling'] && own('/signalling'))
  return {
    dhtRelayUrl: relayUrlFor(host, options),
    ...(signalling === undefined ? {} : { signallingUrl: signalling }),
    nostrRelayUrls: [...(upgrades['/nostr'] ? [`${own('/nostr')}?n=${options.nodeName}`] : []), ...nostrRelays],
    ...(blobs === undefined ? {} : { blobs: { url: blobsUrlFor(host), maxBytes: blobs.maxBytes } }),
  }
}

/** Credentials, for pages that may also open the relay, and readable by those alone. Other pages shall not spend them either. */
function iceFor(request: IncomingMessage, host: View, options: HttpServiceOptions): Answer {
  const { origin } = request.headers
  if (!admitOrigin(origin, host, { ...options, pagePort: options.pagePort() })) {
    return words(403, 'Pages of other origins get no ICE servers; see PIGEON_ORIGINS.')
  }
  const { hostname, behindTls } = host
  const body = options.ice({ hostname, behindTls, address: options.farEnd.clientAddress(request) })
  const readers = origin === undefined ? {} : { 'Access-Control-Allow-Origin': origin, Vary: 'Origin' }
  return body === undefined ? words(429, 'Too many requests.', { 'Retry-After': '1' }) : json(body, readers)
}

function answerFor(request: IncomingMessage, host: View, options: HttpServiceOptions): Answer | undefined {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return words(405, 'Only GET and HEAD are answered here.', { Allow: 'GET, HEAD' })
  }
  const path = pathOf(request)
  if (isService(path)) return serviceAnswer(request, path, host, options)
  // Never the page: whoever asks for a file would take it for a damaged one.
  if (path.startsWith(`${blobsPath}/`)) return words(404, 'This node keeps no files.')
  switch (path) {
    case '/health':
      return json(options.health())
    case '/node.json':
      return json({ ...options.node(), ...addressesFor(host, options) })
    case '/ice':
      return iceFor(request, host, options)
    default:
      return undefined
  }
}

const isData = (request: IncomingMessage): boolean => pathOf(request).startsWith('/data/')

/** The data room is for pages that may use this node, and for programs, which send no origin. Its answers are readable by those pages alone. */
function answerData(request: IncomingMessage, response: ServerResponse, host: View, options: HttpServiceOptions): void {
  const { origin } = request.headers
  const refuse = (status: number, code: string): void => {
    response.shouldKeepAlive = false
    write(request, response, { ...json({ code }), status })
  }
  if (!admitOrigin(origin, host, { ...options, pagePort: options.pagePort() })) {
    refuse(403, 'origin-refused')
    return
  }
  response.setHeader('Vary', 'Origin')
  if (origin !== undefined) {
    response.setHeader('Access-Control-Allow-Origin', origin)
    response.setHeader('Access-Control-Expose-Headers', 'Journal-Length, Content-Range, Accept-Ranges, Retry-After')
  }
  if (options.data === undefined) refuse(404, 'no-data-room')
  else if (request.method === 'OPTIONS') {
    response.writeHead(204, {
      'Access-Control-Allow-Methods': 'GET, PUT, POST, DELETE',
      'Access-Control-Allow-Headers': 'Authorization, Content-Type, Range',
      'Access-Control-Max-Age': preflightSeconds,
    })
    response.end()
  } else void options.data(request, response, { host: host.host, address: options.farEnd.clientAddress(request) })
}

/** A WebSocket service asked by plain HTTP. */
function serviceAnswer(request: IncomingMessage, path: ServicePath, host: View, options: HttpServiceOptions): Answer {
  if (options.upgrades[path] === undefined) return words(404, 'This node does not run that service.')
  if (path === servicePaths.nostr && request.headers.accept?.includes('application/nostr+json') === true) {
    // Readable by every page: it is the same for all, and clients of all kinds look at it.
    const answer = json(options.nostrInformation(host.host), { 'Access-Control-Allow-Origin': '*' })
    return { ...answer, type: 'application/nostr+json' }
  }
  return words(426, `This is ${serviceNames[path]}: connect by WebSocket.`, { Upgrade: 'websocket' })
}

function write(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, {
    ...answer.headers,
    'Content-Type': answer.type,
    'Content-Length': Buffer.byteLength(answer.body),
    'Cache-Control': 'no-store',
  })
  response.end(request.method === 'HEAD' ? undefined : answer.body)
}

const refusals = { 400: 'Bad Request', 403: 'Forbidden', 404: 'Not Found' }

function refuseUpgrade(socket: Duplex, status: keyof typeof refusals): void {
  socket.end(`HTTP/1.1 ${String(status)} ${refusals[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** An HTTP server that is not listening yet. Call it once per listener: both guard the relay alike. */
export function createHttpService(options: HttpServiceOptions): Server {
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const host = viewOf(request, options)
    const connectSources = host === undefined ? [] : connectSourcesFor(host, options)
    const behindTls = host?.behindTls === true
    for (const [name, value] of Object.entries(securityHeaders({ connectSources, behindTls, path: pathOf(request) }))) {
      response.setHeader(name, value)
    }
    if (host === undefined) {
      write(request, response, words(421, 'This node does not answer to that name; see PIGEON_ORIGINS.'))
      return
    }
    if (isData(request)) {
      answerData(request, response, host, options)
      return
    }
    if (options.blobs !== undefined && pathOf(request).startsWith(`${blobsPath}/`)) {
      options.blobs.handle(request, response, blobVisitor(request, host, options))
      return
    }
    // Nobody else reads a body: whoever sends one all the same is not listened to.
    if (hasBody(request)) response.setHeader('Connection', 'close')
    const answer = answerFor(request, host, options)
    if (answer !== undefined) write(request, response, answer)
    else if (options.assets === undefined) write(request, response, words(404, 'The page is not built: run npm start.'))
    else {
      options.assets(request, response, () => {
        write(request, response, words(404, 'There is nothing here.'))
      })
    }
  }

  const server = createServer(
    {
      headersTimeout: headDeadlineMs,
      requestTimeout: requestDeadlineMs,
      keepAliveTimeout: idleMs,
      connectionsCheckingInterval: 2_000,
    },
    handle,
  )
  server.maxConnections = maxConnections
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // The socket may fail while nobody else listens to it; without a listener that would end the process.
    socket.on('error', () => socket.destroy())
    const host = viewOf(request, options)
    const path = pathOf(request)
    const upgrade = isService(path) ? options.upgrades[path] : undefined
    if (upgrade === undefined) refuseUpgrade(socket, 404)
    else if (host === undefined) refuseUpgrade(socket, 400)
    else if (!mayEnter(request.headers.origin, path, host, options)) refuseUpgrade(socket, 403)
    else upgrade(request, socket, head)
  })
  return server
}

/**
 * Pages of this node may enter everywhere. The Nostr relay of a node that others know by name is for every client: people of other nodes bring their mail there.
 * No cookie is read at any door.
 */
function mayEnter(origin: string | undefined, path: string, host: View, options: HttpServiceOptions): boolean {
  if (path === servicePaths.nostr && !isLoopback(host.hostname)) return true
  return admitOrigin(origin, host, { ...options, pagePort: options.pagePort() })
}

/**
 * Pages of this node bring files and fetch them. Those of a node that others know by name are for every page: people of other nodes fetch what was sent to them,
 * and nobody does who was not told the hash.
 */
function blobVisitor(request: IncomingMessage, host: View, options: HttpServiceOptions): BlobVisitor {
  const { origin } = request.headers
  const mayUpload = admitOrigin(origin, host, { ...options, pagePort: options.pagePort() })
  const readers = mayUpload ? origin : isLoopback(host.hostname) ? undefined : '*'
  return { address: options.farEnd.clientAddress(request), baseUrl: blobsUrlFor(host), mayUpload, readers }
}

function blobsUrlFor({ behindTls, host }: View): string {
  return `${behindTls ? 'https' : 'http'}://${host}${blobsPath}`
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
}

/** Sockets that the page may open; those of this node are `'self'` to some browsers only. */
function connectSourcesFor(host: View, options: HttpServiceOptions): string[] {
  const { dhtRelayUrl, signallingUrl, nostrRelayUrls } = addressesFor(host, options)
  const urls = [dhtRelayUrl, ...(signallingUrl === undefined ? [] : [signallingUrl]), ...nostrRelayUrls]
  const sources = urls.map(sourceOf)
  // Mail goes to the relays that its reader names, and people may add their own: which ones, nobody knows beforehand.
  if (nostrRelayUrls.length > 0) sources.push('wss:')
  // A relay on one's own machine, for a page that is there too and nowhere else.
  if (nostrRelayUrls.length > 0 && isLoopback(host.hostname)) sources.push('ws://localhost:*', 'ws://127.0.0.1:*')
  // The same of files, which are with the node of whoever sent them.
  if (nostrRelayUrls.length > 0 && options.blobs !== undefined) sources.push('https:')
  return [...new Set(sources)]
}

/** A CSP source for a socket address: scheme, host and port; a path there would have to match exactly. */
function sourceOf(url: string): string {
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}`
}
