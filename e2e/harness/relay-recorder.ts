import { createServer, type IncomingMessage, request as httpRequest, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'

/** The WebSocket services of a node. */
export type Service = 'dht' | 'signalling' | 'nostr'

type Direction = 'toRelay' | 'toPage'

/** What a relay that is not to be trusted does to the frames that pass it; `undefined` drops the frame. */
export type Tamper = (frame: Buffer, direction: Direction) => Buffer | undefined

const bytesOf = (data: WebSocket.RawData): Buffer =>
  Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)

/**
 * An observer between a page and its node. Everything that passes, in both directions, is kept: heads and bodies of
 * HTTP, and the payload of every WebSocket message (unmasked, and never compressed, so that a search can find it).
 */
export class RelayRecorder {
  readonly #server: Server
  readonly #target: URL
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, handleProtocols: firstOffered })
  readonly #http: Buffer[] = []
  readonly #frames: Record<Direction, Buffer[]> = { toRelay: [], toPage: [] }
  #tamper: Tamper = (frame) => frame
  readonly #blocked = new Set<string>()
  readonly #joined = new Map<WebSocket, string>()

  private constructor(target: URL) {
    this.#target = target
    this.#server = createServer((request, response) => {
      this.#forward(request, response)
    })
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#http.push(headOf(request))
      if (this.#blocked.has(pathOf(request))) {
        socket.destroy()
        return
      }
      this.#sockets.handleUpgrade(request, socket, head, (page) => {
        this.#join(page, request)
      })
    })
  }

  /** Listens on a free port and passes everything on to the node at `target`. */
  static async start(target: string): Promise<RelayRecorder> {
    const recorder = new RelayRecorder(new URL(target))
    recorder.#server.listen(0, '127.0.0.1')
    await once(recorder.#server, 'listening')
    return recorder
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`
  }

  /** Bytes of WebSocket payload seen so far in one direction. */
  carried(direction: Direction): number {
    return this.#frames[direction].reduce((sum, frame) => sum + frame.length, 0)
  }

  /** True if these bytes passed: inside one message, or across the seams of the stream of messages. */
  saw(needle: string | Uint8Array): boolean {
    const wanted = Buffer.from(needle)
    const streams = [this.#http, this.#frames.toRelay, this.#frames.toPage]
    return streams.some((parts) => Buffer.concat(parts).includes(wanted))
  }

  /** From now on every frame goes through `tamper`. */
  lieBy(tamper: Tamper): void {
    this.#tamper = tamper
  }

  /** Cuts every connection that stands; new ones may come. */
  cut(): void {
    for (const page of this.#sockets.clients) page.terminate()
  }

  /** Lets nobody through to these services until `unblock`, and cuts who is. */
  block(...services: readonly Service[]): void {
    for (const service of services) {
      this.#blocked.add(`/${service}`)
      for (const [page, path] of this.#joined) if (path === `/${service}`) page.terminate()
    }
  }

  unblock(...services: readonly Service[]): void {
    for (const service of services) this.#blocked.delete(`/${service}`)
  }

  async close(): Promise<void> {
    this.cut()
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #forward(request: IncomingMessage, response: ServerResponse): void {
    this.#http.push(headOf(request))
    const { hostname, port } = this.#target
    const onward = httpRequest(
      { hostname, port, method: request.method, path: request.url, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.on('data', (part: Buffer) => this.#http.push(part))
        answer.pipe(response)
      },
    )
    onward.on('error', () => response.destroy())
    request.on('data', (part: Buffer) => this.#http.push(part))
    request.pipe(onward)
  }

  #join(page: WebSocket, request: IncomingMessage): void {
    const address = new URL(request.url ?? '/', this.#target)
    address.protocol = 'ws:'
    const protocols = request.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim()) ?? []
    const relay = new WebSocket(address, protocols, {
      perMessageDeflate: false,
      headers: { host: request.headers.host ?? '', ...(request.headers.origin && { origin: request.headers.origin }) },
    })
    this.#joined.set(page, pathOf(request))
    page.on('close', () => this.#joined.delete(page))
    const early: [Buffer, boolean][] = []
    const pass = (direction: Direction, data: WebSocket.RawData): Buffer | undefined => {
      const frame = bytesOf(data)
      this.#frames[direction].push(frame)
      return this.#tamper(frame, direction)
    }
    page.on('message', (data, isBinary) => {
      const frame = pass('toRelay', data)
      if (frame === undefined) return
      if (relay.readyState === WebSocket.CONNECTING) early.push([frame, isBinary])
      else if (relay.readyState === WebSocket.OPEN) relay.send(frame, { binary: isBinary })
    })
    relay.on('open', () => {
      for (const [frame, binary] of early.splice(0)) relay.send(frame, { binary })
    })
    relay.on('message', (data, isBinary) => {
      const frame = pass('toPage', data)
      if (frame !== undefined && page.readyState === WebSocket.OPEN) page.send(frame, { binary: isBinary })
    })
    const end = (): void => {
      page.terminate()
      relay.terminate()
    }
    for (const socket of [page, relay]) socket.on('close', end).on('error', end)
  }
}

const pathOf = ({ url }: IncomingMessage): string => (url ?? '/').replace(/\?.*$/, '')

const headOf = ({ method, url, rawHeaders }: IncomingMessage): Buffer =>
  Buffer.from(`${method ?? ''} ${url ?? ''}\n${rawHeaders.join('\n')}\n`)

const firstOffered = (offered: Set<string>): string | false => [...offered][0] ?? false
