import { toHex, utf8 } from '../bytes/index.ts'
import { padmeRoom } from '../codec/index.ts'
import { sha256 } from '../crypto/index.ts'
import { LimitError, PigeonError, TransportError, UsageError } from '../errors/index.ts'
import type { Scope, Undo } from '../lifetime/index.ts'
import type { Clock, Random } from '../runtime/index.ts'
import type { Slots } from './slots.ts'
import {
  download,
  fileType,
  isOwnPlace,
  maxCopies,
  maxCopyBytes,
  maxFetchedBytes,
  maxParcelBytes,
  maxParcels,
  mayFetch,
  noteName,
  openSealed,
  sealedLength,
  sealFile,
  upload,
  uploadRetryMs,
  type FileNote,
  type FileStore,
  type ParcelState,
  type ParcelView,
  type Passage,
  type PlainFile,
} from './files/index.ts'
import type { Copy, KeptFiles, Parcel } from './kept-files.ts'
import type { AuthorKey, ConversationId } from './view.ts'

/** What is done in the same write as a message's own, so that a crash finds both or neither. */
export interface Posting {
  /** @throws {UsageError} `taken-back` for a file that is not to be sent any more: then nothing is said. */
  done(message: string): void
  undone(): void
}

export interface FileDeskPorts {
  readonly slots: Slots
  readonly clock: Clock
  readonly random: Random
  readonly scope: Scope
  readonly store: FileStore | undefined
  /** True where everybody is known to have a client that cuts padding off. */
  isPadded(conversation: ConversationId): boolean
  /** What a message that is shown says of a file, and who wrote it; undefined for any other, or while it waits for the user's word. */
  fileOf(
    conversation: ConversationId,
    message: string,
  ): { readonly note: FileNote; readonly from: AuthorKey } | undefined
  /** Relays where somebody takes their mail. */
  relaysOf(key: AuthorKey): Promise<readonly string[]>
  post(conversation: ConversationId, note: FileNote, replyTo: string | undefined, posting: Posting): Promise<void>
  /** Writes the index. */
  keep(): Promise<void>
  changed(conversation: ConversationId): void
}

interface Sending {
  readonly id: string
  readonly abort: AbortController
  /** How much of it is there, 0 to 1. */
  part: number
}

/** Files of all conversations: those that are to be sent, one after the other, and those that somebody wants to see. */
export class FileDesk {
  readonly #ports: FileDeskPorts
  #parcels: readonly Parcel[]
  #copies: readonly Copy[]
  readonly #loose: Set<string>
  #sending: Sending | undefined
  #cancelRetry: Undo = () => undefined

  constructor(ports: FileDeskPorts, { parcels, copies, loose = [] }: KeptFiles) {
    this.#ports = ports
    this.#parcels = parcels
    this.#copies = copies
    this.#loose = new Set(loose)
    ports.scope.onEnd(() => {
      this.#cancelRetry()
      this.#sending?.abort.abort()
    })
  }

  get kept(): KeptFiles {
    return { parcels: this.#parcels, copies: this.#copies, loose: [...this.#loose] }
  }

  /** Largest file that can be sent now, in bytes; undefined while there is no store. What nobody would fetch is not sent, whatever the store takes. */
  get maxBytes(): number | undefined {
    const { store } = this.#ports
    if (store?.url === undefined) return undefined
    return padmeRoom(Math.min(store.maxBytes, maxFetchedBytes) - sealedLength(0, false))
  }

  /** Removes what a crash has left on the disk, and begins to send what waits. */
  async start(): Promise<void> {
    this.pump()
    // What cannot be removed now is tried again at the next start.
    await this.#drop([...this.#loose]).catch(() => undefined)
  }

  /** Files of a conversation that are on their way, in their order. */
  parcels(conversation: ConversationId): readonly ParcelView[] {
    return this.#parcels
      .filter((parcel) => parcel.conversation === conversation)
      .map((parcel) => {
        const { name, type, bytes, width, height } = parcel.note
        return { id: parcel.id, name, type, bytes, width, height, state: this.#stateOf(parcel) }
      })
  }

  /**
   * Takes a file to be sent. Resolves when it is kept, sealed: from then on neither a reload nor a store that is out of reach loses it.
   * @throws {UsageError} `no-file-store`, `empty-file`; {LimitError} `file-too-large`, `too-many-files`.
   */
  async send(conversation: ConversationId, file: PlainFile, replyTo?: string): Promise<void> {
    const { slots, random } = this.#ports
    if (this.maxBytes === undefined) throw new UsageError('no-file-store', 'there is no store for files')
    if (file.bytes.length === 0) throw new UsageError('empty-file', 'there is nothing in this file')
    if (file.bytes.length > this.maxBytes)
      throw new LimitError('file-too-large', 'the store takes no file of this size')
    const isPadded = this.#ports.isPadded(conversation)
    const sealedBytes = sealedLength(file.bytes.length, isPadded)
    this.#checkRoom(sealedBytes)
    const { sealed, secret } = await sealFile(file.bytes, isPadded, random)
    const { width, height } = file
    const note = { ...secret, name: noteName(file.name), type: fileType(file.type), width, height }
    const parcel: Parcel = { id: secret.hash, conversation, note, replyTo, sealedBytes, fault: undefined }
    try {
      await this.#announce(parcel.id)
      await slots.write(await slotOf(parcel.id), sealed)
      // Others may have come meanwhile.
      this.#checkRoom(sealedBytes)
      this.#parcels = [...this.#parcels, parcel]
      this.#loose.delete(parcel.id)
      await this.#ports.keep()
    } catch (error) {
      this.#parcels = this.#parcels.filter((each) => each !== parcel)
      this.#loose.add(parcel.id)
      await this.#drop([parcel.id]).catch(() => undefined)
      throw error
    }
    this.#ports.changed(conversation)
    this.pump()
  }

  /** Sends no more of it, and forgets it. Too late for one that is a message already. */
  async cancel(id: string): Promise<void> {
    const parcel = this.#parcels.find((each) => each.id === id)
    if (parcel === undefined) return
    this.#loosen([parcel], [])
    this.#ports.changed(parcel.conversation)
    await this.#ports.keep()
    await this.#drop([id])
    this.pump()
  }

  /** Tries at once what has failed or waits. */
  retry(id: string): void {
    const parcel = this.#parcels.find((each) => each.id === id)
    if (parcel === undefined) return
    this.#parcels = this.#parcels.map((each) => (each === parcel ? { ...each, fault: undefined } : each))
    this.pump()
    this.#ports.changed(parcel.conversation)
  }

  /** True for a file that can be shown without anybody learning of it but our own node. */
  isNear(conversation: ConversationId, message: string): boolean {
    const file = this.#ports.fileOf(conversation, message)
    return file !== undefined && (this.#hasCopy(file.note.hash) || isOwnPlace(file.note.url, this.#ports.store?.url))
  }

  /**
   * The content of a file, fetched unless it is here. Whatever it is said to be, it is bytes.
   * @throws {UsageError} `no-file`, `file-place` for one that is where nobody may make us ask; {AuthenticationError} `file-damaged`; as `download`.
   */
  async open(conversation: ConversationId, message: string, passage: Passage = {}): Promise<Uint8Array<ArrayBuffer>> {
    const file = this.#ports.fileOf(conversation, message)
    if (file === undefined) throw new UsageError('no-file', 'there is no such file')
    const { note, from } = file
    const here = this.#hasCopy(note.hash) ? await this.#kept(note.hash) : undefined
    if (here !== undefined) return openSealed(note, here)
    const sealed = await this.#fetch(note, from, passage)
    const plain = await openSealed(note, sealed)
    // Where it cannot be kept it is fetched again.
    await this.#keepCopy({ hash: note.hash, bytes: sealed.length, conversation, message }, sealed).catch(
      () => undefined,
    )
    return plain
  }

  /** Messages that are not kept any more: neither are their files. */
  async drop(messages: readonly string[]): Promise<void> {
    await this.#dropCopies((copy) => messages.includes(copy.message))
  }

  /** Lets go of everything of a conversation. What it returns removes the files, once the index that does not name them is written. */
  forget(conversation: ConversationId): () => Promise<void> {
    const parcels = this.#parcels.filter((each) => each.conversation === conversation)
    const copies = this.#copies.filter((each) => each.conversation === conversation)
    this.#loosen(parcels, copies)
    return () => this.#drop([...parcels.map(({ id }) => id), ...copies.map(({ hash }) => hash)])
  }

  /** Begins to send what waits, unless something is being sent. */
  pump(): void {
    const next = this.#parcels.find(({ fault }) => fault === undefined)
    if (next === undefined || this.#sending !== undefined || this.#ports.scope.ended || this.maxBytes === undefined)
      return
    this.#cancelRetry()
    const sending: Sending = { id: next.id, abort: new AbortController(), part: 0 }
    this.#sending = sending
    this.#ports.changed(next.conversation)
    void this.#deliver(next, sending).then((isReached) => {
      this.#sending = undefined
      if (this.#ports.scope.ended) return
      this.#ports.changed(next.conversation)
      if (isReached) this.pump()
      else this.#cancelRetry = this.#ports.clock.after(uploadRetryMs, () => this.pump())
    })
  }

  /** False if no store was to be had now. */
  async #deliver(parcel: Parcel, sending: Sending): Promise<boolean> {
    const { store, slots } = this.#ports
    const { id, conversation, note, replyTo, sealedBytes: bytes } = parcel
    const progress = (part: number): void => {
      // One step in a hundred is enough to be seen.
      if (part - sending.part < 0.01) return
      sending.part = part
      this.#ports.changed(conversation)
    }
    try {
      const sealed = await slots.read(await slotOf(id))
      if (sealed === undefined) throw new TransportError('file-gone', 'what was to be sent is not there')
      if (store?.url === undefined) return false
      const passage = { signal: sending.abort.signal, progress }
      const url = await upload(store.url, { sealed, hash: id }, { ...this.#ports, http: store.http }, passage)
      await this.#ports.post(conversation, { ...note, url }, replyTo, {
        done: (message) => {
          if (!this.#isWaiting(id)) throw new UsageError('taken-back', 'it is not to be sent any more')
          this.#parcels = this.#parcels.filter((each) => each.id !== id)
          this.#copies = [...this.#copies, { hash: id, bytes, conversation, message }]
        },
        undone: () => {
          this.#parcels = [parcel, ...this.#parcels]
          this.#copies = this.#copies.filter((copy) => copy.hash !== id)
        },
      })
      await this.#trim()
      return true
    } catch (error) {
      return this.#failed(parcel, error)
    }
  }

  #failed({ id }: Parcel, error: unknown): boolean {
    const code = error instanceof PigeonError ? error.code : 'internal'
    // Nothing of one that the user has taken back meanwhile is to be noted: others go on at once.
    if (code === 'http-failed' || code === 'store-busy') return !this.#isWaiting(id)
    // Nobody would ever see it again.
    if (code === 'unknown-conversation') void this.cancel(id).catch(() => undefined)
    this.#parcels = this.#parcels.map((each) => (each.id === id ? { ...each, fault: code } : each))
    // Where it cannot be noted it is tried again after a reload.
    this.#ports.keep().catch(() => undefined)
    return true
  }

  async #fetch(note: FileNote, from: AuthorKey, passage: Passage): Promise<Uint8Array<ArrayBuffer>> {
    const { store } = this.#ports
    if (store === undefined) throw new UsageError('no-file-store', 'there is no way to fetch files')
    const most = note.bytes === undefined ? maxFetchedBytes : sealedLength(note.bytes, note.isPadded)
    if (most > maxFetchedBytes) throw new LimitError('file-too-large', 'this file is too large')
    const relays = isOwnPlace(note.url, store.url) ? [] : await this.#ports.relaysOf(from)
    if (!mayFetch(note.url, store.url, relays)) throw new UsageError('file-place', 'nobody may make us ask that host')
    return download(note.url, most, store.http, passage)
  }

  #stateOf({ id, fault }: Parcel): ParcelState {
    if (fault !== undefined) return { kind: 'failed', code: fault }
    return this.#sending?.id === id ? { kind: 'sending', part: this.#sending.part } : { kind: 'waiting' }
  }

  #checkRoom(bytes: number): void {
    const waiting = this.#parcels.reduce((sum, parcel) => sum + parcel.sealedBytes, bytes)
    if (this.#parcels.length >= maxParcels || waiting > maxParcelBytes)
      throw new LimitError('too-many-files', 'too many files wait to be sent')
  }

  /** What cannot be read here is fetched again. */
  async #kept(hash: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.#ports.slots.read(await slotOf(hash)).catch(() => undefined)
  }

  #hasCopy(hash: string): boolean {
    return this.#copies.some((copy) => copy.hash === hash)
  }

  async #keepCopy(copy: Copy, sealed: Uint8Array): Promise<void> {
    if (this.#hasCopy(copy.hash) || this.#loose.has(copy.hash)) return
    await this.#announce(copy.hash)
    await this.#ports.slots.write(await slotOf(copy.hash), sealed)
    // The message may have gone meanwhile, and its file with it.
    if (this.#ports.fileOf(copy.conversation, copy.message) === undefined) {
      await this.#drop([copy.hash])
      return
    }
    this.#copies = [...this.#copies, copy]
    this.#loose.delete(copy.hash)
    await this.#ports.keep()
    await this.#trim()
  }

  /** The oldest copies give way. */
  async #trim(): Promise<void> {
    let [count, bytes] = [this.#copies.length, this.#copies.reduce((sum, copy) => sum + copy.bytes, 0)]
    const gone = new Set<Copy>()
    for (const copy of this.#copies) {
      if (count <= maxCopies && bytes <= maxCopyBytes) break
      gone.add(copy)
      count -= 1
      bytes -= copy.bytes
    }
    await this.#dropCopies((copy) => gone.has(copy))
  }

  async #dropCopies(isGone: (copy: Copy) => boolean): Promise<void> {
    const gone = this.#copies.filter(isGone)
    if (gone.length === 0) return
    this.#loosen([], gone)
    await this.#ports.keep()
    await this.#drop(gone.map(({ hash }) => hash))
  }

  #isWaiting(id: string): boolean {
    return this.#parcels.some((each) => each.id === id)
  }

  /** That a file may be on the disk is kept before it is: else a crash would leave it there for good. */
  async #announce(hash: string): Promise<void> {
    this.#loose.add(hash)
    await this.#ports.keep()
  }

  /** Speaks of these no more; that they are on the disk still is kept by the same write. */
  #loosen(parcels: readonly Parcel[], copies: readonly Copy[]): void {
    this.#parcels = this.#parcels.filter((each) => !parcels.includes(each))
    this.#copies = this.#copies.filter((each) => !copies.includes(each))
    for (const { id } of parcels) this.#loose.add(id)
    for (const { hash } of copies) this.#loose.add(hash)
    if (parcels.some(({ id }) => id === this.#sending?.id)) this.#sending?.abort.abort()
  }

  /** Removes files from the disk that nothing speaks of any more. That they are gone is kept by whatever is written next. */
  async #drop(hashes: readonly string[]): Promise<void> {
    for (const hash of hashes) {
      if (!this.#hasCopy(hash) && !this.#isWaiting(hash)) await this.#ports.slots.remove(await slotOf(hash))
      this.#loose.delete(hash)
    }
  }
}

/** Names of slots may be seen by whoever has the disk: this one says nothing to somebody who knows what a store has. */
async function slotOf(hash: string): Promise<string> {
  return `chat.file.${toHex(await sha256(utf8(`p2pigeon/v1/file${hash}`))).slice(0, 32)}`
}
