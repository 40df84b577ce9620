import type { Room, Runtime } from '@p2pigeon/core'
import { Scope } from '@p2pigeon/core/files'
import { Copies } from './copies.ts'
import { browserDisk } from './disk.ts'
import { namesSeen } from './names-seen.ts'
import { nodeStore, openRoomFiles, type RoomFilesPorts } from './open-room-files.ts'
import type { RoomFiles } from './room-files.ts'
import { workerWork } from './worker-work.ts'

export interface PageFilesPorts {
  readonly room: Room
  /** Address of the page's node, without a path. */
  readonly nodeUrl: string
  /** The user's, as an HKDF key. */
  readonly seed: CryptoKey
  readonly keeper: RoomFilesPorts['keeper']
  /** Names the slots of this room, and tells nobody which one it is. */
  readonly slotId: string
  readonly runtime: Pick<Runtime, 'clock' | 'random'>
}

/** Opens the files of a room that this page is in, over its node, a worker and this device's disk; until `signal` aborts. @throws what the vault throws. */
export async function openInPage(ports: PageFilesPorts, signal: AbortSignal): Promise<RoomFiles> {
  signal.throwIfAborted()
  const { room, nodeUrl, seed, keeper, slotId, runtime } = ports
  const scope = new Scope()
  const end = (): void => scope.end()
  signal.addEventListener('abort', end, { once: true })
  scope.onEnd(() => signal.removeEventListener('abort', end))
  try {
    const { clock, random } = runtime
    const { roomId, identity, rights, talk, nearer, lend } = room.files
    const { work, end: endWork } = workerWork()
    scope.onEnd(endWork)
    const names = namesSeen(room)
    scope.onEnd(names.end)
    const store = await nodeStore(nodeUrl, seed, { roomId, clock, random })
    const copies = new Copies({ keeper, slotId, seed, roomId, store }, scope.signal)
    await copies.goOn()
    return await openRoomFiles(
      {
        ...{ copies, roomId, identity, rights, talk, nearer, lend, clock, random, work, keeper, store, slotId },
        disk: browserDisk,
        name: room.roomId,
        hidesDetails: room.view().policy.privacy !== 'standard',
        nameOf: names.nameOf,
      },
      scope,
    )
  } catch (error) {
    scope.end()
    throw error
  }
}
