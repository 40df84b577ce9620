import { Store, type Readable, type Undo } from '../../state/index.ts'
import { faultCode } from '../fault.ts'
import type { CorePorts, Manager } from '../manager.ts'
import { SealedValue, type People, type PeopleLoader, type SealedPorts } from '../people/index.ts'
import type { Keeper, VaultPage } from '../vault/index.ts'
import { chatSettings } from './chat-settings.ts'
import type { Chats, ChatSettings } from './chats.ts'
import { LegacyMessengerChats } from './legacy-messenger-chats.ts'
import { pageHttp } from './page-http.ts'
import { MessengerChats } from './messenger-chats.ts'
import { chatKeyOf, chatLineOf, seek } from './talk.ts'

/** One tab of a profile keeps the conversations; the others would write over what it keeps. */
const lockName = 'p2pigeon.chat'

/**
 * Where conversations stand in this tab.
 *
 * idle → opening → open | unable | failed, or elsewhere (another tab has them) → opening (`takeOver`). open → elsewhere when another tab takes over.
 */
export type ChatsState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly chats: Chats }
  /** Another tab of this profile has them. */
  | { readonly kind: 'elsewhere' }
  /** This device has no key to write by: it is linked to another one, which has. */
  | { readonly kind: 'unable' }
  | { readonly kind: 'failed'; readonly code: string }

export interface ChatsLoaderPorts {
  readonly core: Pick<CorePorts, 'loadChat' | 'loadPeople'>
  readonly keeper: Keeper
  readonly people: PeopleLoader
  readonly manager: Pick<Manager, 'ground'>
  /** Resolves once the manager can be used, with the addresses of the relays. */
  readonly relayUrls: () => Promise<readonly string[]>
  /** The node's store of files, once the manager can be used. */
  readonly blobs: () => Promise<{ readonly url: string; readonly maxBytes: number } | undefined>
  readonly locks: VaultPage['locks']
  readonly tabs: SealedPorts['tabs']
  readonly visibility: {
    readonly isVisible: () => boolean
    readonly onChange: (changed: () => void) => Undo
  }
  readonly notify: (name: string) => void
  readonly now: () => number
}

/** Conversations, loaded when they are wanted, in one tab at a time. */
export class ChatsLoader {
  readonly #ports: ChatsLoaderPorts
  readonly #state = new Store<ChatsState>({ kind: 'idle' })
  #close: Undo = () => undefined
  #wish: AbortController | undefined
  #over = false

  constructor(ports: ChatsLoaderPorts) {
    this.#ports = ports
  }

  get state(): Readable<ChatsState> {
    return this.#state
  }

  /** Opens the conversations here, unless another tab has them. */
  open(): void {
    const { kind } = this.#state.get()
    if (kind === 'idle' || kind === 'failed') void this.#open(false)
  }

  /** Opens them here in any case; the other tab lets them go. */
  takeOver(): void {
    if (this.#state.get().kind === 'elsewhere') void this.#open(true)
  }

  /** Opens the conversations as soon as there are any, or somebody to have them with; until the undo. */
  openWhenUsed(people: People): Undo {
    const { book } = people.contacts
    const look = (): void => {
      if (book.get().contacts.length > 0) this.open()
    }
    const stop = book.subscribe(look)
    look()
    // What cannot be read now is met by whoever opens the page of conversations.
    this.#ports.keeper.read('chat.index').then(
      (kept) => {
        if (kept) this.open()
      },
      () => undefined,
    )
    return stop
  }

  /** The page goes. */
  close(): void {
    this.#over = true
    this.#wish?.abort()
    this.#close()
  }

  async #open(steal: boolean): Promise<void> {
    const { locks } = this.#ports
    this.#state.set({ kind: 'opening' })
    if (!locks) {
      await this.#begin()
      return
    }
    this.#wish?.abort()
    await locks
      .request(lockName, steal ? { steal } : { ifAvailable: true }, (lock) => (lock ? this.#hold() : undefined))
      // Stolen by another tab: it has them from now on.
      .catch(() => undefined)
    this.#letGo()
  }

  /** They are elsewhere, and come here when that tab is closed. */
  #letGo(): void {
    this.#close()
    this.#close = () => undefined
    if (this.#over) return
    this.#state.set({ kind: 'elsewhere' })
    const wish = new AbortController()
    this.#wish = wish
    this.#ports.locks
      ?.request(lockName, { signal: wish.signal }, () => this.#hold())
      .catch(() => undefined)
      .then(() => {
        if (this.#wish === wish && !wish.signal.aborted) this.#letGo()
      })
      .catch(() => undefined)
  }

  /** Resolves when they are let go of. */
  async #hold(): Promise<void> {
    this.#state.set({ kind: 'opening' })
    await this.#begin()
    await new Promise<void>((free) => {
      const close = this.#close
      this.#close = () => {
        close()
        free()
      }
    })
  }

  async #begin(): Promise<void> {
    try {
      const opened = await this.#make()
      if (opened) this.#state.set({ kind: 'open', chats: opened })
      else this.#state.set({ kind: 'unable' })
    } catch (error) {
      this.#state.set({ kind: 'failed', code: faultCode(error) })
    }
  }

  async #make(): Promise<Chats | undefined> {
    const { core, keeper, manager, visibility } = this.#ports
    const [lib, { Scope }, people, urls, blobs] = await Promise.all([
      core.loadChat(),
      core.loadPeople(),
      this.#ports.people.load(),
      this.#ports.relayUrls(),
      this.#ports.blobs(),
    ])
    await keeper.known
    const identity = keeper.identity()
    if (!identity || this.#over) return undefined
    const settings = new SealedValue<ChatSettings>(this.#ports, chatSettings)
    await settings.loaded
    const { runtime } = manager.ground()
    const scope = new Scope()
    const common = { clock: runtime.clock, random: runtime.random, scope, signer: identity.nostr }
    const relays = new lib.RelayPool({ ...common, urls, sockets: runtime.sockets })
    const contactOf = (key: string) =>
      people.contacts.book.get().contacts.find(({ record }) => chatKeyOf(record) === key)
    const messenger = await lib.Messenger.open({
      ...common,
      slots: keeper,
      relays,
      store: { http: pageHttp(lib), url: blobs?.url, maxBytes: blobs?.maxBytes ?? 0 },
      who: (key) => {
        const contact = contactOf(key)
        if (!contact) return undefined
        const { id, petname, record, blocked } = contact
        return { id, name: petname, devices: record?.devices.length ?? 0, blocked }
      },
      seek: (key, opened) => {
        const record = contactOf(key)?.record
        return record ? seek(people.calls.ringer, record, opened) : () => undefined
      },
      hasOtherDevices: () => (keeper.record.get()?.devices.length ?? 1) > 1,
    })
    this.#answerLines(people, (line) => messenger.take(line), scope)
    const legacy = new LegacyMessengerChats({
      messenger: await lib.LegacyMessenger.open({
        ...common,
        slots: keeper,
        relays,
        isBlocked: (key) => contactOf(key)?.blocked === true,
      }),
      ownKey: identity.nostr.publicKey,
      ownRelays: urls,
      read: lib.readPublicKey,
      write: lib.npubOf,
      contactName: (key) => contactOf(key)?.petname,
      onContacts: (changed) => people.contacts.book.subscribe(changed),
      isVisible: visibility.isVisible,
      onVisibility: visibility.onChange,
      notify: (name) => {
        if (settings.value.get().notifications) this.#ports.notify(name)
      },
    })
    const chats = new MessengerChats({
      messenger,
      relays,
      legacy,
      people,
      settings,
      isVisible: visibility.isVisible,
      onVisibility: visibility.onChange,
      notify: this.#ports.notify,
      now: this.#ports.now,
    })
    this.#close = () => {
      chats.close()
      legacy.close()
      scope.end()
    }
    return chats
  }

  /** Lines that contacts open go to the conversations, whenever this tab answers for its user. */
  #answerLines(
    people: People,
    take: (line: NonNullable<ReturnType<typeof chatLineOf>>) => void,
    scope: { onEnd(undo: Undo): unknown },
  ): void {
    let undo: Undo = () => undefined
    const follow = (): void => {
      undo()
      undo =
        people.calls.ringer.get()?.answerTalk((line) => {
          const chatLine = chatLineOf(line)
          if (chatLine) take(chatLine)
          else line.close()
        }) ?? (() => undefined)
    }
    scope.onEnd(people.calls.ringer.subscribe(follow))
    scope.onEnd(() => undo())
    follow()
  }
}
