import { toHex, utf8 } from '../bytes/index.ts'
import { padmeRoom } from '../codec/index.ts'
import { sha256 } from '../crypto/index.ts'
import { LimitError, PigeonError, TransportError, UsageError } from '../errors/index.ts'
import type { Scope, Undo } from '../lifetime/index.ts'
import type { Clock, Random } from '../runtime/index.ts'
import type { Slots } from './slots.ts'
import {
  download,
  fileName,
  fileType,
  isOwnPlace,
  maxCopies,
  maxCopyBytes,
  maxFetchedBytes,
  maxParcelBytes,
  maxParcels,
  mayFetch,
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
  #sending: Sending | undefined
  #cancelRetry: Undo = () => undefined

  constructor(ports: FileDeskPorts, { parcels, copies }: KeptFiles) {
    this.#ports = ports
    this.#parcels = parcels
    this.#copies = copies
    ports.scope.onEnd(() => {
      this.#cancelRetry()
      this.#sending?.abort.abort()
    })
  }

  get kept(): KeptFiles {
    return { parcels: this.#parcels, copies: this.#copies }
  }

  /** Largest file that can be sent now, in bytes; undefined while there is no store. */
  get maxBytes(): number | undefined {
    const { store } = this.#ports
    return store?.url === undefined ? undefined : padmeRoom(store.maxBytes - sealedLength(0, false))
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
    const note = { ...secret, name: fileName(file.name), type: fileType(file.type), width, height }
    await slots.write(await slotOf(secret.hash), sealed)
    const parcel: Parcel = { id: secret.hash, conversation, note, replyTo, sealedBytes, fault: undefined }
    try {
      // Others may have come meanwhile.
      this.#checkRoom(sealedBytes)
      this.#parcels = [...this.#parcels, parcel]
      await this.#ports.keep()
    } catch (error) {
      this.#parcels = this.#parcels.filter((each) => each !== parcel)
      await this.#drop([secret.hash])
      throw error
    }
    this.#ports.changed(conversation)
    this.pump()
  }

  /** Sends no more of it, and forgets it. Too late for one that is a message already. */
  async cancel(id: string): Promise<void> {
    const parcel = this.#parcels.find((each) => each.id === id)
    if (parcel === undefined) return
    this.#parcels = this.#parcels.filter((each) => each !== parcel)
    if (this.#sending?.id === id) this.#sending.abort.abort()
    await this.#ports.keep()
    await this.#drop([id])
    this.#ports.changed(parcel.conversation)
    this.pump()
  }

  /** Tries at once what has failed or waits. */
  retry(id: string): void {
    this.#parcels = this.#parcels.map((each) => (each.id === id ? { ...each, fault: undefined } : each))
    this.pump()
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
    const here = this.#hasCopy(note.hash) ? await this.#ports.slots.read(await slotOf(note.hash)) : undefined
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

  /** The same of a conversation with everything in it. */
  async forget(conversation: ConversationId): Promise<void> {
    const gone = this.#parcels.filter((each) => each.conversation === conversation)
    this.#parcels = this.#parcels.filter((each) => each.conversation !== conversation)
    if (gone.some(({ id }) => id === this.#sending?.id)) this.#sending?.abort.abort()
    await this.#drop(gone.map(({ id }) => id))
    await this.#dropCopies((copy) => copy.conversation === conversation)
  }

  /** Begins to send what waits, unless something is being sent. */
  pump(): void {
    const next = this.#parcels.find(({ fault }) => fault === undefined)
    if (next === undefined || this.#sending !== undefined || this.#ports.scope.ended || this.maxBytes === undefined)
      return
    this.#cancelRetry()
    const sending: Sending = { id: next.id, abort: new AbortController(), part: 0 }
    this.#sending = sending
    void this.#deliver(next, sending).then((isReached) => {
      this.#sending = undefined
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
      if (!this.#parcels.some((each) => each.id === id)) return true
      const before = this.kept
      await this.#ports.post(conversation, { ...note, url }, replyTo, {
        done: (message) => {
          this.#parcels = this.#parcels.filter((each) => each.id !== id)
          this.#copies = [...this.#copies, { hash: id, bytes, conversation, message }]
        },
        undone: () => {
          this.#parcels = [...before.parcels.filter((each) => each.id === id), ...this.#parcels]
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
    if (code === 'http-failed' || code === 'store-busy') return !this.#parcels.some((each) => each.id === id)
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

  #hasCopy(hash: string): boolean {
    return this.#copies.some((copy) => copy.hash === hash)
  }

  async #keepCopy(copy: Copy, sealed: Uint8Array): Promise<void> {
    if (this.#hasCopy(copy.hash)) return
    await this.#ports.slots.write(await slotOf(copy.hash), sealed)
    // The message may have gone meanwhile, and its file with it.
    if (this.#ports.fileOf(copy.conversation, copy.message) === undefined) {
      await this.#drop([copy.hash])
      return
    }
    this.#copies = [...this.#copies, copy]
    await this.#trim()
    await this.#ports.keep()
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
    this.#copies = this.#copies.filter((copy) => !gone.includes(copy))
    await this.#ports.keep()
    await this.#drop(gone.map(({ hash }) => hash))
  }

  /** Removes files from the disk that nothing speaks of any more. */
  async #drop(hashes: readonly string[]): Promise<void> {
    for (const hash of hashes) {
      const isNeeded = this.#hasCopy(hash) || this.#parcels.some(({ id }) => id === hash)
      if (!isNeeded) await this.#ports.slots.remove(await slotOf(hash))
    }
  }
}

/** Names of slots may be seen by whoever has the disk: this one says nothing to somebody who knows what a store has. */
async function slotOf(hash: string): Promise<string> {
  return `chat.file.${toHex(await sha256(utf8(`p2pigeon/v1/file${hash}`))).slice(0, 32)}`
}
