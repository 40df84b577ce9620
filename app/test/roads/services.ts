import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { systemClock } from '@p2pigeon/core/node'
import { createHypernat } from '../../src/hypernat/index.ts'
import { createNostrRelay } from '../../src/nostr-relay/index.ts'
import { createSignalling, LocalBus } from '../../src/signalling/index.ts'
import type { DhtService } from '../../src/dht/index.ts'
import { silentLog } from '../dht/relay-fixture.ts'

/** What the services of one kind have in common. */
interface Running {
  handleUpgrade: ReturnType<typeof createHypernat>['handleUpgrade']
  close(): Promise<void>
}

/** A service at an address of its own, which dies without a word and comes back where it was. */
export class MortalService {
  readonly #start: () => Running
  #running: Running | undefined
  #server: Server | undefined
  #sockets = new Set<Socket>()
  #port = 0

  constructor(start: () => Running) {
    this.#start = start
  }

  static async start(start: () => Running): Promise<MortalService> {
    const service = new MortalService(start)
    await service.revive()
    return service
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}/`
  }

  get isAlive(): boolean {
    return this.#server !== undefined
  }

  async revive(): Promise<void> {
    if (this.isAlive) return
    const running = this.#start()
    const server = createServer()
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    server.on('upgrade', (request, socket, head) => {
      running.handleUpgrade(request, socket, head)
    })
    await new Promise<void>((listening) => server.listen(this.#port, '127.0.0.1', listening))
    this.#port = (server.address() as AddressInfo).port
    this.#running = running
    this.#server = server
  }

  async kill(): Promise<void> {
    const [server, running] = [this.#server, this.#running]
    this.#server = undefined
    const closed = new Promise((done) => (server === undefined ? done(undefined) : server.close(done)))
    for (const socket of this.#sockets) socket.destroy()
    await running?.close()
    await closed
  }
}

/** Tests look again at once until somebody is found, which would use up what a service allows one address. */
const limits = { requestBurst: 1e6, connectionBurst: 1e6, maxConnectsPerMinute: 1e6 }
const common = { clock: systemClock, log: silentLog }

export const dhtRelay = (dht: DhtService): Promise<MortalService> =>
  MortalService.start(() => createHypernat({ ...common, beyond: dht, limits }))

export const signallingServer = (): Promise<MortalService> =>
  MortalService.start(() => createSignalling({ ...common, bus: new LocalBus(), limits }))

export const nostrRelay = (): Promise<MortalService> =>
  MortalService.start(() => createNostrRelay({ ...common, file: ':memory:' }))
