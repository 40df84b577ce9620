import type {
  DataRoomView,
  EntryView,
  OpenedFile,
  Purgeable,
  TransferState,
  TransferView,
  UploadFile,
  VersionView,
} from '@p2pigeon/core/files'
import type { PeerId } from '@p2pigeon/core'
import { Store } from '../../state/index.ts'
import { Fault } from '../fault.ts'
import type { RoomFiles } from '../files/index.ts'

const top = '00000000000000000000000000000000'
const self = 'self' as PeerId

interface Kept extends EntryView {
  readonly isDeleted?: boolean
}

/** Files without a node: deeds take effect at once, uploads stand where a test puts them. */
export class FakeFiles implements RoomFiles {
  readonly roomId = 'room'
  readonly #entries = new Map<string, Kept>()
  readonly #contents = new Map<string, Uint8Array<ArrayBuffer>>()
  readonly #view: Store<DataRoomView>
  readonly transfers = new Store<readonly TransferView[]>([])
  hidesDetails = false
  /** Whether more is on its way than may be. */
  isCrowded = false
  /** What the next deed fails with. */
  fault: string | undefined
  uploads: { parent: string; files: readonly UploadFile[] }[] = []
  /** What was attached, by its transfer; `arrive` lets it be written. */
  readonly attached = new Map<string, { folder: string; file: UploadFile; written: (id: string) => void }>()
  saved: string[] = []
  /** How often the node was asked what is used. */
  asked = 0
  /** Sizes of what was deleted for good, by object. */
  readonly #gone = new Map<string, number>()
  #made = 0
  #shown: Partial<DataRoomView> = {}

  constructor(entries: readonly Kept[] = []) {
    for (const entry of entries) this.#entries.set(entry.id, entry)
    this.#view = new Store(this.#picture())
  }

  get view(): Store<DataRoomView> {
    return this.#view
  }

  /** Shows this part of the view from now on. */
  paint(part: Partial<DataRoomView>): void {
    this.#shown = { ...this.#shown, ...part }
    this.#changed()
  }

  fill(id: string, content: Uint8Array<ArrayBuffer>): void {
    this.#contents.set(id, content)
  }

  async createFolder(parent: string, name: string): Promise<string> {
    this.#may()
    this.#made += 1
    const id = `made-${this.#made}`
    this.#entries.set(id, fakeEntry(name, { id, parent, kind: 'folder' }))
    this.#changed()
    return id
  }

  async rename(id: string, name: string): Promise<void> {
    this.#edit([id], { name })
  }

  async move(ids: readonly string[], parent: string): Promise<void> {
    this.#edit(ids, { parent })
  }

  async remove(ids: readonly string[]): Promise<void> {
    this.#edit(ids, { isDeleted: true })
  }

  async restore(ids: readonly string[]): Promise<void> {
    this.#edit(ids, { isDeleted: false })
  }

  async restoreVersion(): Promise<void> {
    this.#may()
  }

  purgeable(id: string, object?: string): Purgeable {
    const chosen = this.#purgeable(id, object)
    return { versions: chosen.length, bytes: chosen.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) }
  }

  async purge(id: string, object?: string): Promise<void> {
    this.#may()
    const chosen = this.#purgeable(id, object)
    if (chosen.length === 0) throw new Fault('nothing-to-purge')
    for (const { object: gone, sizeBytes } of chosen) this.#gone.set(gone, sizeBytes)
    this.#changed()
  }

  askUsed(): void {
    this.asked += 1
  }

  upload(parent: string, files: readonly UploadFile[]): boolean {
    this.uploads.push({ parent, files })
    return !this.isCrowded
  }

  attach(folder: string, file: UploadFile, written: (id: string) => void): string | undefined {
    if (this.isCrowded) return undefined
    this.#made += 1
    const id = `transfer-${this.#made}`
    this.attached.set(id, { folder, file, written })
    const { name, body } = file
    const state = { kind: 'waiting' } as const
    const transfer: TransferView = { id, direction: 'up', name, sizeBytes: body.sizeBytes, doneBytes: 0, state }
    this.transfers.update((all) => [...all, transfer])
    return id
  }

  /** Shows how far a transfer is. */
  progress(id: string, state: TransferState, doneBytes = 0): void {
    this.transfers.update((all) => all.map((one) => (one.id === id ? { ...one, state, doneBytes } : one)))
  }

  /** What was attached is there now, under a fresh id. */
  arrive(transfer: string): string {
    this.#made += 1
    const id = this.#made.toString(16).padStart(32, '0')
    const kept = this.attached.get(transfer)
    if (kept) this.#entries.set(id, fakeEntry(kept.file.name, { id, sizeBytes: kept.file.body.sizeBytes }))
    this.#changed()
    kept?.written(id)
    this.progress(transfer, { kind: 'done' })
    return id
  }

  async open(id: string): Promise<OpenedFile> {
    this.#may()
    const { name, mediaType } = this.#entries.get(id) ?? fakeEntry('gone')
    const content = this.#contents.get(id) ?? new Uint8Array(0)
    return {
      name,
      mediaType,
      sizeBytes: content.length,
      stream: () => new Blob([content]).stream(),
      read: async (start, end) => content.slice(start, end),
    }
  }

  async save(id: string): Promise<void> {
    this.#may()
    this.saved.push(id)
  }

  pause(id: string): void {
    this.progress(id, { kind: 'paused' })
  }

  resume(id: string): void {
    this.progress(id, { kind: 'running', bytesPerSecond: 1, secondsLeft: undefined })
  }

  cancel(id: string): void {
    this.transfers.update((all) => all.filter((one) => one.id !== id))
  }

  async chooseAgain(id: string, file: File): Promise<boolean> {
    const transfer = this.transfers.get().find((one) => one.id === id)
    if (transfer?.name !== file.name) return false
    this.resume(id)
    return true
  }

  replicaCode(): Promise<string> {
    if (this.fault !== undefined) return Promise.reject(new Fault(this.fault))
    return Promise.resolve('AXc0ZmFrZS1yZXBsaWNhLWNvZGUtb2YtdGhlLWdhbGxlcnktb25seS1mYWtl')
  }

  clearFinished(): void {
    this.transfers.update((all) => all.filter(({ state }) => state.kind !== 'done'))
  }

  nameOf(peer: string): string | undefined {
    return peer.startsWith('peer-') ? peer.slice('peer-'.length) : undefined
  }

  isOwn(peer: string): boolean {
    return peer === self
  }

  #purgeable(id: string, object: string | undefined): readonly VersionView[] {
    const isDeleted = this.#entries.get(id)?.isDeleted ?? false
    const files = [...this.#entries.values()].filter((one) => one.id === id || one.parent === id)
    const versions = files.flatMap((file) => (file.kind === 'file' ? this.#versions(file) : []))
    return versions.filter((one) => {
      return (
        one.by === self && (object === undefined ? isDeleted : one.object === object && (isDeleted || !one.present))
      )
    })
  }

  #versions(entry: Kept | undefined): readonly VersionView[] {
    return versionsOf(entry).filter(({ object }) => !this.#gone.has(object))
  }

  #may(): void {
    if (this.fault !== undefined) throw new Fault(this.fault)
  }

  #edit(ids: readonly string[], part: Partial<Kept>): void {
    this.#may()
    for (const id of ids) {
      const entry = this.#entries.get(id)
      if (entry) this.#entries.set(id, { ...entry, ...part })
    }
    this.#changed()
  }

  #changed(): void {
    this.#view.set(this.#picture())
  }

  #picture(): DataRoomView {
    const all = [...this.#entries.values()].filter((one) => one.kind === 'folder' || this.#versions(one).length > 0)
    const cleared = [...this.#gone.values()].reduce((sum, bytes) => sum + bytes, 0)
    const here = all.filter(({ isDeleted }) => !isDeleted)
    const inFolders = new Map<string, Kept[]>()
    for (const entry of here) {
      const inside = inFolders.get(entry.parent) ?? []
      inside.push(entry)
      inFolders.set(entry.parent, inside)
    }
    const byId = new Map(here.map((entry) => [entry.id, entry]))
    return {
      node: { kind: 'ready', usedBytes: 1_000_000 - cleared, quotaBytes: 1_000_000_000 },
      mayWrite: true,
      pendingDrives: 0,
      problems: [],
      list: (folder) => inFolders.get(folder) ?? [],
      entry: (id) => byId.get(id),
      known: (id) => this.#entries.get(id),
      all: () => here,
      deleted: () => all.filter(({ isDeleted }) => isDeleted),
      versions: (id) => this.#versions(this.#entries.get(id)),
      ...this.#shown,
    }
  }
}

function versionsOf(entry: Kept | undefined): readonly VersionView[] {
  if (!entry) return []
  return Array.from({ length: entry.versions }, (_, index) => ({
    object: `${entry.id}-${index}`,
    sizeBytes: Math.round(entry.sizeBytes * (1 - index / 10)),
    modifiedAtMs: entry.modifiedAtMs - index * 86_400_000,
    by: index % 2 === 0 ? entry.by : ('peer-Ben' as PeerId),
    present: index === 0,
  }))
}

export function fakeEntry(name: string, part: Partial<Kept> = {}): Kept {
  return {
    ...{ id: name, parent: top, name, kind: 'file', sizeBytes: 1_000, modifiedAtMs: 1_700_000_000_000 },
    ...{ mediaType: '', by: self, versions: 1 },
    ...part,
  }
}

/** A room in use: folders, many kinds of files, long and foreign names, something deleted. */
export function busyFiles(nowMs: number): FakeFiles {
  const ago = (minutes: number): number => nowMs - minutes * 60_000
  const ben = 'peer-Ben' as PeerId
  return new FakeFiles([
    fakeEntry('Contracts', { kind: 'folder' }),
    fakeEntry('Holiday pictures', { kind: 'folder' }),
    fakeEntry('Signed', { kind: 'folder', parent: 'Contracts' }),
    fakeEntry('Agreement 2024.pdf', { sizeBytes: 482_113, modifiedAtMs: ago(60 * 26), versions: 4 }),
    fakeEntry('harbour.jpg', { sizeBytes: 3_412_900, modifiedAtMs: ago(12), by: ben }),
    fakeEntry('interview part 1.mp3', { sizeBytes: 48_120_331, modifiedAtMs: ago(60 * 24 * 3), by: ben }),
    fakeEntry('notes.md', { sizeBytes: 812, modifiedAtMs: ago(1), versions: 12 }),
    fakeEntry('rehearsal.webm', { sizeBytes: 1_203_441_000, modifiedAtMs: ago(60 * 5), by: ben }),
    fakeEntry('a very long name that goes on and on until nobody reads it any more, final version (3).docx', {
      sizeBytes: 20_480,
      modifiedAtMs: ago(60 * 24 * 40),
    }),
    fakeEntry('ملف المشروع.txt', { sizeBytes: 90, modifiedAtMs: ago(3), by: 'peer-Grace' as PeerId }),
    fakeEntry('drawing.svg', { sizeBytes: 9_120, modifiedAtMs: ago(60 * 9) }),
    fakeEntry('old plan.txt', { sizeBytes: 4_120, modifiedAtMs: ago(60 * 24 * 9), isDeleted: true }),
  ])
}

/** Transfers in every state. */
export function someTransfers(): readonly TransferView[] {
  const make = (name: string, part: Partial<TransferView>): TransferView => ({
    ...{ id: name, direction: 'up', name, sizeBytes: 80_000_000, doneBytes: 0, state: { kind: 'waiting' } },
    ...part,
  })
  return [
    make('rehearsal.webm', {
      sizeBytes: 1_203_441_000,
      doneBytes: 403_441_000,
      state: { kind: 'running', bytesPerSecond: 8_400_000, secondsLeft: 95 },
    }),
    make('interview part 2.mp3', { doneBytes: 20_000_000, state: { kind: 'paused' } }),
    make('backup.tar', { doneBytes: 60_000_000, state: { kind: 'needs-file' } }),
    make('plan.pdf', { state: { kind: 'failed', code: 'quota-exceeded' } }),
    make('harbour.jpg', { direction: 'down', doneBytes: 80_000_000, state: { kind: 'done' } }),
    make('later.zip', {}),
  ]
}
