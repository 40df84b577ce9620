import { ProtocolManager, type ProtocolConfigs, type Room, type RoomMemory, type RoomView } from '../../src/index.ts'
import { nativeDhtCarrier, nodeRuntime } from '../../src/node.ts'
import { startDhtTestnet } from '../../src/testing/index.ts'

/** A private DHT and people on it; everything ends with `close`. */
export interface Village {
  /** `host:port` of a node of the DHT. */
  readonly bootstrap: readonly string[]
  person(name: string, configs?: Partial<ProtocolConfigs>): Promise<Person>
  close(): Promise<void>
}

export interface Person {
  readonly name: string
  readonly manager: ProtocolManager
  join(link: string): Promise<Room>
}

export async function village(): Promise<Village> {
  const testnet = await startDhtTestnet(6)
  const { bootstrap } = testnet
  const managers: ProtocolManager[] = []
  return {
    bootstrap,
    async person(name, configs = {}) {
      const manager = new ProtocolManager()
      await manager.initialize({
        displayName: name,
        runtime: nodeRuntime(),
        serverlessMesh: { carrier: nativeDhtCarrier({ bootstrap, host: '127.0.0.1' }) },
        ...configs,
      })
      managers.push(manager)
      return { name, manager, join: (link) => manager.joinRoom(link) }
    },
    async close() {
      await Promise.all(managers.map((manager) => manager.close()))
      await testnet.close()
    },
  }
}

/** Resolves as soon as the room's picture satisfies `holds`. */
export function seen(room: Room, holds: (view: RoomView) => boolean): Promise<RoomView> {
  return new Promise((resolve) => {
    const check = (): void => {
      const view = room.view()
      if (!holds(view)) return
      stop()
      resolve(view)
    }
    const stop = room.subscribe(check)
    queueMicrotask(check)
  })
}

export function connectedNames(view: RoomView): string[] {
  return view.participants.filter(({ connection }) => connection.kind === 'connected').map(({ name }) => name)
}

/** Keeps what it is given, as a disk would. */
export function disk(): RoomMemory {
  let kept: Uint8Array | undefined
  return {
    load: () => Promise.resolve(kept),
    save: (bytes) => {
      kept = bytes
      return Promise.resolve()
    },
  }
}
