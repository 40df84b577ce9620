import type { AuthorKey, LegacyConversation, LegacyId, LegacyMessenger } from '@p2pigeon/core/chat'
import { Store, type Readable, type Undo } from '../../state/index.ts'
import type { LegacyChats, LegacyView } from './legacy-chats.ts'

/** Of an address, at its start and at its end. */
const shownCharacters = 6

export interface LegacyMessengerChatsPorts {
  readonly messenger: LegacyMessenger
  readonly ownKey: AuthorKey
  readonly ownRelays: () => readonly string[]
  readonly read: (address: string) => AuthorKey
  readonly write: (key: AuthorKey) => string
  /** What the user calls them; undefined for somebody who is no contact. */
  readonly contactName: (key: AuthorKey) => string | undefined
  readonly onContacts: (changed: () => void) => Undo
  readonly isVisible: () => boolean
  readonly onVisibility: (changed: () => void) => Undo
  /** Somebody has written while their conversation was not looked at. */
  readonly notify: (name: string) => void
}

/** The library's conversations with old clients as the page takes them. */
export class LegacyMessengerChats implements LegacyChats {
  readonly #ports: LegacyMessengerChatsPorts
  readonly #conversations: Store<readonly LegacyConversation[]>
  readonly #views = new Map<LegacyId, Store<LegacyView | undefined>>()
  readonly #undoings: readonly Undo[]
  #shown: LegacyId | undefined

  constructor(ports: LegacyMessengerChatsPorts) {
    this.#ports = ports
    const { messenger } = ports
    this.#conversations = new Store(messenger.conversations())
    this.#undoings = [
      messenger.on('changed', (id) => this.#changed(id)),
      messenger.on('received', (id) => this.#received(id)),
      ports.onContacts(() => this.#changed(undefined)),
      ports.onVisibility(() => this.#read()),
    ]
  }

  get conversations(): Readable<readonly LegacyConversation[]> {
    return this.#conversations
  }

  get ownRelays(): readonly string[] {
    return this.#ports.ownRelays()
  }

  get ownAddress(): string {
    return this.#ports.write(this.#ports.ownKey)
  }

  view(id: LegacyId): Readable<LegacyView | undefined> {
    const known = this.#views.get(id)
    if (known) return known
    const made = new Store<LegacyView | undefined>(this.#viewOf(id))
    this.#views.set(id, made)
    return made
  }

  show(id: LegacyId): Undo {
    this.#shown = id
    // What cannot be read is said where it is shown: as an empty conversation that a reload may mend.
    this.#ports.messenger.load(id).catch(() => undefined)
    this.#read()
    return () => {
      if (this.#shown === id) this.#shown = undefined
    }
  }

  async start(address: string): Promise<LegacyId> {
    return this.#ports.messenger.start(this.#ports.read(address))
  }

  send(id: LegacyId, content: string): Promise<void> {
    return this.#ports.messenger.send(id, content)
  }

  hide(id: LegacyId, message: string): Promise<void> {
    return this.#ports.messenger.hide(id, message)
  }

  end(id: LegacyId): Promise<void> {
    return this.#ports.messenger.end(id)
  }

  nameOf(key: AuthorKey): string {
    const address = this.#ports.write(key)
    return this.#ports.contactName(key) ?? `${address.slice(0, 5 + shownCharacters)}…${address.slice(-shownCharacters)}`
  }

  close(): void {
    for (const undo of this.#undoings) undo()
  }

  #changed(id: LegacyId | undefined): void {
    this.#conversations.set(this.#ports.messenger.conversations())
    for (const [each, view] of this.#views) if (id === undefined || each === id) view.set(this.#viewOf(each))
    if (id !== undefined && id === this.#shown) this.#read()
  }

  #received(id: LegacyId): void {
    const peer = this.#ports.messenger.conversation(id)?.peer
    if (peer === undefined || (id === this.#shown && this.#ports.isVisible())) return
    this.#ports.notify(this.nameOf(peer))
  }

  /** What is on a screen that somebody looks at is read. */
  #read(): void {
    if (this.#shown === undefined || !this.#ports.isVisible()) return
    this.#ports.messenger.markRead(this.#shown).catch(() => undefined)
  }

  #viewOf(id: LegacyId): LegacyView | undefined {
    const conversation = this.#ports.messenger.conversation(id)
    return conversation && { conversation, messages: this.#ports.messenger.messages(id) }
  }
}
