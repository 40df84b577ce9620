import type { ConversationId, ParcelView, Passage } from '@p2pigeon/core/chat'
import type { ChatFiles } from '../chat/chat-files.ts'
import { Fault } from '../fault.ts'

/** Files in memory: what is taken stays on its way until it is told otherwise. */
export class FakeChatFiles implements ChatFiles {
  maxBytes: number | undefined = 1_000_000
  fault: string | undefined
  /** Content by message. */
  readonly contents = new Map<string, Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>>()
  readonly near = new Set<string>()
  /** Messages whose files come for ever. */
  readonly coming = new Set<string>()
  readonly calls: string[] = []
  readonly #changed: (id: ConversationId, parcels: readonly ParcelView[]) => void
  #parcels: readonly (ParcelView & { readonly conversation: ConversationId })[] = []

  constructor(changed: (id: ConversationId, parcels: readonly ParcelView[]) => void) {
    this.#changed = changed
  }

  put(conversation: ConversationId, parcel: ParcelView): void {
    this.#parcels = [...this.#parcels, { ...parcel, conversation }]
    this.#tell(conversation)
  }

  send(id: ConversationId, { name, type, size }: File): Promise<void> {
    this.calls.push(`send ${name}`)
    if (this.fault !== undefined) return Promise.reject(new Fault(this.fault))
    const state = { kind: 'sending', part: 0 } as const
    this.put(id, { id: `parcel-${name}`, name, type, bytes: size, width: undefined, height: undefined, state })
    return Promise.resolve()
  }

  cancel(parcel: string): Promise<void> {
    this.calls.push(`cancel ${parcel}`)
    const conversation = this.#parcels.find(({ id }) => id === parcel)?.conversation
    this.#parcels = this.#parcels.filter(({ id }) => id !== parcel)
    if (conversation) this.#tell(conversation)
    return Promise.resolve()
  }

  retry(parcel: string): void {
    this.calls.push(`retry ${parcel}`)
  }

  isNear(_id: ConversationId, message: string): boolean {
    return this.near.has(message)
  }

  open(_id: ConversationId, message: string, passage: Passage = {}): Promise<Uint8Array<ArrayBuffer>> {
    this.calls.push(`open ${message}`)
    if (this.coming.has(message)) {
      passage.progress?.(0.4)
      return new Promise(() => undefined)
    }
    const bytes = this.contents.get(message)
    return bytes ? Promise.resolve(bytes) : Promise.reject(new Fault(this.fault ?? 'file-gone'))
  }

  #tell(conversation: ConversationId): void {
    this.#changed(
      conversation,
      this.#parcels.filter((parcel) => parcel.conversation === conversation),
    )
  }
}
