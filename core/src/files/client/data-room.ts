import { UsageError } from '../../errors/index.ts'
import { Emitter, type Scope, type Undo } from '../../lifetime/index.ts'
import type { NodeId, ObjectId } from '../ids.ts'
import { masterOf, MasterRing } from '../keys/index.ts'
import type { RememberedFiles } from '../memory.ts'
import { Deeds } from './deeds.ts'
import { Drives } from './drives.ts'
import { Keeping } from './keeping.ts'
import { LentObjects } from './lent-objects.ts'
import { NodeLink } from './node-link.ts'
import { Opening } from './opening.ts'
import { OwnDrive } from './own-drive.ts'
import { MergedTree, Picture } from './picture/index.ts'
import { Placing } from './placing.ts'
import type { DataRoomPorts } from './ports.ts'
import { Purging } from './purging.ts'
import type { TreeVersion } from '../tree/index.ts'
import { Telling } from './telling.ts'
import { Transfers, type Job } from './transfers/index.ts'
import type { KeptUpload } from './transfers/index.ts'
import { resumedJob, uploadJob, waitingJob, type UploadsPorts } from './uploads.ts'
import type { DataRoomView, FileBody, OpenedFile, Purgeable, TransferView, UploadFile } from './view.ts'
import { Writing } from './writing.ts'

/** The view follows changes after so long, so that a thousand of them are one. */
const showAfterMs = 50

export interface DataRoomEvents {
  /** There is another `view`. */
  viewChanged: () => void
  /** There are other `transfers`. */
  transfersChanged: () => void
}

/**
 * The files of one room, from one device: what all members have written is read and merged, and what this one does is written into its own
 * drive. Deeds resolve when the node keeps them; they reject with `no-right` where we may not write, and with what the node says.
 */
export class DataRoom {
  readonly #ports: DataRoomPorts
  readonly #scope: Scope
  readonly #events = new Emitter<DataRoomEvents>()
  readonly #masters: MasterRing
  readonly #merged: MergedTree
  readonly #keeping: Keeping
  readonly #drives: Drives
  readonly #own: OwnDrive
  readonly #telling: Telling
  readonly #link: NodeLink
  readonly #writing: Writing
  readonly #deeds: Deeds
  readonly #opening: Opening
  readonly #lent: LentObjects
  readonly #purging: Purging
  readonly #transfers: Transfers
  readonly #uploads: UploadsPorts
  readonly #kept = new Map<string, KeptUpload>()
  #view: DataRoomView
  #showing = false

  private constructor(
    ports: DataRoomPorts,
    remembered: RememberedFiles | undefined,
    masters: MasterRing,
    scope: Scope,
  ) {
    this.#ports = ports
    this.#scope = scope
    this.#masters = masters
    const { store, clock, identity, random, rights, work } = ports
    this.#merged = new MergedTree({
      journal: (drive) => this.#drives.journal(drive),
      counts: (batch, journal) => rights.counts(batch, journal),
    })
    this.#keeping = new Keeping(
      (files) => ports.memory.keep(files),
      (own) => ({ masters: this.#told(), drives: this.#drives.remembered(), own: own ?? this.#own.known }),
    )
    this.#drives = new Drives(
      {
        ...{ ...ports, masters, source: store },
        grown: (drive, batches) => this.#merged.grown(drive, batches),
        changed: () => this.#show(),
        reached: ({ drive, bytes }) => {
          this.#merged.grown(drive, [])
          ports.talk.tellDrives([bytes])
          this.#show()
        },
        answered: (error) => this.#link.answered(error),
      },
      remembered?.drives ?? [],
      remembered?.own,
      scope,
    )
    this.#own = new OwnDrive(
      {
        ...{ ...ports, drives: this.#drives },
        master: () => this.#writing.master(),
        keep: async (drive) => {
          this.#drives.adopt(drive, identity.peerId)
          await this.#keeping.keep(drive)
        },
        appended: () => void this.#tellOwn().catch(() => undefined),
        abandoned: (drive) => {
          this.#drives.abandon(drive)
          this.#merged.rightsChanged()
          this.#show()
        },
      },
      remembered?.own,
      scope,
    )
    this.#telling = new Telling(
      {
        ...{ ...ports, masters, drives: this.#drives },
        keep: () => this.#keeping.keep(),
        changed: () => this.#show(),
      },
      scope,
    )
    this.#link = new NodeLink({ store, clock, opened: () => this.#nodeOpened(), changed: () => this.#show() }, scope)
    this.#writing = new Writing({
      ...{ rights, random, masters, own: this.#own },
      clock: () => this.#merged.clock,
      keep: () => this.#keeping.keep(),
      tellMasters: () => this.#telling.tellAll(),
      answered: () => this.#link.answered(undefined),
    })
    const edited = { tree: () => this.#merged.whole, writing: this.#writing, random }
    this.#deeds = new Deeds(edited)
    const placing = new Placing({ ...edited, deeds: this.#deeds })
    this.#opening = new Opening({ masters, work, store, nearer: (author) => ports.nearer?.(author) ?? [] }, scope)
    this.#lent = new LentObjects({ store, work, isOwn: (drive) => drive === this.#own.known })
    this.#purging = new Purging({ ...edited, store, own: this.#own, drives: this.#drives, lent: this.#lent })
    this.#transfers = new Transfers(clock, scope, () => this.#events.emit('transfersChanged'))
    this.#uploads = {
      ...{ store, random, work, memory: ports.uploads, lent: this.#lent },
      drive: () => this.#own.key(),
      destination: (parent, file, isApart) => placing.destination(parent, file, isApart),
      written: (kept, root) => placing.written(kept, root),
      isWritten: ({ drive, object }) => this.#drives.has(drive, object),
    }
    this.#view = this.#picture()
    scope.onEnd(() => this.#events.clear())
  }

  /** @throws what the memory throws. A node that does not answer is waited for behind it: the view says so. */
  static async open(ports: DataRoomPorts, scope: Scope): Promise<DataRoom> {
    const [remembered, uploads] = await Promise.all([ports.memory.load(), ports.uploads.all()])
    const masters = new MasterRing(await Promise.all((remembered?.masters ?? []).map(masterOf)))
    scope.signal.throwIfAborted()
    const room = new DataRoom(ports, remembered, masters, scope)
    await room.#start(remembered, uploads)
    return room
  }

  /** The latest picture of it: another object after every `viewChanged`. */
  get view(): DataRoomView {
    return this.#view
  }

  /** What is on its way, waits, has failed, or is done and not cleared, in the order in which it was added. */
  transfers(): readonly TransferView[] {
    return this.#transfers.views()
  }

  on<Name extends keyof DataRoomEvents>(name: Name, listener: DataRoomEvents[Name]): Undo {
    return this.#events.on(name, listener)
  }

  /**
   * Resolves with the id of the new folder.
   * @throws {UsageError} `file-unknown` for a parent that is not there, `not-a-folder`, `name-taken`, `bad-name`; {LimitError} `too-deep`.
   */
  createFolder(parent: NodeId, name: string): Promise<NodeId> {
    return this.#deeds.createFolder(parent, name)
  }

  /** @throws {UsageError} `file-unknown`, `name-taken`, `bad-name`. */
  rename(id: NodeId, name: string): Promise<void> {
    return this.#deeds.rename(id, name)
  }

  /**
   * What has a name there that is taken is shown with a number.
   * @throws {UsageError} `file-unknown`, `not-a-folder`, `into-itself`; {LimitError} `too-deep`.
   */
  move(ids: readonly NodeId[], parent: NodeId): Promise<void> {
    return this.#deeds.move(ids, parent)
  }

  /** With all that is in them. @throws {UsageError} `file-unknown`. */
  remove(ids: readonly NodeId[]): Promise<void> {
    return this.#deeds.remove(ids)
  }

  /** With all that is in them, but for what was deleted by itself. @throws {UsageError} `file-unknown`. */
  restore(ids: readonly NodeId[]): Promise<void> {
    return this.#deeds.restore(ids)
  }

  /** Makes an older version the present one again. @throws {UsageError} `file-unknown`. */
  restoreVersion(id: NodeId, object: ObjectId): Promise<void> {
    return this.#deeds.restoreVersion(id, object)
  }

  /**
   * What `purge` would delete for good: of a file or folder that was deleted, every version that this device wrote; of a file that is there, the named one if it is
   * older. Nothing for what others wrote.
   */
  purgeable(id: NodeId, object?: ObjectId): Purgeable {
    return this.#purging.purgeable(id, object)
  }

  /**
   * Deletes for good what `purgeable` tells of: nobody sees these versions any more, the node and those who follow it clear the bytes, and the quota is free of them.
   * Resolves when the node has cleared them. Whoever has read a content keeps what they read; a replica that does not do as it should keeps its ciphertext.
   *
   * @throws {UsageError} `nothing-to-purge`; as deeds. Where the node goes away in the middle, what is gone by then is cleared at the next visit.
   */
  async purge(id: NodeId, object?: ObjectId): Promise<void> {
    await this.#purging.purge(id, object, this.#scope.signal)
    // What is used of the quota is something else now.
    this.#link.open()
  }

  /** Asks the node anew how much of the quota is used: `view.node` tells. One that is away is asked when it is back, without that. */
  askUsed(): void {
    if (this.#link.state.kind === 'ready') this.#link.open()
  }

  /** Queues files; each shows among the transfers. False where there are too many: then some are not queued. */
  upload(parent: NodeId, files: readonly UploadFile[]): boolean {
    return files.every((file) => this.#transfers.add(uploadJob(this.#uploads, parent, file)))
  }

  /**
   * Queues one file that becomes no version of another one, whatever its name. `written` is called with its id once everybody can have it, and not if it
   * is cancelled. Gives the id of its transfer; `undefined` where there are too many.
   */
  attach(parent: NodeId, file: UploadFile, written: (id: NodeId) => void): string | undefined {
    const job = uploadJob(this.#uploads, parent, file, written)
    return this.#transfers.add(job) ? job.id : undefined
  }

  /** Goes on with a file that was chosen again. False when it is another one, by name, size and time. */
  chooseAgain(
    transfer: string,
    file: Pick<UploadFile, 'name' | 'modifiedAtMs'> & { readonly body: FileBody },
  ): boolean {
    const kept = this.#kept.get(transfer)
    const isSame =
      kept?.name === file.name && kept.sizeBytes === file.body.sizeBytes && kept.modifiedAtMs === file.modifiedAtMs
    if (!kept || !isSame) return false
    this.#transfers.replace(resumedJob(this.#uploads, kept, file.body))
    return true
  }

  /** Shows a download, or whatever else takes time, among the transfers. */
  track(job: Job): boolean {
    return this.#transfers.add(job)
  }

  /** Stops one that waits or runs until `resume`. One that is being written, in the end, goes on. */
  pause(transfer: string): void {
    this.#transfers.pause(transfer)
  }

  /** Goes on with one that was paused, and tries again one that has failed. */
  resume(transfer: string): void {
    this.#transfers.resume(transfer)
  }

  /**
   * Takes it off the list. What the node has of a file that is not there yet is deleted; the file on this device, one that is written, and former versions
   * of it stay. One that is being written, in the end, goes on.
   */
  cancel(transfer: string): void {
    this.#transfers.cancel(transfer)
  }

  /** Takes those off the list that are done. */
  clearFinished(): void {
    this.#transfers.clearFinished()
  }

  /**
   * Opens the present version, or an older one.
   * @throws {UsageError} `file-unknown`; {TransportError} `no-master` while the key has not come; {AuthenticationError} `open-failed`.
   */
  async open(id: NodeId, object?: ObjectId): Promise<OpenedFile> {
    const tree = this.#merged.whole
    const node = tree.known(id)
    const isWanted = (one: TreeVersion): boolean =>
      object === undefined ? one === node?.version : one.put.object === object
    const version = tree.versions(id).find(isWanted)
    if (!node || !version) throw new UsageError('file-unknown', 'no such file or version')
    return this.#opening.open(node.name, version)
  }

  async #start(remembered: RememberedFiles | undefined, uploads: readonly KeptUpload[]): Promise<void> {
    for (const { record } of remembered?.drives ?? []) {
      if (record) await this.#telling.hearDrive(record)
    }
    for (const kept of uploads) {
      this.#kept.set(kept.id, kept)
      this.#transfers.add(waitingJob(this.#uploads, kept), 'needs-file')
    }
    const { rights, lend } = this.#ports
    const forget = rights.onChange(() => {
      this.#merged.rightsChanged()
      this.#show()
    })
    this.#scope.onEnd(forget)
    if (lend) this.#scope.onEnd(lend(this.#lent))
    this.#telling.start()
    this.#link.open()
  }

  #nodeOpened(): void {
    this.#transfers.resumeUnreachable()
    this.#telling.follow()
    const { known } = this.#own
    if (known !== undefined) this.#telling.tellRest(known).catch(() => undefined)
    // Failing that, at the next visit.
    this.#purging.sweep(this.#scope.signal).catch(() => undefined)
  }

  async #tellOwn(): Promise<void> {
    const { known } = this.#own
    if (known !== undefined) await this.#telling.tellOwn(known)
  }

  #told(): RememberedFiles['masters'] {
    return this.#masters.all().map(({ epoch, secret }) => ({ epoch, secret }))
  }

  #show(): void {
    if (this.#showing || this.#scope.ended) return
    this.#showing = true
    const forget = this.#scope.onEnd(
      this.#ports.clock.after(showAfterMs, () => {
        forget()
        this.#showing = false
        if (!this.#merged.advance()) this.#show()
        this.#view = this.#picture()
        this.#events.emit('viewChanged')
      }),
    )
  }

  #picture(): DataRoomView {
    const { pending, problems } = this.#drives.state()
    const mayWrite = this.#ports.rights.mayWrite() && !this.#link.keepsNone
    const pendingDrives = this.#merged.hasMore ? Math.max(1, pending) : pending
    return new Picture({ node: this.#link.state, mayWrite, pendingDrives, problems }, this.#merged)
  }
}
