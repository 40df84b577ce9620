import type { AuthorKey, LegacyConversation, LegacyId, LegacyMessage } from '@p2pigeon/core/chat'
import { Store, type Undo } from '../../state/index.ts'
import type { LegacyChats, LegacyView } from '../chat/legacy-chats.ts'
import { FakeFault } from './fake-fault.ts'

/** Conversations with old clients in memory: what is written is there at once and goes nowhere. */
export class FakeLegacyChats implements LegacyChats {
  readonly conversations = new Store<readonly LegacyConversation[]>([])
  readonly ownRelays = ['wss://node.example/nostr', 'wss://relay.one.example']
  readonly ownAddress = `npub1${'q'.repeat(58)}`
  /** Every method that can fail fails with this code while it is set. */
  fault: string | undefined
  now = (): number => Date.now()
  readonly #views = new Map<LegacyId, Store<LegacyView | undefined>>()
  #next = 1

  view(id: LegacyId): Store<LegacyView | undefined> {
    const view = this.#views.get(id) ?? new Store<LegacyView | undefined>(undefined)
    this.#views.set(id, view)
    return view
  }

  show(): Undo {
    return () => undefined
  }

  async start(address: string): Promise<LegacyId> {
    await this.#try()
    const id = `old-${address}` as LegacyId
    const relays = this.ownRelays
    this.#set(id, { id, peer: address, unread: 0, last: undefined, startedAtMs: this.now(), relays }, [])
    return id
  }

  async send(id: LegacyId, content: string): Promise<void> {
    await this.#try()
    this.put(id, { id: `old${this.#next++}`, own: true, content, sentAtMs: this.now(), standing: 'sent' })
  }

  /** A message is there. */
  put(id: LegacyId, message: LegacyMessage): void {
    const view = this.view(id).get()
    if (!view) return
    const last = { text: message.content, atMs: message.sentAtMs, own: message.own }
    this.#set(id, { ...view.conversation, last }, [...view.messages, message])
  }

  async hide(id: LegacyId, message: string): Promise<void> {
    await this.#try()
    const view = this.view(id).get()
    if (view) {
      this.#set(
        id,
        view.conversation,
        view.messages.filter((one) => one.id !== message),
      )
    }
  }

  async end(id: LegacyId): Promise<void> {
    await this.#try()
    this.view(id).set(undefined)
    this.conversations.set(this.conversations.get().filter((one) => one.id !== id))
  }

  nameOf(key: AuthorKey): string {
    return key.slice(0, 8)
  }

  #set(id: LegacyId, conversation: LegacyConversation, messages: readonly LegacyMessage[]): void {
    this.view(id).set({ conversation, messages })
    this.conversations.set([conversation, ...this.conversations.get().filter((one) => one.id !== id)])
  }

  #try(): Promise<void> {
    return this.fault === undefined ? Promise.resolve() : Promise.reject(new FakeFault(this.fault))
  }
}
