import { browserRuntime, importSeed } from '@p2pigeon/core'
import {
  DataRoom,
  localWork,
  NodeStore,
  passingMemory,
  roomIdentity,
  Scope,
  sessionKey,
  type DataRoomView,
  type DriveStore,
  type RememberedFiles,
} from '@p2pigeon/core/files'

const roomId = new Uint8Array(16).fill(5)
const seed = new Uint8Array(32).fill(9)
const { clock, random } = browserRuntime()

export interface ClientRoom {
  readonly room: DataRoom
  /** What this device remembers now. */
  readonly remembered: () => RememberedFiles | undefined
  /** Resolves when the view says so; looks at each change. */
  until(is: (view: DataRoomView) => boolean): Promise<void>
  end(): void
}

/** The only member of a room, whose log lets everything count. */
export async function clientRoom(store: DriveStore, kept?: RememberedFiles): Promise<ClientRoom> {
  const scope = new Scope()
  const nothing = (): (() => void) => () => undefined
  let remembered = kept
  const room = await DataRoom.open(
    {
      ...{
        roomId,
        identity: await roomIdentity(await importSeed(seed), roomId),
        store,
        work: localWork,
        clock,
        random,
      },
      memory: {
        load: () => Promise.resolve(kept),
        keep: (files) => {
          remembered = files
          return Promise.resolve()
        },
      },
      uploads: passingMemory(),
      rights: { epoch: () => 0, mayWrite: () => true, counts: () => true, onChange: nothing },
      talk: { tellMasters: nothing, tellDrives: nothing, onMasters: nothing, onDrives: nothing, onSomebody: nothing },
    },
    scope,
  )
  return {
    room,
    remembered: () => remembered,
    until: (is) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!is(room.view)) return
          undo()
          resolve()
        }
        const undo = room.on('viewChanged', look)
        look()
      }),
    end: () => {
      scope.end()
    },
  }
}

/** A node over HTTP. */
export async function storeAt(port: number): Promise<DriveStore> {
  const key = await sessionKey(await importSeed(seed), roomId)
  return new NodeStore({ url: `http://127.0.0.1:${port}`, key, clock, random, fetch: (...given) => fetch(...given) })
}
