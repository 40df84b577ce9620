import { maxMessageFiles, type MessageFile } from '@p2pigeon/core'
import type { UploadFile } from '@p2pigeon/core/files'
import { Fault, faultCode, type AttachmentView, type FilesLoader, type RoomFiles } from '../../../session/index.ts'
import { Store, type Readable, type Undo } from '../../../state/index.ts'

export interface AttachmentsPorts {
  readonly files: Pick<FilesLoader, 'state' | 'open'>
  /** Where they are put. */
  readonly folder: string
  /** Makes of a file of this device what is uploaded. Rejects with a code where it cannot be read. */
  readonly prepare: (file: File, hidesDetails: boolean) => Promise<UploadFile>
  /** True when the message is on its way. */
  readonly send: (content: string, files: readonly MessageFile[]) => boolean
  /** A message has at most so many files. */
  readonly tooMany: (most: number) => void
}

export interface AttachmentsState {
  /** They go with the next message. */
  readonly staged: readonly AttachmentView[]
  /** Those of messages that were sent and go out once all of their files are there. */
  readonly onWay: readonly AttachmentView[]
  /** Words of messages that did not go out: the composer takes them back. */
  readonly returned: string
}

/** One file of a message that waits. */
interface Attached {
  readonly file: File
  view: AttachmentView
  /** What is uploaded, and its transfer, once there is one. */
  upload: UploadFile | undefined
  transfer: string | undefined
  /** Whether it was seen among the transfers: gone from there, somebody has cancelled it. */
  isSeen: boolean
  /** Of the file that it became. */
  id: string | undefined
}

interface Post {
  readonly content: string
  readonly files: Attached[]
}

/**
 * Files that go with messages of the room's chat. A paste or a drop by mistake sends nothing: files are uploaded once their message is sent, and that goes
 * out when all of them are there. So nobody sees a card of what cannot be had yet. `start` begins, its undo ends.
 *
 * staged → preparing (post) → waiting, running, paused (as its transfer) → done (written) → (sent with the others). Any of them ⇄ failed (retry);
 * any → gone (cancel, here or among the transfers): what is written by then is deleted again, as its message will not speak of it.
 */
export class Attachments {
  readonly #ports: AttachmentsPorts
  readonly #state = new Store<AttachmentsState>({ staged: [], onWay: [], returned: '' })
  #staged: readonly Attached[] = []
  #posts: readonly Post[] = []
  #next = 1

  constructor(ports: AttachmentsPorts) {
    this.#ports = ports
  }

  get state(): Readable<AttachmentsState> {
    return this.#state
  }

  start(): Undo {
    const { state } = this.#ports.files
    let unfollow: Undo = () => undefined
    const follow = (): void => {
      unfollow()
      const now = state.get()
      if (now.kind !== 'open') return
      unfollow = now.files.transfers.subscribe(() => this.#look(now.files))
      this.#look(now.files)
    }
    const forget = state.subscribe(follow)
    follow()
    return () => {
      forget()
      unfollow()
    }
  }

  /** Opens the files of the room as well: whether they take any is known by the time that the message is sent. */
  stage(files: readonly File[]): void {
    const room = maxMessageFiles - this.#staged.length
    const staged = files.slice(0, room).map((file) => this.#attached(file))
    this.#staged = [...this.#staged, ...staged]
    this.#show()
    if (staged.length > 0) this.#ports.files.open()
    if (files.length > room) this.#ports.tooMany(maxMessageFiles)
  }

  /** Sends a message with everything that is staged, as soon as that is there. */
  post(content: string): void {
    const files = [...this.#staged]
    this.#staged = []
    this.#posts = [...this.#posts, { content, files }]
    for (const one of files) void this.#begin(one)
  }

  /** Nobody wants it any more. The others of its message go out without it; the words of a message without any come back. */
  cancel(key: number): void {
    this.#staged = this.#staged.filter(({ view }) => view.key !== key)
    const one = this.#find(key)
    const { state } = this.#ports.files
    const now = state.get()
    if (one?.transfer !== undefined && now.kind === 'open') now.files.cancel(one.transfer)
    if (one?.id !== undefined && now.kind === 'open') takeBack(now.files, [one.id])
    if (one) this.#drop(one)
    this.#show()
  }

  /** Goes on with one that has failed, or was paused. */
  retry(key: number): void {
    const one = this.#find(key)
    const now = this.#ports.files.state.get()
    if (!one) return
    if (one.transfer !== undefined && now.kind === 'open') now.files.resume(one.transfer)
    else void this.#begin(one)
  }

  /** The words that came back, once. */
  takeReturned(): string {
    const { returned } = this.#state.get()
    if (returned !== '') this.#state.update((state) => ({ ...state, returned: '' }))
    return returned
  }

  #attached(file: File): Attached {
    const { name, type, size } = file
    const view: AttachmentView = {
      ...{ key: this.#next++, file, name, mediaType: type, sizeBytes: size, doneBytes: 0 },
      state: { kind: 'staged' },
    }
    return { file, view, upload: undefined, transfer: undefined, isSeen: false, id: undefined }
  }

  async #begin(one: Attached): Promise<void> {
    this.#become(one, { kind: 'preparing' })
    try {
      const files = await this.#opened()
      one.upload = await this.#ports.prepare(one.file, files.hidesDetails)
      if (!this.#postOf(one)) return
      one.transfer = files.attach(this.#ports.folder, one.upload, (id) => this.#written(files, one, id))
      if (one.transfer === undefined) throw new Fault('too-many-transfers')
      this.#become(one, { kind: 'waiting' })
    } catch (error) {
      this.#become(one, { kind: 'failed', code: faultCode(error) })
    }
  }

  #opened(): Promise<RoomFiles> {
    const { files } = this.#ports
    const { state } = files
    files.open()
    return new Promise((resolve, reject) => {
      const look = (): boolean => {
        const now = state.get()
        if (now.kind === 'opening') return false
        if (now.kind === 'open') resolve(now.files)
        else reject(new Fault(now.kind === 'failed' ? now.code : 'room-left'))
        return true
      }
      if (look()) return
      const undo = state.subscribe(() => {
        if (look()) undo()
      })
    })
  }

  #look(files: RoomFiles): void {
    if (this.#posts.length === 0) return
    const transfers = new Map(files.transfers.get().map((transfer) => [transfer.id, transfer]))
    for (const one of this.#posts.flatMap((post) => post.files)) {
      if (one.transfer === undefined || one.id !== undefined) continue
      const transfer = transfers.get(one.transfer)
      if (transfer) {
        one.isSeen = true
        one.view = { ...one.view, doneBytes: transfer.doneBytes, state: transfer.state }
      } else if (one.isSeen) this.#drop(one)
    }
    this.#show()
  }

  #written(files: RoomFiles, one: Attached, id: string): void {
    const post = this.#postOf(one)
    if (!post) {
      // It was being written as it was cancelled.
      takeBack(files, [id])
      return
    }
    one.id = id
    this.#become(one, { kind: 'done' })
    this.#settle(post)
  }

  #drop(one: Attached): void {
    const post = this.#postOf(one)
    if (!post) return
    post.files.splice(post.files.indexOf(one), 1)
    this.#settle(post)
  }

  /** Sends it if all that it waits for is there. */
  #settle(post: Post): void {
    const said = post.files.flatMap(saidOf)
    if (said.length < post.files.length) return
    this.#posts = this.#posts.filter((other) => other !== post)
    if (said.length === 0 || !this.#ports.send(post.content, said)) {
      this.#return(post.content)
      const now = this.#ports.files.state.get()
      if (now.kind === 'open' && said.length > 0)
        takeBack(
          now.files,
          said.map(({ id }) => id),
        )
    }
    this.#show()
  }

  #return(words: string): void {
    this.#state.update((state) => ({ ...state, returned: [state.returned, words].filter(Boolean).join('\n') }))
  }

  #find(key: number): Attached | undefined {
    return this.#posts.flatMap(({ files }) => files).find(({ view }) => view.key === key)
  }

  #postOf(one: Attached): Post | undefined {
    return this.#posts.find(({ files }) => files.includes(one))
  }

  #become(one: Attached, state: AttachmentView['state']): void {
    one.view = { ...one.view, state }
    this.#show()
  }

  #show(): void {
    const onWay = this.#posts.flatMap(({ files }) => files.map(({ view }) => view))
    this.#state.update((state) => ({ ...state, staged: this.#staged.map(({ view }) => view), onWay }))
  }
}

/** Files of which no message speaks. Where the node is away just then they stay, and stand among the files of the room. */
function takeBack(files: RoomFiles, ids: readonly string[]): void {
  files.remove(ids).catch(() => undefined)
}

function saidOf({ id, upload }: Attached): readonly MessageFile[] {
  if (id === undefined || upload === undefined) return []
  return [{ id, name: upload.name, sizeBytes: upload.body.sizeBytes, mediaType: upload.mediaType }]
}
