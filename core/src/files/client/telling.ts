import type { RoomIdentity } from '../../identity/index.ts'
import type { Scope } from '../../lifetime/index.ts'
import type { Clock } from '../../runtime/index.ts'
import type { DriveKey } from '../ids.ts'
import { readDriveRecord, signDriveRecord } from '../journal/index.ts'
import type { MasterRing, ToldMaster } from '../keys/index.ts'
import type { Drives } from './drives.ts'
import type { FileRights, FileTalk } from './ports.ts'
import type { DriveStore } from './source.ts'

/** Records of drives are kept so long after the first of them was heard. */
const keepAfterMs = 1_000

export interface TellingPorts {
  readonly roomId: Uint8Array
  readonly identity: Pick<RoomIdentity, 'peerId' | 'sign'>
  readonly talk: FileTalk
  readonly rights: Pick<FileRights, 'epoch'>
  readonly store: Pick<DriveStore, 'follow'>
  readonly masters: MasterRing
  readonly drives: Drives
  readonly clock: Clock
  /** Keeps what was heard; resolves once that is safe. */
  readonly keep: () => Promise<void>
  /** What is said around the files may be something else. */
  readonly changed: () => void
}

/** What members tell each other of files: masters, and which drives there are. What is heard is kept, and told to those who come later. */
export class Telling {
  readonly #ports: TellingPorts
  readonly #scope: Scope
  #isKeeping = false

  constructor(ports: TellingPorts, scope: Scope) {
    this.#ports = ports
    this.#scope = scope
  }

  /** Listens from now on, and tells everybody what is known. */
  start(): void {
    const { talk } = this.#ports
    const undoings = [
      talk.onMasters((told) => void this.#hearMasters(told)),
      talk.onDrives((records) => void this.#hearDrives(records)),
      talk.onSomebody(() => this.tellAll()),
    ]
    for (const undo of undoings) this.#scope.onEnd(undo)
    this.tellAll()
  }

  tellAll(): void {
    const { masters, drives, talk } = this.#ports
    const known = masters.all().map(({ epoch, secret }) => ({ epoch, secret }))
    if (known.length > 0) talk.tellMasters(known)
    const records = drives.records().map(({ bytes }) => bytes)
    if (records.length > 0) talk.tellDrives(records)
  }

  /** Signs how far a drive of ours has come; `Drives` says when it is there. */
  async tellOwn(drive: DriveKey): Promise<void> {
    const { identity, roomId, drives, keep } = this.#ports
    drives.tell(await signDriveRecord(identity, roomId, { drive, ...drives.head(drive) }))
    await keep()
  }

  /** A batch may have been kept just before the page was closed: then nobody was told of it. */
  async tellRest(drive: DriveKey): Promise<void> {
    const { drives } = this.#ports
    await drives.refresh(drive)
    if (!drives.isTold(drive)) await this.tellOwn(drive)
  }

  /** The node keeps copies of what others have written; what is read, it follows. It is told again when it has come back. */
  follow(): void {
    const keys = this.#ports.drives.seen()
    if (keys.length > 0) this.#ports.store.follow(keys, this.#scope.signal).catch(() => undefined)
  }

  /** Whoever told it is a member; what they told may be of anybody. False where it is nothing new. */
  async hearDrive(bytes: Uint8Array): Promise<boolean> {
    const record = await readDriveRecord(this.#ports.roomId, bytes).catch(() => undefined)
    return record !== undefined && this.#ports.drives.tell(record)
  }

  /** What members tell comes in many parts, and would come again: it is kept once for all that comes for a while. */
  #keepLater(): void {
    const { clock, keep } = this.#ports
    if (this.#isKeeping || this.#scope.ended) return
    this.#isKeeping = true
    const forget = this.#scope.onEnd(
      clock.after(keepAfterMs, () => {
        forget()
        this.#isKeeping = false
        keep().catch(() => undefined)
      }),
    )
  }

  async #hearMasters(told: readonly ToldMaster[]): Promise<void> {
    const { masters, rights, keep, drives } = this.#ports
    const taken = await masters.takeTold(told, rights.epoch())
    if (taken.length === 0) return
    await keep()
    drives.retry()
  }

  async #hearDrives(records: readonly Uint8Array[]): Promise<void> {
    let isNew = false
    for (const record of records) isNew = (await this.hearDrive(record)) || isNew
    if (!isNew) return
    this.#keepLater()
    this.#ports.changed()
  }
}
