import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { UsageError } from '@p2pigeon/core'
import type { Clock } from '@p2pigeon/core/node'
import { describeFault, type Logger } from '../../platform/index.ts'
import type { DataRoomLimits } from '../limits.ts'
import type { Pear, PearConnection, PearStore } from '../pear/index.ts'
import { Refusal } from '../refusal.ts'
import { freeBytes, logSync, recoveryBytes } from './durable.ts'
import { keepLogs } from './kept-logs.ts'
import { Ledger } from './ledger.ts'
import { OpenDrive, type DrivePorts } from './open-drive.ts'
import { Queue } from './queue.ts'
import { Registry, type DriveRecord } from './registry.ts'

/** Counts of what was fetched are written this often, ms: a crash may lose that much of them, and the next start counts again. */
const countEveryMs = 5_000
/** Each byte is written to the log of the database first, and once more to its place. */
const writesPerByte = 2
/** Of two buffers that the database fills in turn: by default each has 64 MiB, most of what a node would take. */
const writeBufferBytes = 16_777_216

export interface DataStoreOptions {
  readonly pear: Pear
  /** Made when it is not there; for its owner only. */
  readonly folder: string
  readonly limits: DataRoomLimits
  readonly clock: Clock
  readonly log: Logger
  /** A drive is there, or there again after the store was opened anew. */
  readonly opened: (drive: OpenDrive) => void
  /** A drive that nobody has brought has made way for another one. */
  readonly closed: (drive: OpenDrive) => void
  /** The store was opened anew: connections that replicate the former one are of no use. */
  readonly reopened: () => void
}

interface Open {
  readonly store: PearStore
  readonly registry: Registry
  readonly sync: () => Promise<void>
}

type State = { readonly kind: 'open'; readonly open: Open } | { readonly kind: 'shut' } | { readonly kind: 'closed' }

/** The drives of a node in one folder: a Corestore, and what is known of each drive in it. */
export class DataStore {
  readonly #options: DataStoreOptions
  readonly #ledger: Ledger
  readonly #drives = new Map<string, OpenDrive>()
  readonly #changes = new Queue()
  /** Bytes of each drive, and how many of them its record tells. */
  readonly #bytes = new Map<string, { now: number; written: number }>()
  /** Whose drives are there and do not open. */
  readonly #unopened = new Set<string>()
  #state: State = { kind: 'shut' }
  /** A write failed: the database takes no more of them until it is opened anew. It can be read. */
  #stalled = false
  #reopening = false
  #cancelCounting: () => void = () => undefined

  private constructor(options: DataStoreOptions) {
    this.#options = options
    this.#ledger = new Ledger(options.limits)
  }

  /** Rejects when the folder cannot be used, for example because another process has it open; with {Refusal} `damaged` when its database does not fit its logs; with {UsageError} `store-moved` for a copy of it. */
  static async open(options: DataStoreOptions): Promise<DataStore> {
    const store = new DataStore(options)
    await store.#open()
    store.#scheduleCounting()
    return store
  }

  get storedBytes(): number {
    return this.#ledger.all
  }

  get full(): boolean {
    return this.#ledger.full
  }

  /** False when the disk is as full as it may get. */
  async hasRoom(): Promise<boolean> {
    return (await freeBytes(this.#options.folder)) >= this.#options.limits.reserveBytes
  }

  usedBy(key: string): number {
    return this.#ledger.of(key)
  }

  count(kind: DriveRecord['kind']): number {
    let count = 0
    for (const { record } of this.#drives.values()) if (record.kind === kind) count += 1
    return count
  }

  drives(): IterableIterator<OpenDrive> {
    return this.#drives.values()
  }

  /** A drive that this key writes here. @throws {Refusal} `damaged` where one is there and did not open. */
  owned(owner: string): OpenDrive | undefined {
    if (this.#unopened.has(owner)) throw new Refusal('damaged')
    for (const drive of this.#drives.values())
      if (drive.record.kind === 'own' && drive.record.owner === owner) return drive
    return undefined
  }

  knows(key: string): boolean {
    return this.#drives.has(key)
  }

  /** @throws {Refusal} `unknown-drive`; `busy` while the store is shut. */
  drive(key: string): OpenDrive {
    const drive = this.#drives.get(key)
    if (drive === undefined) throw new Refusal(this.#state.kind === 'open' ? 'unknown-drive' : 'busy')
    return drive
  }

  /** A new drive that `owner` may write. @throws {Refusal} `too-many-drives`, `disk-full`. */
  create(owner: string): Promise<OpenDrive> {
    return this.#changes.run(async () => {
      await this.#ready(0)
      const { limits } = this.#options
      const own = [...this.#drives.values()].filter(({ record }) => record.kind === 'own' && record.owner === owner)
      if (own.length >= limits.maxDrivesPerKey || this.count('own') >= limits.maxDrives) {
        throw new Refusal('too-many-drives')
      }
      let drive: OpenDrive | undefined
      await this.#write(async ({ store, registry }) => {
        const record: DriveRecord = { kind: 'own', owner, name: randomBytes(16).toString('hex'), bytes: 0 }
        drive = await this.#openDrive(store, undefined, record)
        await registry.set(drive.key, record)
      })
      if (drive === undefined) throw new Refusal('failed')
      this.#keep(drive)
      return drive
    })
  }

  /**
   * Follows a drive of somebody else; one that is known already changes nothing. Where there is no place left, one of the asker's own that nobody has brought
   * makes way. @throws {Refusal} `too-many-drives`, `disk-full`.
   */
  follow(key: string, askedBy?: string): Promise<OpenDrive> {
    return this.#changes.run(async () => {
      const known = this.#drives.get(key)
      if (known !== undefined) return known
      await this.#ready(0)
      const { limits } = this.#options
      const asked = [...this.#drives.values()].filter(
        ({ record }) => record.kind === 'followed' && askedBy !== undefined && record.askedBy === askedBy,
      )
      const isFull = this.count('followed') >= limits.maxFollowed || asked.length >= limits.maxFollowedPerKey
      if (isFull && !(await this.#letGoOfOne(askedBy))) throw new Refusal('too-many-drives')
      let drive: OpenDrive | undefined
      await this.#write(async ({ store, registry }) => {
        const record: DriveRecord = { kind: 'followed', ...(askedBy === undefined ? {} : { askedBy }), bytes: 0 }
        await registry.set(key, record)
        drive = await this.#openDrive(store, key, record)
      })
      if (drive === undefined) throw new Refusal('failed')
      this.#keep(drive)
      return drive
    })
  }

  /** Replicates what the other end asks for and is here. */
  replicate(connection: PearConnection): void {
    if (this.#state.kind === 'open') this.#state.open.store.replicate(connection)
    else connection.destroy()
  }

  async close(): Promise<void> {
    this.#cancelCounting()
    await this.#changes.run(async () => {
      if (this.#state.kind === 'open') await this.#shut(this.#state.open)
      this.#state = { kind: 'closed' }
    })
  }

  async #open(): Promise<void> {
    const { pear, folder } = this.#options
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const store = new pear.Corestore(new pear.Storage(folder, { writeBufferSize: writeBufferBytes }))
    const isDamaged = keepLogs(store)
    try {
      await store.ready()
      const core = store.get({ name: 'registry' })
      await core.ready()
      const registry = new Registry(core)
      const recount = await registry.markOpen()
      const sync = logSync(databaseOf(folder))
      await sync()
      this.#state = { kind: 'open', open: { store, registry, sync } }
      this.#ledger.clear()
      this.#unopened.clear()
      for (const [key, record] of await registry.all()) await this.#restore(store, key, record, recount)
    } catch (error) {
      this.#state = { kind: 'shut' }
      await store.close().catch(() => undefined)
      if (isDamaged()) throw new Refusal('damaged', { cause: error })
      throw isMoved(error) ? new UsageError('store-moved', movedWords, { cause: error }) : error
    }
  }

  /** A drive that does not open is left alone and told of; the others go on. */
  async #restore(store: PearStore, key: string, record: DriveRecord, recount: boolean): Promise<void> {
    try {
      const drive = await this.#openDrive(store, key, record)
      const bytes = recount && drive.isOwn ? await drive.recount() : record.bytes
      this.#ledger.add(ownerOf(record), bytes)
      this.#keep(drive, bytes)
    } catch (error) {
      if (record.kind === 'own') this.#unopened.add(record.owner)
      this.#options.log.warn(`A drive of the data room does not open: ${describeFault(error)}`)
    }
  }

  #keep(drive: OpenDrive, bytes = 0): void {
    this.#drives.set(drive.key, drive)
    this.#bytes.set(drive.key, { now: bytes, written: drive.record.bytes })
    this.#options.opened(drive)
  }

  /** A drive that nobody has brought may be one that there is not. @returns false where this asker follows none. */
  async #letGoOfOne(askedBy: string | undefined): Promise<boolean> {
    for (const drive of this.#drives.values()) {
      const { record } = drive
      if (record.kind !== 'followed' || record.askedBy !== askedBy || drive.isSeen) continue
      await this.#write(({ registry }) => registry.forget(drive.key))
      this.#ledger.add(undefined, -(this.#bytes.get(drive.key)?.now ?? 0))
      this.#drives.delete(drive.key)
      this.#bytes.delete(drive.key)
      this.#options.closed(drive)
      await drive.close().catch(() => undefined)
      return true
    }
    return false
  }

  async #openDrive(store: PearStore, key: string | undefined, record: DriveRecord): Promise<OpenDrive> {
    const { Hyperdrive } = this.#options.pear
    const session = record.kind === 'own' ? store.namespace(record.name) : store.session()
    const drive =
      record.kind === 'own' || key === undefined
        ? new Hyperdrive(session)
        : new Hyperdrive(session, Buffer.from(key, 'hex'))
    return OpenDrive.open(drive, session, record, this.#drivePorts())
  }

  #drivePorts(): DrivePorts {
    return {
      limits: this.#options.limits,
      clock: this.#options.clock,
      admit: async ({ record }, bytes) => {
        this.#ledger.admit(ownerOf(record), bytes)
        await this.#ready(bytes)
      },
      count: async (drive, bytes) => {
        const known = this.#bytes.get(drive.key)
        if (known === undefined) return
        known.now = Math.max(0, known.now + bytes)
        this.#ledger.add(ownerOf(drive.record), bytes)
        if (drive.isOwn) await this.#writeCount(drive)
        else if (this.#ledger.full) this.#pauseFetching()
      },
      write: (change) => this.#write(change),
    }
  }

  /** @throws {Refusal} `disk-full` when the disk has no room for `bytes` and the reserve; `busy` when the store does not open. */
  async #ready(bytes: number): Promise<void> {
    if (this.#state.kind === 'closed') throw new Refusal('busy')
    const free = await freeBytes(this.#options.folder)
    if (free < bytes * writesPerByte + this.#options.limits.reserveBytes) throw new Refusal('disk-full')
    if (this.#state.kind === 'open' && !this.#stalled) return
    // Until there is room to open it again, a store that takes nothing more can still be read.
    if (this.#stalled && !(await this.#mayReopen())) throw new Refusal('disk-full')
    // Whoever asks holds a place in a drive's queue, which closing waits for: let it come back.
    this.#reopen()
    throw new Refusal('busy')
  }

  async #mayReopen(): Promise<boolean> {
    const { folder } = this.#options
    return (await freeBytes(folder)) > (await recoveryBytes(databaseOf(folder)))
  }

  #reopen(): void {
    if (this.#reopening) return
    this.#reopening = true
    void this.#changes
      .run(async () => {
        if (this.#state.kind === 'closed') return
        if (this.#state.kind === 'open') await this.#shut(this.#state.open)
        this.#state = { kind: 'shut' }
        await this.#open()
        this.#stalled = false
        this.#options.reopened()
      })
      .catch((error: unknown) => {
        this.#options.log.warn(`The data room does not open again: ${describeFault(error)}`)
      })
      .finally(() => {
        this.#reopening = false
      })
  }

  async #write(change: (open: Open) => Promise<unknown>): Promise<void> {
    // A sync that failed once may succeed the next time without having written anything.
    if (this.#state.kind !== 'open' || this.#stalled) throw new Refusal('busy')
    const { open } = this.#state
    try {
      await change(open)
      await open.sync()
    } catch (error) {
      if (error instanceof Refusal) throw error
      this.#stalled = true
      throw new Refusal('disk-full', { cause: error })
    }
  }

  async #shut({ store, registry }: Open): Promise<void> {
    await this.#writeCounts()
    const drives = [...this.#drives.values()]
    this.#drives.clear()
    for (const drive of drives) await drive.close().catch(() => undefined)
    // Counts of a store that stalled are not to be believed: the mark stays.
    if (!this.#stalled) await registry.markClosed().catch(() => undefined)
    await store.close()
  }

  #scheduleCounting(): void {
    this.#cancelCounting = this.#options.clock.after(countEveryMs, () => {
      void this.#writeCounts()
        .then(() => this.#mindRoom())
        .then(() => this.#mindState())
        .catch(() => undefined)
        .then(() => {
          if (this.#state.kind !== 'closed') this.#scheduleCounting()
        })
    })
  }

  /** What others write is fetched while there is room for it. */
  async #mindRoom(): Promise<void> {
    const room = !this.#ledger.full && (await this.hasRoom().catch(() => false))
    if (!room) this.#pauseFetching()
    else for (const drive of this.#drives.values()) drive.resumeFetching()
  }

  /** A store that is shut, or takes nothing more, comes back by itself when it can. */
  async #mindState(): Promise<void> {
    if (this.#state.kind === 'closed' || (this.#state.kind === 'open' && !this.#stalled)) return
    if (await this.#mayReopen()) this.#reopen()
  }

  #pauseFetching(): void {
    for (const drive of this.#drives.values()) drive.pauseFetching()
  }

  async #writeCounts(): Promise<void> {
    if (this.#stalled) return
    for (const drive of this.#drives.values()) await this.#writeCount(drive).catch(() => undefined)
  }

  async #writeCount(drive: OpenDrive): Promise<void> {
    const known = this.#bytes.get(drive.key)
    if (known === undefined || known.now === known.written || this.#state.kind !== 'open') return
    known.written = known.now
    await this.#state.open.registry.set(drive.key, { ...drive.record, bytes: known.now })
  }
}

const movedWords =
  'The folder of the data room is a copy, or was put back from a backup. If no other node uses the same data, delete the file CORESTORE in it and start again (docs/deployment.md).'

/** The file that marks a store says that it was made elsewhere: two nodes that go on with one store would each break what the other one writes. */
function isMoved(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'DEVICE_FILE'
}

/** Where Corestore has its database. */
const databaseOf = (folder: string): string => join(folder, 'db')

function ownerOf(record: DriveRecord): string | undefined {
  return record.kind === 'own' ? record.owner : undefined
}
