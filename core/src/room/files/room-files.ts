import { batchStanding, mayCount, mayWriteFiles, type LogState } from '../../control-log/index.ts'
import type { FileRights } from '../../files/index.ts'
import type { RoomIdentity } from '../../identity/index.ts'
import { Emitter } from '../../lifetime/index.ts'
import type { RoomFileAccess } from '../view.ts'
import { DirectFiles, type DirectFilesPorts } from './direct-files.ts'
import { Talk, type TalkPorts } from './talk.ts'

export interface RoomFilesPorts extends Omit<TalkPorts, 'epoch' | 'mayCount'>, DirectFilesPorts {
  readonly identity: RoomIdentity
  readonly state: () => LogState
}

/** What the files of a room need of it. */
export class RoomFiles implements RoomFileAccess {
  readonly roomId: Uint8Array
  readonly identity: RoomIdentity
  readonly rights: FileRights
  readonly talk: Talk
  readonly direct: DirectFiles
  readonly nearer: RoomFileAccess['nearer']
  readonly lend: RoomFileAccess['lend']
  readonly #events = new Emitter<{ changed: () => void }>()

  constructor(ports: RoomFilesPorts) {
    const { state, identity } = ports
    const epoch = (): number => state().fileEpoch
    const self = identity.peerId
    this.roomId = ports.roomId
    this.identity = identity
    this.rights = {
      epoch,
      mayWrite: () => mayWriteFiles(state(), self),
      counts: (batch, journal) => batchStanding(state(), batch, journal) === 'counts',
      onChange: (changed) => this.#events.on('changed', changed),
    }
    this.talk = new Talk({ ...ports, epoch, mayCount: (author) => mayCount(state(), author) })
    this.direct = new DirectFiles(ports)
    this.nearer = (author) => this.direct.nearer(author)
    this.lend = (what) => this.direct.lend(what)
    ports.scope.onEnd(() => {
      this.#events.clear()
    })
  }

  logChanged(): void {
    this.talk.logChanged()
    this.#events.emit('changed')
  }
}
