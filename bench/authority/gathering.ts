import { ProtocolManager, type Room, type RoomView } from '@p2pigeon/core'
import { nativeDhtCarrier, nodeRuntime } from '@p2pigeon/core/node'
import { startDhtTestnet, type DhtTestnet } from '@p2pigeon/core/testing'

/** Headless people on a DHT of this run alone. */
export class Gathering {
  readonly #testnet: DhtTestnet
  readonly #managers: ProtocolManager[] = []

  private constructor(testnet: DhtTestnet) {
    this.#testnet = testnet
  }

  static async start(): Promise<Gathering> {
    return new Gathering(await startDhtTestnet(6))
  }

  async person(name: string): Promise<ProtocolManager> {
    const manager = new ProtocolManager()
    const carrier = nativeDhtCarrier({ bootstrap: this.#testnet.bootstrap, host: '127.0.0.1' })
    await manager.initialize({ displayName: name, runtime: nodeRuntime(), serverlessMesh: { carrier } })
    this.#managers.push(manager)
    return manager
  }

  /** A room with so many people, all connected; the first is the host. */
  async room(count: number): Promise<readonly Room[]> {
    const people = await Promise.all(Array.from({ length: count }, (_, index) => this.person(`P${String(index)}`)))
    const link = (await people[0]?.createRoomLink({ privacy: 'lan' })) ?? ''
    const rooms = await Promise.all(people.map((person) => person.joinRoom(link)))
    await Promise.all(rooms.map((room) => seen(room, (view) => connected(view) === count - 1)))
    return rooms
  }

  async close(): Promise<void> {
    await Promise.all(this.#managers.map((manager) => manager.close()))
    await this.#testnet.close()
  }
}

/** Resolves as soon as the room's picture satisfies `holds`. */
export function seen(room: Room, holds: (view: RoomView) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (!holds(room.view())) return
      stop()
      resolve()
    }
    const stop = room.subscribe(check)
    queueMicrotask(check)
  })
}

export function connected({ participants }: RoomView): number {
  return participants.filter(({ connection }) => connection.kind === 'connected').length
}
