import type { PeerId } from '../identity/index.ts'
import type { RoomFileAccess } from '../room/index.ts'

/** The files of a room in which everybody may write, and in which nobody tells anything. */
export function silentFiles(peerId: PeerId): RoomFileAccess {
  const nothing = (): (() => void) => () => undefined
  return {
    roomId: new Uint8Array(16),
    identity: { publicKey: new Uint8Array(32), peerId, sign: () => Promise.resolve(new Uint8Array(64)) },
    rights: { epoch: () => 0, mayWrite: () => true, counts: () => true, onChange: nothing },
    nearer: () => [],
    lend: nothing,
    talk: { tellMasters: nothing, tellDrives: nothing, onMasters: nothing, onDrives: nothing, onSomebody: nothing },
  }
}
