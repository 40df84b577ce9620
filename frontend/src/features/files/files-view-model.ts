import { rootFolder, type EntryView, type UploadFile } from '@p2pigeon/core/files'
import { faultCode, type RoomFiles, type Toast } from '../../session/index.ts'
import { Store, type Readable, type Undo } from '../../state/index.ts'
import { fileFault, filesText as words } from '../../text/files/index.ts'
import { lookThrough, withoutDetails, type Telling } from './details.ts'
import {
  noSelection,
  pruned,
  search,
  select,
  sorted,
  type Selection,
  type SelectionWay,
  type Sorting,
  type SortKey,
} from './list-model.ts'
import { Purging, type PurgeQuestion } from './purging.ts'

export interface FilesPorts {
  readonly files: RoomFiles
  readonly toast: (
    words: string,
    options?: { readonly tone?: Toast['tone']; readonly action?: Toast['action'] },
  ) => void
  readonly announce: (words: string) => void
  /** Rejects when the browser does not let the page write to the clipboard. */
  readonly copy: (text: string) => Promise<void>
}

export type FilesDialog =
  | { readonly kind: 'move'; readonly ids: readonly string[] }
  | { readonly kind: 'versions'; readonly id: string }
  | { readonly kind: 'preview'; readonly id: string }
  | { readonly kind: 'copies' }
  | PurgeQuestion
  /** Some of these pictures tell more than they show; nothing is uploaded before the user has chosen. */
  | ({ readonly kind: 'details'; readonly parent: string; readonly files: readonly UploadFile[] } & Telling)

export interface FilesUiState {
  readonly place: 'files' | 'deleted'
  readonly folder: string
  readonly query: string
  readonly sorting: Sorting
  readonly selection: Selection
  /** The entry whose name is being written, or `new` for a folder that is being made. */
  readonly naming: string | undefined
  readonly dialog: FilesDialog | undefined
}

/** What the page of files knows besides the files: where one is, what is selected, which question is open. `start` begins, its undo ends. */
export class FilesViewModel {
  readonly files: RoomFiles
  readonly purging: Purging
  readonly #ports: FilesPorts
  readonly #state = new Store<FilesUiState>({
    place: 'files',
    folder: rootFolder,
    query: '',
    sorting: { by: 'name', isDown: false },
    selection: noSelection,
    naming: undefined,
    dialog: undefined,
  })
  #rows: { readonly of: readonly unknown[]; readonly rows: readonly EntryView[] } | undefined
  #finished: ReadonlySet<string>
  /** Takes back the latest deletion or move, unless that was done already. */
  #undo: (() => void) | undefined

  constructor(ports: FilesPorts) {
    this.#ports = ports
    this.files = ports.files
    this.purging = new Purging({
      files: ports.files,
      shown: () => {
        const { dialog } = this.#state.get()
        return dialog?.kind === 'purge' ? dialog : undefined
      },
      show: (question) => this.ask(question),
      close: () => this.closeDialog(),
      toast: ports.toast,
    })
    this.#finished = this.#nowFinished()
  }

  get state(): Readable<FilesUiState> {
    return this.#state
  }

  start(): Undo {
    const undoings = [
      this.files.view.subscribe(() => this.#follow()),
      this.files.transfers.subscribe(() => this.#tellFinished()),
    ]
    this.#follow()
    return () => undoings.forEach((undo) => undo())
  }

  /** What the list shows, in its order; the same array until something changes. */
  rows(): readonly EntryView[] {
    const view = this.files.view.get()
    const { place, folder, query, sorting } = this.#state.get()
    const of = [view, place, folder, query, sorting]
    if (this.#rows?.of.every((part, index) => part === of[index])) return this.#rows.rows
    const entries = place === 'deleted' ? view.deleted() : query.trim() === '' ? view.list(folder) : search(view, query)
    const rows = sorted(entries, sorting)
    this.#rows = { of, rows }
    return rows
  }

  goTo(folder: string): void {
    this.#change({ place: 'files', folder, query: '', selection: noSelection, naming: undefined })
  }

  showDeleted(): void {
    // How much room there is to be made is shown there.
    this.files.askUsed()
    this.#change({ place: 'deleted', query: '', selection: noSelection, naming: undefined })
  }

  search(query: string): void {
    this.#change({ query, selection: noSelection })
  }

  sort(by: SortKey): void {
    const { sorting } = this.#state.get()
    this.#change({ sorting: { by, isDown: sorting.by === by ? !sorting.isDown : by !== 'name' } })
  }

  select(id: string, way: SelectionWay): void {
    const rows = this.rows().map((row) => row.id)
    this.#change({ selection: select(this.#state.get().selection, rows, id, way) })
  }

  selectAll(): void {
    const rows = this.rows().map((row) => row.id)
    const { cursor, anchor } = this.#state.get().selection
    this.#change({ selection: { ids: new Set(rows), cursor: cursor ?? rows[0], anchor } })
  }

  selectNone(): void {
    this.#change({ selection: noSelection })
  }

  /** Moves the cursor by rows; beyond an end it stays there. */
  step(by: number, way: Exclude<SelectionWay, 'toggle'>): void {
    const rows = this.rows()
    const { cursor } = this.#state.get().selection
    const from = rows.findIndex(({ id }) => id === cursor)
    const to = from < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, from + by))
    const row = rows[to]
    if (row) this.select(row.id, way)
  }

  /** Goes into a folder, shows a file. */
  open(id: string): void {
    const entry = this.files.view.get().entry(id)
    if (!entry || this.#state.get().place === 'deleted') return
    if (entry.kind === 'folder') this.goTo(id)
    else this.ask({ kind: 'preview', id })
  }

  ask(dialog: FilesDialog): void {
    this.#change({ dialog })
  }

  /** Goes back to the versions where the question was about one of them. */
  closeDialog(): void {
    const { dialog } = this.#state.get()
    const id = dialog?.kind === 'purge' ? dialog.versionsOf : undefined
    this.#change({ dialog: id === undefined ? undefined : { kind: 'versions', id } })
  }

  name(id: string | undefined): void {
    this.#change({ naming: id, ...(id === 'new' ? { query: '', place: 'files' as const } : {}) })
  }

  /** Takes the name that was written for what `naming` says. An empty one, and the one it has, change nothing. */
  async giveName(name: string): Promise<void> {
    const { naming, folder } = this.#state.get()
    this.name(undefined)
    const wished = name.trim()
    if (naming === undefined || wished === '') return
    if (naming === 'new') {
      const id = await this.#do(() => this.files.createFolder(folder, wished))
      if (id !== undefined) this.select(id, 'only')
    } else if (this.files.view.get().entry(naming)?.name !== wished) {
      await this.#do(() => this.files.rename(naming, wished))
    }
  }

  async remove(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    const name = this.#nameOf(ids)
    const done = await this.#do(() => this.files.remove(ids).then(() => true))
    if (!done) return
    this.#tellWithUndo(words.removed(ids.length, name), () => void this.restore(ids))
  }

  async restore(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    const name = this.#nameOf(ids)
    const done = await this.#do(() => this.files.restore(ids).then(() => true))
    if (done) this.#ports.toast(words.restored(ids.length, name))
  }

  /** Asks before what this device wrote of it is deleted for good. */
  askToPurge(ids: readonly string[]): void {
    const wishes = ids.map((id) => ({ id }))
    if (ids.length > 0) this.purging.ask(words.purge.title(ids.length, this.#nameOf(ids)), wishes)
  }

  /** The same for everything that was deleted. */
  askToPurgeAll(): void {
    const wishes = this.files.view.get().deleted()
    this.purging.ask(
      words.purge.titleAll,
      wishes.map(({ id }) => ({ id })),
    )
  }

  /** The same for a former version of a file that is there. */
  askToPurgeVersion(id: string, object: string): void {
    this.purging.ask(words.purge.titleVersion(this.#nameOf([id])), [{ id, object }], id)
  }

  async move(ids: readonly string[], parent: string): Promise<void> {
    this.closeDialog()
    const before = this.files.view.get()
    const places = new Map<string, string[]>()
    for (const id of ids) {
      const place = before.entry(id)?.parent ?? rootFolder
      places.set(place, [...(places.get(place) ?? []), id])
    }
    if (!(await this.#moveAll([[parent, ids]]))) return
    const folder = parent === rootFolder ? words.top : (this.files.view.get().entry(parent)?.name ?? words.top)
    this.#tellWithUndo(words.moved(ids.length, folder), () => void this.#moveBack(ids, places))
  }

  /** Takes back what was deleted or moved last. False when there is nothing. */
  undo(): boolean {
    const undo = this.#undo
    undo?.()
    return undo !== undefined
  }

  async restoreVersion(id: string, object: string): Promise<void> {
    await this.#do(() => this.files.restoreVersion(id, object).then(() => true))
  }

  async download(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      // Whoever wants one of them nowhere is not asked about the others.
      if (this.files.view.get().entry(id)?.kind === 'file' && !(await this.save(id))) return
    }
  }

  /** False when it was not begun: it failed, which was told, or the user changed their mind. */
  async save(id: string, object?: string): Promise<boolean> {
    return (await this.#do(() => this.files.save(id, object).then(() => true))) ?? false
  }

  /** Queues files for upload; asks first where pictures tell more than their owner may want. In a room that hides, none are if one cannot be read, which is told. */
  async upload(files: readonly UploadFile[], parent = this.#state.get().folder): Promise<void> {
    if (files.length === 0) return
    let found: Telling = { telling: new Set(), unread: 0 }
    try {
      if (this.files.hidesDetails) found = await lookThrough(files)
    } catch {
      this.#ports.toast(words.unreadable, { tone: 'fault' })
      return
    }
    if (found.telling.size > 0) this.ask({ kind: 'details', parent, files, ...found })
    else {
      // Of films, PDFs and the like nobody here knows what they tell.
      if (found.unread > 0) this.#ports.toast(words.metadata.unread(found.unread))
      this.#queue(parent, files)
    }
  }

  /** The same for what was chosen or dropped. Nothing of it is uploaded if some of it cannot be, which is told. */
  async uploadFound(found: Promise<readonly UploadFile[]>): Promise<void> {
    let files: readonly UploadFile[]
    try {
      files = await found
    } catch (error) {
      const { title, body } = fileFault(faultCode(error))
      this.#ports.toast(error instanceof DOMException ? words.unreadable : `${title}. ${body}`, { tone: 'fault' })
      return
    }
    await this.upload(files)
  }

  /** Goes on after the question about details of pictures. */
  async answerDetails(answer: 'strip' | 'keep'): Promise<void> {
    const { dialog } = this.#state.get()
    if (dialog?.kind !== 'details') return
    this.closeDialog()
    const { files, telling, parent } = dialog
    try {
      const cleaned =
        answer === 'keep'
          ? files
          : await Promise.all(files.map((file) => (telling.has(file) ? withoutDetails(file) : Promise.resolve(file))))
      this.#queue(parent, cleaned)
    } catch {
      this.#ports.toast(words.unreadable, { tone: 'fault' })
    }
  }

  async chooseAgain(transfer: string, file: File): Promise<void> {
    const isSame = await this.#do(() => this.files.chooseAgain(transfer, file))
    if (isSame === false) this.#ports.toast(words.tray.otherFile, { tone: 'fault' })
  }

  /** `undefined` when there is none now; the user was told why. */
  replicaCode(): Promise<string | undefined> {
    return this.#do(() => this.files.replicaCode())
  }

  async copy(text: string, done: string): Promise<void> {
    await this.#ports.copy(text).then(
      () => this.#ports.toast(done),
      () => this.#ports.toast(words.copies.notCopied, { tone: 'fault' }),
    )
  }

  #tellWithUndo(said: string, undo: () => void): void {
    const once = (): void => {
      if (this.#undo === once) this.#undo = undefined
      undo()
    }
    this.#undo = once
    this.#ports.toast(said, { action: { label: words.undo, run: once } })
  }

  async #moveBack(ids: readonly string[], places: ReadonlyMap<string, readonly string[]>): Promise<void> {
    const name = this.#nameOf(ids)
    if (await this.#moveAll(places)) this.#ports.toast(words.movedBack(ids.length, name))
  }

  /** False when some of it failed, which was told. */
  async #moveAll(places: Iterable<readonly [parent: string, ids: readonly string[]]>): Promise<boolean> {
    const done = await this.#do(async () => {
      for (const [parent, ids] of places) await this.files.move(ids, parent)
      return true
    })
    return done ?? false
  }

  #queue(parent: string, files: readonly UploadFile[]): void {
    if (this.files.upload(parent, files)) return
    const { title, body } = fileFault('too-many-transfers')
    this.#ports.toast(`${title}. ${body}`, { tone: 'fault' })
  }

  /** Fails softly: words for the person, `undefined` for the caller. */
  async #do<Result>(deed: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await deed()
    } catch (error) {
      // Whoever closes the browser's question of where to save has changed their mind.
      if (error instanceof DOMException && error.name === 'AbortError') return undefined
      const { title, body } = fileFault(faultCode(error))
      this.#ports.toast(`${title}. ${body}`, { tone: 'fault' })
      return undefined
    }
  }

  #nameOf(ids: readonly string[]): string {
    const view = this.files.view.get()
    const [id] = ids
    return (view.entry(id ?? '') ?? view.deleted().find((entry) => entry.id === id))?.name ?? ''
  }

  /** Leaves a folder that somebody deleted, and forgets what is not shown any more. */
  #follow(): void {
    const view = this.files.view.get()
    const { place, folder, selection } = this.#state.get()
    if (place === 'files' && folder !== rootFolder && !view.entry(folder)) {
      this.goTo(rootFolder)
      return
    }
    const kept = pruned(selection, new Set(this.rows().map(({ id }) => id)))
    if (kept !== selection) this.#change({ selection: kept })
  }

  #tellFinished(): void {
    const finished = this.#nowFinished()
    for (const { id, name, direction, state } of this.files.transfers.get()) {
      if (!finished.has(id) || this.#finished.has(id)) continue
      const { uploaded, downloaded, failed } = words.announce
      if (state.kind === 'failed') this.#ports.announce(failed(name))
      else this.#ports.announce((direction === 'up' ? uploaded : downloaded)(name))
    }
    this.#finished = finished
  }

  #nowFinished(): ReadonlySet<string> {
    const over = this.#ports.files.transfers.get().filter(({ state: { kind } }) => kind === 'done' || kind === 'failed')
    return new Set(over.map(({ id }) => id))
  }

  #change(part: Partial<FilesUiState>): void {
    this.#state.update((state) => ({ ...state, ...part }))
  }
}
