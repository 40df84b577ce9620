import { AuthenticationError, TransportError, UsageError } from '../../errors/index.ts'
import type { PeerId, RoomIdentity } from '../../identity/index.ts'
import { Emitter, type Scope, type Undo } from '../../lifetime/index.ts'
import type { Clock, Random } from '../../runtime/index.ts'
import { newId, type DriveKey, type NodeId, type ObjectId } from '../ids.ts'
import { readDriveRecord, signDriveRecord } from '../journal/index.ts'
import type { Batch, Op } from '../journal/index.ts'
import { unwrapFileKey, wrapFileKey } from '../keys/index.ts'
import { masterOf, MasterRing, newMaster, type Master, type ToldMaster } from '../keys/index.ts'
import { maxClock } from '../limits.ts'
import type { ObjectSource } from '../objects/index.ts'
import type { RememberedFiles } from '../memory.ts'
import { Drives } from './drives.ts'
import { Folders } from './folders.ts'
import { LentObjects } from './lent-objects.ts'
import { OpenReaders } from './open-readers.ts'
import { openedFile } from './opened-file.ts'
import { OwnDrive } from './own-drive.ts'
import { indexOf, Picture, type PictureIndex } from './picture.ts'
import type { DriveStore, NearSource, Octets, Source } from './source.ts'
import { Transfers, type Job } from './transfers/index.ts'
import type { KeptUpload, UploadMemory } from './transfers/index.ts'
import type { FoldTree } from './tree-port.ts'
import { resumedJob, uploadJob, waitingJob, type UploadsPorts } from './uploads.ts'
import type { DataRoomView, FileBody, NodeState, OpenedFile, TransferView, UploadFile } from './view.ts'
import type { ObjectWork } from './work/index.ts'

/** The view follows changes after so long, so that a thousand of them are one. */
const showAfterMs = 50
/** A node that does not answer is asked again so often. */
const askAgainMs = 10_000

/** What the room's log says of files, as this device knows it. */
export interface FileRights {
  readonly epoch: () => number
  /** Whether we may write now. */
  readonly mayWrite: () => boolean
  /** Whether a batch counts, whoever wrote it and whenever. */
  readonly counts: (batch: Batch) => boolean
  readonly onChange: (changed: () => void) => Undo
}

/** What members who are in tell each other of files. Whoever listens hears at once what was told before. */
export interface FileTalk {
  readonly tellMasters: (masters: readonly ToldMaster[]) => void
  /** Signed records of drives, ours and those of others. */
  readonly tellDrives: (records: readonly Octets[]) => void
  readonly onMasters: (heard: (masters: readonly ToldMaster[]) => void) => Undo
  readonly onDrives: (heard: (records: readonly Uint8Array[]) => void) => Undo
  /** Somebody came in who may know nothing of it. */
  readonly onSomebody: (came: () => void) => Undo
}

export interface DataRoomPorts {
  readonly roomId: Uint8Array
  readonly identity: Pick<RoomIdentity, 'publicKey' | 'peerId' | 'sign'>
  readonly store: DriveStore
  /** Who is asked before the node is for what this author wrote: members over their channels. */
  readonly nearer?: (author: PeerId) => readonly NearSource[]
  /** Gives members what this device has, until it is undone. */
  readonly lend?: (what: Pick<Source, 'read'>) => Undo
  readonly work: ObjectWork
  readonly clock: Clock
  readonly random: Random
  /** What must not be forgotten. Kept encrypted; `keep` resolves once it is safe. */
  readonly memory: {
    readonly load: () => Promise<RememberedFiles | undefined>
    readonly keep: (files: RememberedFiles) => Promise<void>
  }
  readonly uploads: UploadMemory
  readonly rights: FileRights
  readonly talk: FileTalk
  readonly fold: FoldTree
}

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
  readonly #drives: Drives
  readonly #own: OwnDrive
  readonly #folders: Folders
  readonly #transfers: Transfers
  readonly #uploads: UploadsPorts
  readonly #kept = new Map<string, KeptUpload>()
  readonly #readers: OpenReaders
  readonly #lent: LentObjects
  #node: NodeState = { kind: 'opening' }
  #clock = 0
  #index: PictureIndex = indexOf(new Map())
  #view: DataRoomView
  #showing = false
  #refold = false
  #isOpening = false
  #keeping: Promise<void> = Promise.resolve()

  private constructor(
    ports: DataRoomPorts,
    remembered: RememberedFiles | undefined,
    masters: MasterRing,
    scope: Scope,
  ) {
    this.#ports = ports
    this.#scope = scope
    this.#masters = masters
    const { roomId, store, clock, identity, random } = ports
    this.#drives = new Drives(
      {
        ...{ roomId, clock, masters, source: store },
        changed: () => this.#show(true),
        answered: (error) => this.#nodeAnswered(error),
      },
      remembered?.drives ?? [],
      scope,
    )
    this.#own = new OwnDrive(
      {
        ...{ roomId, clock, identity, random, store, drives: this.#drives },
        master: () => this.#master(),
        keep: async (drive) => {
          this.#drives.adopt(drive, identity.peerId)
          await this.#keep(drive)
        },
        appended: () => void this.#tellOwn().catch(() => undefined),
      },
      remembered?.own,
      scope,
    )
    this.#folders = new Folders({
      child: (parent, name) => this.#child(parent, name),
      create: (parent, name) => this.createFolder(parent, name),
    })
    this.#transfers = new Transfers(clock, scope, () => this.#events.emit('transfersChanged'))
    this.#lent = new LentObjects({ store, work: ports.work, isOwn: (drive) => drive === this.#own.known })
    this.#uploads = {
      ...{ store, random, work: ports.work, memory: ports.uploads, lent: this.#lent },
      drive: () => this.#own.key(),
      destination: async (parent, file) => {
        this.#mayWrite()
        const folder = await this.#folders.way(parent, file.path)
        const there = this.#child(folder, file.name)
        const isFile = there?.kind === 'file'
        return {
          ...{ node: isFile ? there.id : newId(random), parent: folder },
          replaces: isFile ? this.#index.tree.get(there.id)?.version?.put.object : undefined,
        }
      },
      written: (kept, root) => this.#written(kept, root),
    }
    this.#readers = new OpenReaders(scope)
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

  get view(): DataRoomView {
    return this.#view
  }

  transfers(): readonly TransferView[] {
    return this.#transfers.views()
  }

  on<Name extends keyof DataRoomEvents>(name: Name, listener: DataRoomEvents[Name]): Undo {
    return this.#events.on(name, listener)
  }

  /** Resolves with the id of the new folder. */
  async createFolder(parent: NodeId, name: string): Promise<NodeId> {
    const node = newId(this.#ports.random)
    await this.#write((clock) => [{ kind: 'folder', clock, node, parent, name }])
    return node
  }

  async rename(id: NodeId, name: string): Promise<void> {
    const { parent } = this.#known(id)
    await this.#write((clock) => [{ kind: 'move', clock, node: id, parent, name }])
  }

  async move(ids: readonly NodeId[], parent: NodeId): Promise<void> {
    const moved = ids.map((id) => this.#known(id))
    await this.#write((clock) => moved.map(({ id, name }) => ({ kind: 'move', clock, node: id, parent, name })))
  }

  async remove(ids: readonly NodeId[]): Promise<void> {
    await this.#write((clock) => ids.map((node) => ({ kind: 'delete', clock, node })))
  }

  async restore(ids: readonly NodeId[]): Promise<void> {
    await this.#write((clock) => ids.map((node) => ({ kind: 'restore', clock, node, object: undefined })))
  }

  /** Makes an older version the present one again. */
  async restoreVersion(id: NodeId, object: ObjectId): Promise<void> {
    await this.#write((clock) => [{ kind: 'restore', clock, node: id, object }])
  }

  /** Queues files; each shows among the transfers. False where there are too many: then some are not queued. */
  upload(parent: NodeId, files: readonly UploadFile[]): boolean {
    return files.every((file) => this.#transfers.add(uploadJob(this.#uploads, parent, file)))
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

  pause(transfer: string): void {
    this.#transfers.pause(transfer)
  }

  resume(transfer: string): void {
    this.#transfers.resume(transfer)
  }

  cancel(transfer: string): void {
    this.#transfers.cancel(transfer)
  }

  clearFinished(): void {
    this.#transfers.clearFinished()
  }

  /**
   * Opens the present version, or an older one.
   * @throws {UsageError} `file-unknown`; {TransportError} `no-master` while the key has not come; {AuthenticationError} `open-failed`.
   */
  async open(id: NodeId, object?: ObjectId): Promise<OpenedFile> {
    const node = this.#index.tree.get(id)
    const version = object === undefined ? node?.version : node?.versions.find(({ put }) => put.object === object)
    if (!node || !version) throw new UsageError('file-unknown', 'no such file or version')
    const { put, drive, author } = version
    const master = this.#masters.get(put.key.master)
    if (!master) throw new TransportError('no-master', 'the key of this file is not known')
    const fileKey = await unwrapFileKey(master, { drive, node: put.node, object: put.object }, put.key)
    const sources = {
      // Members come and go while a file is open.
      [Symbol.iterator]: () =>
        this.#sourcesOf(author)
          .map((from) => objectSource(from, drive, put.object))
          .values(),
    }
    const { sizeBytes, mediaType, root } = put
    const from = { object: put.object, fileKey, sizeBytes, root }
    const reader = this.#readers.reader(() => this.#ports.work.open(from, sources))
    return openedFile({ name: node.name, sizeBytes, mediaType }, reader, this.#scope.signal)
  }

  async #start(remembered: RememberedFiles | undefined, uploads: readonly KeptUpload[]): Promise<void> {
    const { rights, talk } = this.#ports
    for (const { record } of remembered?.drives ?? []) {
      if (record) await this.#hearDrive(record)
    }
    for (const kept of uploads) {
      this.#kept.set(kept.id, kept)
      this.#transfers.add(waitingJob(this.#uploads, kept), 'needs-file')
    }
    const undoings = [
      rights.onChange(() => this.#show(true)),
      talk.onMasters((told) => void this.#hearMasters(told)),
      talk.onDrives((records) => void this.#hearDrives(records)),
      talk.onSomebody(() => this.#tellAll()),
      ...(this.#ports.lend ? [this.#ports.lend(this.#lent)] : []),
    ]
    for (const undo of undoings) this.#scope.onEnd(undo)
    this.#tellAll()
    this.#openNode()
  }

  #sourcesOf(author: PeerId): readonly (NearSource | Source)[] {
    return [...(this.#ports.nearer?.(author) ?? []), this.#ports.store]
  }

  #openNode(): void {
    if (this.#scope.ended || this.#isOpening) return
    this.#isOpening = true
    void this.#ports.store
      .open(this.#scope.signal)
      .then(
        (quota) => {
          this.#node = { kind: 'ready', ...quota }
          this.#transfers.resumeUnreachable()
          this.#follow()
        },
        (error: unknown) => {
          if (this.#scope.ended) return
          this.#node = { kind: 'unreachable', code: error instanceof TransportError ? error.code : 'node-refused' }
          const forget = this.#scope.onEnd(
            this.#ports.clock.after(askAgainMs, () => {
              forget()
              this.#openNode()
            }),
          )
        },
      )
      .finally(() => {
        this.#isOpening = false
        this.#show(false)
      })
  }

  #nodeAnswered(error: TransportError | undefined): void {
    if (error === undefined) {
      if (this.#node.kind !== 'ready') this.#openNode()
    } else if (this.#node.kind === 'ready') {
      this.#node = { kind: 'unreachable', code: error.code }
      this.#show(false)
      this.#openNode()
    }
  }

  /** The node keeps copies of what others have written. It is told again when it has come back. */
  #follow(): void {
    const drives = this.#drives.keys()
    if (drives.length > 0) this.#ports.store.follow(drives, this.#scope.signal).catch(() => undefined)
  }

  async #hearMasters(told: readonly ToldMaster[]): Promise<void> {
    const taken = await this.#masters.takeTold(told, this.#ports.rights.epoch())
    if (taken.length === 0) return
    await this.#keep()
    this.#drives.retry()
  }

  async #hearDrives(records: readonly Uint8Array[]): Promise<void> {
    let isNew = false
    for (const record of records) isNew = (await this.#hearDrive(record)) || isNew
    if (!isNew) return
    this.#follow()
    await this.#keep()
    this.#show(false)
  }

  /** Whoever told it is a member; what they told may be of anybody. */
  async #hearDrive(bytes: Uint8Array): Promise<boolean> {
    const record = await readDriveRecord(this.#ports.roomId, bytes).catch(() => undefined)
    return record !== undefined && this.#drives.tell(record)
  }

  #tellAll(): void {
    const masters = this.#masters.all().map(({ epoch, secret }) => ({ epoch, secret }))
    if (masters.length > 0) this.#ports.talk.tellMasters(masters)
    const records = this.#drives.records().map(({ bytes }) => bytes)
    if (records.length > 0) this.#ports.talk.tellDrives(records)
  }

  async #tellOwn(): Promise<void> {
    const drive = this.#own.known
    if (drive === undefined) return
    const { identity, roomId, talk } = this.#ports
    const record = await signDriveRecord(identity, roomId, { drive, ...this.#drives.head(drive) })
    this.#drives.tell(record)
    talk.tellDrives([record.bytes])
    await this.#keep()
  }

  /** The master to write under, safe before anything is sealed with it. */
  async #master(): Promise<Master> {
    this.#mayWrite()
    const epoch = this.#ports.rights.epoch()
    const known = this.#masters.choose(epoch)
    if (known) return known
    this.#masters.add(await newMaster(this.#ports.random, epoch))
    await this.#keep()
    this.#tellAll()
    const master = this.#masters.choose(epoch)
    if (!master) throw new TransportError('no-master', 'there are too many masters')
    return master
  }

  #mayWrite(): void {
    if (!this.#ports.rights.mayWrite()) throw new AuthenticationError('no-right', 'we may not write')
  }

  async #write(
    ops: (clock: number) => readonly Op[],
    options: { readonly lingers?: boolean; readonly boundTo?: string } = {},
  ): Promise<void> {
    this.#mayWrite()
    await this.#own.write(() => {
      this.#clock = Math.min(maxClock, this.#clock + 1)
      return ops(this.#clock)
    }, options)
    this.#nodeAnswered(undefined)
  }

  async #written(kept: KeptUpload, root: Octets): Promise<void> {
    const { node, parent, name, replaces, object, sizeBytes, modifiedAtMs, mediaType, drive } = kept
    const key = await wrapFileKey(await this.#master(), { drive, node, object }, kept.fileKey)
    const about = { node, parent, name, replaces, object, sizeBytes, modifiedAtMs, mediaType, root, key }
    await this.#write((clock) => [{ kind: 'put', clock, ...about }], { lingers: true, boundTo: drive })
  }

  /** One after the other, and the last one has everything. */
  #keep(own = this.#own.known): Promise<void> {
    const kept = this.#keeping.then(() => {
      const masters = this.#masters.all().map(({ epoch, secret }) => ({ epoch, secret }))
      return this.#ports.memory.keep({ masters, drives: this.#drives.remembered(), own })
    })
    this.#keeping = kept.catch(() => undefined)
    return kept
  }

  #known(id: NodeId): { readonly id: NodeId; readonly parent: NodeId; readonly name: string } {
    const node = this.#index.tree.get(id)
    if (!node) throw new UsageError('file-unknown', 'no such file')
    return node
  }

  #child(parent: NodeId, name: string): { readonly id: NodeId; readonly kind: 'file' | 'folder' } | undefined {
    const key = nameKey(name)
    return this.#index.byFolder.get(parent)?.find((entry) => nameKey(entry.name) === key)
  }

  /** @param isTree whether files may have changed, and not only what is said around them. */
  #show(isTree: boolean): void {
    if (isTree) this.#refold = true
    if (this.#showing || this.#scope.ended) return
    this.#showing = true
    const forget = this.#scope.onEnd(
      this.#ports.clock.after(showAfterMs, () => {
        forget()
        this.#showing = false
        if (this.#refold) this.#fold()
        this.#view = this.#picture()
        this.#events.emit('viewChanged')
      }),
    )
  }

  #fold(): void {
    this.#refold = false
    const counted: Batch[] = []
    for (const batch of this.#drives.batches()) {
      // Clocks of all are known, also of those that do not count: ours must be later than theirs.
      this.#clock = batch.ops.reduce((latest, { clock }) => Math.max(latest, clock), this.#clock)
      if (this.#ports.rights.counts(batch)) counted.push(batch)
    }
    this.#index = indexOf(this.#ports.fold(counted))
    this.#folders.treeHasChanged()
  }

  #picture(): DataRoomView {
    const { pending, problems } = this.#drives.state()
    const mayWrite = this.#ports.rights.mayWrite()
    return new Picture({ node: this.#node, mayWrite, pendingDrives: pending, problems }, this.#index)
  }
}

function objectSource(from: NearSource | Source, drive: DriveKey, object: ObjectId): ObjectSource {
  return {
    read: (part, range, signal) => from.read(drive, object, part, range, signal),
    ...('gaveWrong' in from && { gaveWrong: () => from.gaveWrong(drive, object) }),
  }
}

/** Two names that differ by this alone are one. */
function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase()
}
