import type { ConversationId, FileDesk, Passage } from '@p2pigeon/core/chat'
import { Fault } from '../fault.ts'

/** Files of conversations, for the page. Every method that can fail rejects with a code for the words of files. */
export interface ChatFiles {
  /** Largest file that can be sent, in bytes; undefined while the node keeps none. */
  readonly maxBytes: number | undefined
  /** Resolves when it is kept here, sealed; it is sent as soon as the node can be reached. */
  send(id: ConversationId, file: File, replyTo?: string): Promise<void>
  cancel(parcel: string): Promise<void>
  retry(parcel: string): void
  /** True for a file that can be shown without anybody learning of it but the user's own node. */
  isNear(id: ConversationId, message: string): boolean
  /** The content, fetched unless it is here. It is nothing but bytes, whatever it is said to be. */
  open(id: ConversationId, message: string, passage?: Passage): Promise<Uint8Array<ArrayBuffer>>
}

/** The library's files as the page takes them. */
export class DeskFiles implements ChatFiles {
  readonly #desk: FileDesk

  constructor(desk: FileDesk) {
    this.#desk = desk
  }

  get maxBytes(): number | undefined {
    return this.#desk.maxBytes
  }

  async send(id: ConversationId, file: File, replyTo?: string): Promise<void> {
    const most = this.maxBytes
    // Before it is read: it may be larger than memory.
    if (most !== undefined && file.size > most) throw new Fault('file-too-large')
    const bytes = new Uint8Array(await content(file))
    const sides = await sidesOf(file)
    await this.#desk.send(id, { name: file.name, type: file.type, bytes, ...sides }, replyTo)
  }

  cancel(parcel: string): Promise<void> {
    return this.#desk.cancel(parcel)
  }

  retry(parcel: string): void {
    this.#desk.retry(parcel)
  }

  isNear(id: ConversationId, message: string): boolean {
    return this.#desk.isNear(id, message)
  }

  open(id: ConversationId, message: string, passage?: Passage): Promise<Uint8Array<ArrayBuffer>> {
    return this.#desk.open(id, message, passage)
  }
}

/** A folder, or a file that was moved meanwhile, cannot be read. */
async function content(file: File): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer()
  } catch (error) {
    throw new Fault('file-unreadable', { cause: error })
  }
}

/** How large a picture is, so that it takes its place before it is loaded. */
async function sidesOf(file: File): Promise<{ width: number; height: number } | undefined> {
  if (!file.type.startsWith('image/')) return undefined
  try {
    const picture = await createImageBitmap(file)
    const { width, height } = picture
    picture.close()
    return { width, height }
  } catch {
    // No picture that this browser knows: it goes as any file.
    return undefined
  }
}
