import type { Slots } from '@p2pigeon/core/chat'
import type { Undo } from '../../state/index.ts'
import type { CorePorts, Manager } from '../manager.ts'
import { SealedValue, type People, type PeopleLoader, type SealedPorts } from '../people/index.ts'
import type { Keeper, VaultPage } from '../vault/index.ts'
import { chatSettings } from './chat-settings.ts'
import type { Chats, ChatSettings } from './chats.ts'
import { LegacyMessengerChats } from './legacy-messenger-chats.ts'
import { MessengerChats } from './messenger-chats.ts'
import { ownRelays } from './own-relays.ts'
import { pageHttp } from './page-http.ts'
import { chatKeyOf, chatLineOf, seek } from './talk.ts'

export interface ChatsPorts {
  readonly core: Pick<CorePorts, 'loadChat' | 'loadPeople'>
  readonly keeper: Keeper
  readonly people: Pick<PeopleLoader, 'load'>
  readonly manager: Pick<Manager, 'ground'>
  /** Absolute address of the page. */
  readonly address: string
  /** Resolves once the manager can be used, with the addresses of the node's relays. */
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

/** Relays of people with old clients that are connected to at once, besides our own: their lists take no place of other mail. */
const maxLegacyRelays = 24

/**
 * Opens the conversations. Everything that was started is over, and nothing is written any more, as soon as `ours` is aborted; whoever calls aborts it
 * when this rejects. Undefined where this device has no key to write by.
 * @throws the reason of `ours`; what a failed download throws; the codes of core for what cannot be read.
 */
export async function openChats(ports: ChatsPorts, ours: AbortSignal): Promise<Chats | undefined> {
  const { core, keeper, manager, visibility } = ports
  const [lib, { Scope }, people, ofNode, blobs] = await Promise.all([
    core.loadChat(),
    core.loadPeople(),
    ports.people.load(),
    ports.relayUrls(),
    ports.blobs(),
    keeper.known,
  ])
  ours.throwIfAborted()
  const identity = keeper.identity()
  if (!identity) return undefined
  const scope = new Scope()
  ours.addEventListener('abort', () => scope.end(), { once: true })
  const settings = new SealedValue<ChatSettings>(ports, chatSettings)
  await settings.loaded
  ours.throwIfAborted()
  const { runtime } = manager.ground()
  const slots = whileOurs(keeper, ours)
  const common = { clock: runtime.clock, random: runtime.random, scope, signer: identity.nostr }
  const urlsNow = (): readonly string[] => ownRelays(ofNode, settings.value.get().relays, lib.relayUrlOf)
  const relays = new lib.RelayPool({ ...common, urls: urlsNow(), sockets: runtime.sockets })
  const contactOf = (key: string) => people.contacts.book.get().contacts.find(({ record }) => chatKeyOf(record) === key)
  const messenger = await lib.Messenger.open({
    ...common,
    slots,
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
  ours.throwIfAborted()
  const legacyRelays = new lib.RelayPool({
    ...common,
    urls: urlsNow(),
    sockets: runtime.sockets,
    maxOthers: maxLegacyRelays,
    onlyWhenUsed: true,
  })
  const legacyMessenger = await lib.LegacyMessenger.open({
    ...common,
    slots,
    relays: legacyRelays,
    isBlocked: (key) => contactOf(key)?.blocked === true,
  })
  ours.throwIfAborted()
  answerLines(people, (line) => messenger.take(line), scope)
  const legacy = new LegacyMessengerChats({
    messenger: legacyMessenger,
    ownKey: identity.nostr.publicKey,
    ownRelays: () => legacyRelays.urls,
    read: lib.readPublicKey,
    write: lib.npubOf,
    contactName: (key) => contactOf(key)?.petname,
    onContacts: (changed) => people.contacts.book.subscribe(changed),
    isVisible: visibility.isVisible,
    onVisibility: visibility.onChange,
    notify: (name) => {
      if (settings.value.get().notifications) ports.notify(name)
    },
  })
  scope.onEnd(() => legacy.close())
  const chats = new MessengerChats({
    messenger,
    relays,
    legacy,
    people,
    settings,
    address: ports.address,
    readUrl: lib.relayUrlOf,
    isVisible: visibility.isVisible,
    onVisibility: visibility.onChange,
    notify: ports.notify,
    now: ports.now,
  })
  scope.onEnd(() => chats.close())
  scope.onEnd(
    settings.value.subscribe(() => {
      relays.setUrls(urlsNow())
      legacyRelays.setUrls(urlsNow())
    }),
  )
  return chats
}

/** What is kept, to be written by us until another tab has taken over: what that one keeps must not be written over. */
function whileOurs(keeper: Keeper, ours: AbortSignal): Slots {
  return {
    read: (name) => keeper.read(name),
    write: async (name, bytes) => {
      ours.throwIfAborted()
      await keeper.write(name, bytes)
    },
    remove: async (name) => {
      ours.throwIfAborted()
      await keeper.remove(name)
    },
  }
}

/** Lines that contacts open go to the conversations, whenever this tab answers for its user. */
function answerLines(
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
