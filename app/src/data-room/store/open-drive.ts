import type { Clock } from '@p2pigeon/core/node'
import { blockBytes, journalAnswerBytes, type DataRoomLimits } from '../limits.ts'
import type { PearBlob, PearCore, PearDownload, PearDrive, PearEntry, PearStore } from '../pear/index.ts'
import { Refusal } from '../refusal.ts'
import { followDeletions } from './deletions.ts'
import { Queue } from './queue.ts'
import type { DriveRecord } from './registry.ts'
import { isWellFormed, readBlob, readBlock, type ByteRange, type SegmentName } from './segment.ts'

/** The entry that names the core of the journal. */
const journalPath = '/journal'
const hexKey = /^[0-9a-f]{64}$/
/** Segments told of one object: 40 TB. */
const maxListed = 10_000_000
const objectFolder = (object: string): string => `/o/${object}`
const pathOf = (object: string, name: SegmentName): string => `${objectFolder(object)}/${String(name)}`

/** What a drive needs of the store that it is in. */
export interface DrivePorts {
  readonly limits: DataRoomLimits
  readonly clock: Clock
  /** Room on disk and in the quotas for so many bytes of this drive. @throws {Refusal} */
  admit(drive: OpenDrive, bytes: number): Promise<void>
  /** Counts bytes that came, or went when negative. */
  count(drive: OpenDrive, bytes: number): Promise<void>
  /** Performs a write and makes it durable. @throws {Refusal} `disk-full`. */
  write(change: () => Promise<unknown>): Promise<void>
}

export interface StoredSegment {
  readonly byteLength: number
  read(range: ByteRange): AsyncGenerator<Buffer, void, void>
}

/** One drive of the store: a Hyperdrive of segments, and a core whose block n is batch n of the journal. */
export class OpenDrive {
  /** In hex. */
  readonly key: string
  readonly record: DriveRecord
  readonly #drive: PearDrive
  readonly #store: PearStore
  readonly #ports: DrivePorts
  readonly #writes = new Queue()
  /** Cores that are fetched whole, and what fetches them unless it is paused. */
  readonly #fetched: PearCore[] = []
  readonly #downloads: PearDownload[] = []
  #paused = false
  #stopDeletions: () => void = () => undefined
  #journal: PearCore | undefined
  #counted = new WeakSet<PearCore>()
  /** Ends what waits for this drive to grow. */
  readonly #waiting = new Set<() => void>()
  #closed = false

  private constructor(drive: PearDrive, store: PearStore, record: DriveRecord, ports: DrivePorts) {
    this.key = drive.key.toString('hex')
    this.record = record
    this.#drive = drive
    this.#store = store
    this.#ports = ports
  }

  /** `store` is a session of its own, in the drive's namespace when it is written here. */
  static async open(drive: PearDrive, store: PearStore, record: DriveRecord, ports: DrivePorts): Promise<OpenDrive> {
    await drive.ready()
    const opened = new OpenDrive(drive, store, record, ports)
    if (record.kind === 'own') await opened.#openOwn()
    else opened.#follow()
    return opened
  }

  get discoveryKey(): Buffer {
    return this.#drive.discoveryKey
  }

  /** Something of it has come: it is more than a name. */
  get isSeen(): boolean {
    return this.#drive.core.length > 0
  }

  get isOwn(): boolean {
    return this.record.kind === 'own'
  }

  /** Stores a segment; the same one again changes nothing. @throws {Refusal} */
  putSegment(object: string, name: SegmentName, bytes: Buffer): Promise<'stored' | 'known'> {
    return this.#writes.run(async () => {
      const path = pathOf(object, name)
      const known = (await this.#drive.entry(path))?.value.blob
      if (known && (await this.#holds(known, name, bytes))) return this.#knownAlready()
      await this.#ports.admit(this, bytes.length)
      const blobs = await this.#drive.getBlobs()
      if (blobs === null) throw new Refusal('failed')
      await this.#ports.write(async () => {
        // Counted first: whoever is killed in between has counted too much, which the next start puts right.
        await this.#ports.count(this, bytes.length)
        blobs.blockSize = blockBytes
        const batch = blobs.batch()
        const blob = await batch.put(bytes)
        await batch.flush()
        await this.#drive.putEntry(path, { blob })
      })
      return 'stored'
    })
  }

  /**
   * A segment, from here or from peers.
   * @throws {Refusal} `not-found`, `unavailable` when nobody brings it in time, `damaged`; `quota-all`, `disk-full` when there is no room for it here.
   */
  async segment(object: string, name: SegmentName): Promise<StoredSegment> {
    const leftMs = this.#deadline()
    const blob = await this.#blobAt(pathOf(object, name), leftMs)
    if (!isWellFormed(blob, name)) throw new Refusal('damaged')
    const core = await this.#contents(leftMs)
    const isHere = this.isOwn || (await core.has(blob.blockOffset, blob.blockOffset + blob.blockLength))
    // What is fetched is kept.
    if (!isHere) await this.#ports.admit(this, blob.byteLength)
    return {
      byteLength: blob.byteLength,
      read: (range) => readBlob(core, blob, range, leftMs),
    }
  }

  /** The numbers of the segments that are stored, ascending; and whether the hashes are. */
  async segments(object: string): Promise<{ readonly segments: number[]; readonly hashes: boolean }> {
    const segments: number[] = []
    let hashes = false
    for await (const { key } of this.#drive.list(objectFolder(object), { wait: false })) {
      const name = key.slice(objectFolder(object).length + 1)
      if (name === 'hashes') hashes = true
      else if (/^\d{1,7}$/.test(name)) segments.push(Number(name))
      if (segments.length >= maxListed) break
    }
    return { segments: segments.sort((one, other) => one - other), hashes }
  }

  /** Objects of which something is stored. */
  async objects(): Promise<ReadonlySet<string>> {
    const found = new Set<string>()
    for await (const { key } of this.#drive.list('/o', { wait: false })) found.add(key.split('/')[2] ?? '')
    return found
  }

  /** Forgets an object, all of it at once. Peers that keep to the rules follow, once they see it. */
  clearObject(object: string): Promise<void> {
    return this.#writes.run(async () => {
      const entries: PearEntry[] = []
      for await (const entry of this.#drive.list(objectFolder(object))) entries.push(entry)
      if (entries.length === 0) return
      const core = await this.#contents(() => 1)
      await this.#ports.write(async () => {
        const batch = this.#drive.batch()
        for (const { key } of entries) await batch.del(key)
        await batch.flush()
        // Whoever is killed from here on leaves blocks that no entry names: the next start clears them.
        for (const { value } of entries) {
          const { blob } = value
          if (blob === null) continue
          await core.clear(blob.blockOffset, blob.blockOffset + blob.blockLength)
          await this.#ports.count(this, -blob.byteLength)
        }
      })
    })
  }

  /**
   * Appends batch `n`. The last one again changes nothing: its acknowledgement may have been lost.
   * @throws {Refusal} `journal-next` with the number that comes next.
   */
  appendBatch(n: number, bytes: Buffer): Promise<'stored' | 'known'> {
    return this.#writes.run(async () => {
      const journal = this.#journal
      if (journal === undefined) throw new Refusal('failed')
      const next = journal.length
      if (n !== next) {
        const known = n === next - 1 ? await journal.get(n, { wait: false }) : null
        if (known?.equals(bytes) === true) return this.#knownAlready()
        throw new Refusal('journal-next', { next })
      }
      await this.#ports.admit(this, bytes.length)
      await this.#ports.write(async () => {
        await this.#ports.count(this, bytes.length)
        await journal.append([bytes])
      })
      return 'stored'
    })
  }

  /** @throws {Refusal} `unavailable` when nothing is known of this drive yet, and nobody brings it in time. */
  async journal(
    from: number,
  ): Promise<{ readonly length: number; readonly batches: AsyncGenerator<Buffer, void, void> }> {
    const leftMs = this.#deadline(this.#ports.limits.journalWaitMs)
    const journal = await this.#knownJournal(leftMs)
    const { length } = journal
    return { length, batches: readBatches(journal, from, length, this.#deadline()) }
  }

  /** Fetches everything from now on: what a replica does. The returned function ends that. */
  keepAll(): () => void {
    let ended = false
    let download: PearDownload | undefined
    void this.#contents(() => Infinity).then(
      (core) => {
        if (!ended && !this.#isClosed()) download = core.download({ start: 0, end: -1 })
      },
      () => undefined,
    )
    return () => {
      ended = true
      download?.destroy()
    }
  }

  /** Asks peers for no more names and batches until `resumeFetching`: whoever writes the drive decides how many there are. */
  pauseFetching(): void {
    this.#paused = true
    for (const download of this.#downloads.splice(0)) download.destroy()
  }

  resumeFetching(): void {
    if (!this.#paused || this.#closed) return
    this.#paused = false
    for (const core of this.#fetched) this.#downloads.push(core.download({ start: 0, end: -1 }))
  }

  /** Bytes that entries account for; blocks that no entry knows are cleared. After a crash. */
  async recount(): Promise<number> {
    let bytes = 0
    const blobs: PearBlob[] = []
    for await (const { value } of this.#drive.list('/o')) {
      if (value.blob === null) continue
      bytes += value.blob.byteLength
      blobs.push(value.blob)
    }
    const core = await this.#contents(() => 1)
    let end = 0
    for (const { blockOffset, blockLength } of blobs.sort((one, other) => one.blockOffset - other.blockOffset)) {
      if (blockOffset > end) await core.clear(end, blockOffset)
      end = blockOffset + blockLength
    }
    if (core.length > end) await core.clear(end, core.length)
    for (let n = 0; n < (this.#journal?.length ?? 0); n++) {
      bytes += (await this.#journal?.get(n, { wait: false }))?.length ?? 0
    }
    return bytes
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const end of this.#waiting) end()
    this.#stopDeletions()
    for (const download of this.#downloads.splice(0)) download.destroy()
    await this.#writes.run(() => Promise.resolve())
    await this.#journal?.close()
    // Closes the store's session with it.
    await this.#drive.close()
  }

  async #openOwn(): Promise<void> {
    const journal = this.#store.get({ name: 'journal' })
    await journal.ready()
    this.#journal = journal
    if ((await this.#drive.entry(journalPath)) === null) {
      await this.#drive.putEntry(journalPath, { metadata: { key: journal.key.toString('hex') } })
    }
  }

  /** Names and batches are fetched as they come to be known, contents when they are asked for. */
  #follow(): void {
    this.#fetchAll(this.#drive.core)
    this.#drive.core.on('append', () => {
      void this.#findJournal()
    })
    void this.#findJournal()
    this.#stopDeletions = followDeletions({
      drive: this.#drive,
      folder: '/o',
      clock: this.#ports.clock,
      write: (change) => this.#writes.run(() => this.#ports.write(change)),
      cleared: (bytes) => this.#ports.count(this, -bytes),
    })
    void this.#drive.getBlobs().then(
      (blobs) => {
        if (blobs !== null) this.#countDownloads(blobs.core)
      },
      () => undefined,
    )
  }

  #fetchAll(core: PearCore): void {
    this.#countDownloads(core)
    this.#fetched.push(core)
    if (!this.#paused) this.#downloads.push(core.download({ start: 0, end: -1 }))
  }

  /** Whoever sent it does not know that it is safe: what is here may not have been synced. */
  async #knownAlready(): Promise<'known'> {
    await this.#ports.write(() => Promise.resolve())
    return 'known'
  }

  #countDownloads(core: PearCore): void {
    if (this.#counted.has(core)) return
    this.#counted.add(core)
    core.on('download', (_, bytes) => {
      if (!this.#closed) void this.#ports.count(this, bytes).catch(() => undefined)
    })
  }

  async #findJournal(): Promise<PearCore | undefined> {
    if (this.#journal !== undefined || this.#closed) return this.#journal
    const entry = await this.#drive.entry(journalPath, { timeout: this.#ports.limits.waitMs }).catch(() => null)
    const metadata = entry?.value.metadata
    const key =
      typeof metadata === 'object' && metadata !== null && 'key' in metadata && typeof metadata.key === 'string'
        ? metadata.key
        : ''
    if (!hexKey.test(key) || this.#isClosed()) return undefined
    // Two may have looked at once.
    const found = this.#known()
    if (found !== undefined) return found
    const journal = this.#store.get({ key: Buffer.from(key, 'hex') })
    this.#journal = journal
    await journal.ready().catch(() => undefined)
    if (!this.#isClosed()) this.#fetchAll(journal)
    return journal
  }

  /** Methods, because fields would count as unchanged over an await. */
  #known(): PearCore | undefined {
    return this.#journal
  }

  #isClosed(): boolean {
    return this.#closed
  }

  async #knownJournal(leftMs: () => number): Promise<PearCore> {
    for (;;) {
      const journal = this.#journal ?? (await within(this.#ports.clock, leftMs(), this.#findJournal()))
      if (journal !== undefined) {
        await journal.ready()
        if (this.isOwn || journal.length > 0) return journal
        if (await this.#appended(journal, leftMs)) continue
        // The drive is known, and its writer has written nothing.
        return journal
      }
      if (!(await this.#appended(this.#drive.core, leftMs))) throw new Refusal('unavailable')
    }
  }

  async #blobAt(path: string, leftMs: () => number): Promise<PearBlob> {
    for (;;) {
      const entry = await this.#drive
        .entry(path, this.isOwn ? { wait: false } : { timeout: Math.max(1, leftMs()) })
        .catch(() => null)
      const blob = entry?.value.blob
      if (blob) return blob
      if (this.isOwn) throw new Refusal('not-found')
      if (!(await this.#appended(this.#drive.core, leftMs))) throw new Refusal('unavailable')
    }
  }

  async #contents(leftMs: () => number): Promise<PearCore> {
    const blobs = this.#drive.blobs ?? (await within(this.#ports.clock, leftMs(), this.#drive.getBlobs()))
    if (!blobs) throw new Refusal('unavailable')
    if (!this.isOwn) this.#countDownloads(blobs.core)
    return blobs.core
  }

  async #holds(blob: PearBlob, name: SegmentName, bytes: Buffer): Promise<boolean> {
    const core = await this.#contents(() => 1)
    const whole = isWellFormed(blob, name) && (await core.has(blob.blockOffset, blob.blockOffset + blob.blockLength))
    if (!whole) return false
    if (blob.byteLength !== bytes.length) throw new Refusal('segment-differs')
    let at = 0
    try {
      for await (const piece of readBlob(core, blob, { start: 0, end: blob.byteLength }, () => 1)) {
        if (!piece.equals(bytes.subarray(at, at + piece.length))) throw new Refusal('segment-differs')
        at += piece.length
      }
    } catch (error) {
      // What the disk has spoiled is stored anew.
      if (error instanceof Refusal && error.code !== 'segment-differs') return false
      throw error
    }
    return true
  }

  /** Resolves with true when the core has grown, with false when time is up. */
  #appended(core: PearCore, leftMs: () => number): Promise<boolean> {
    const ms = leftMs()
    if (ms <= 0 || this.#closed) return Promise.resolve(false)
    return new Promise((resolve) => {
      const done = (grown: boolean): void => {
        cancel()
        core.off('append', grew)
        this.#waiting.delete(ended)
        resolve(grown)
      }
      const grew = (): void => {
        done(true)
      }
      const ended = (): void => {
        done(false)
      }
      this.#waiting.add(ended)
      const cancel = this.#ports.clock.after(ms, ended)
      core.on('append', grew)
    })
  }

  #deadline(ms = this.#ports.limits.waitMs): () => number {
    const { clock } = this.#ports
    const until = clock.now() + ms
    return () => until - clock.now()
  }
}

/** Undefined when it takes longer. */
function within<T>(clock: Clock, ms: number, promise: Promise<T>): Promise<T | undefined> {
  if (ms === Infinity) return promise
  return new Promise((resolve, reject) => {
    const cancel = clock.after(Math.max(0, ms), () => {
      resolve(undefined)
    })
    promise.then(resolve, reject).finally(cancel)
  })
}

async function* readBatches(
  journal: PearCore,
  from: number,
  length: number,
  leftMs: () => number,
): AsyncGenerator<Buffer, void, void> {
  let bytes = 0
  for (let n = from; n < length; n++) {
    const batch = await readBlock(journal, n, leftMs())
    bytes += 4 + batch.length
    if (bytes > journalAnswerBytes) return
    const head = Buffer.alloc(4)
    head.writeUInt32BE(batch.length)
    yield Buffer.concat([head, batch])
  }
}
