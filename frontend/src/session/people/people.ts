import type { PeerId, Room } from '@p2pigeon/core'
import type {
  Contact,
  ContactBook,
  ContactCard,
  ContactRequest,
  IdentityId,
  IdentityRecord,
  RequestList,
  RingerPorts,
  Scope,
  Trust,
} from '@p2pigeon/core/people'
import { Store, type Readable, type Undo } from '../../state/index.ts'
import type { CallState } from '../call.ts'
import { Fault } from '../fault.ts'
import type { Identities, ShownIdentity } from '../identities.ts'
import type { CorePorts, Manager, PeopleCore } from '../manager.ts'
import { fromBase64url, slotNames, type Keeper, type VaultPage } from '../vault/index.ts'
import { callSettings, missedCalls, withMissed, type CallSettings } from './call-settings.ts'
import { ContactFiles } from './contact-files.ts'
import { DirectCalls, type MissedCall } from './direct-calls.ts'
import { RoomIdentities } from './room-identities.ts'
import { SealedValue, type SealedPorts } from './sealed-value.ts'

export interface PeoplePorts {
  readonly core: Pick<CorePorts, 'loadPeople' | 'random'>
  readonly keeper: Keeper
  readonly manager: Pick<Manager, 'road'>
  /** Resolves once the manager can be used. */
  readonly ready: Promise<void>
  readonly call: Readable<CallState>
  readonly hash: VaultPage['hash']
  readonly locks: VaultPage['locks']
  readonly tabs: SealedPorts['tabs']
  /** Absolute address of the page without its fragment. */
  readonly address: string
  readonly displayName: () => string
  /** Makes a room for a direct call and gives its link. */
  readonly createRoom: () => Promise<string>
  readonly now: () => number
}

/** What a contact link or code turned out to be. */
export type FoundCard =
  | { readonly kind: 'new'; readonly card: ContactCard }
  | { readonly kind: 'known'; readonly contact: Contact }
  /** The user's own. */
  | { readonly kind: 'self' }

/** Whom the user knows and who may call: contacts, requests, calls, and who is who in a room. */
export class People {
  readonly #ports: PeoplePorts
  readonly #lib: PeopleCore
  readonly #scope: Scope
  readonly #book: SealedValue<ContactBook>
  readonly #requests: SealedValue<RequestList>
  readonly #missed: SealedValue<readonly MissedCall[]>
  readonly #settings: SealedValue<CallSettings>
  readonly #waiting = new Store(0)
  readonly calls: DirectCalls
  readonly files: ContactFiles

  private constructor(ports: PeoplePorts, lib: PeopleCore) {
    this.#ports = ports
    this.#lib = lib
    this.#scope = new lib.Scope()
    this.#book = new SealedValue<ContactBook>(ports, {
      slot: slotNames.contacts,
      initial: lib.emptyBook,
      encode: lib.encodeBook,
      decode: lib.decodeBook,
    })
    this.#requests = new SealedValue<RequestList>(ports, {
      slot: slotNames.requests,
      initial: lib.noRequests,
      encode: lib.encodeRequests,
      decode: lib.decodeRequests,
    })
    this.#missed = new SealedValue(ports, missedCalls)
    this.#settings = new SealedValue(ports, callSettings)
    this.files = new ContactFiles({ ...ports, lib, book: this.#book })
    this.calls = new DirectCalls({
      locks: ports.locks,
      scope: this.#scope,
      now: ports.now,
      ringer: (scope) => this.#ringer(scope),
      missed: (call) => void this.#missed.change((calls) => withMissed(calls, call)).catch(() => undefined),
      requested: (request) => void this.#noteRequest(request).catch(() => undefined),
      recordMet: (record) => void this.#meet(record).catch(() => undefined),
    })
  }

  /**
   * @throws the codes of core for contacts that cannot be read: nothing is lost then, and nothing is written over them.
   */
  static async open(ports: PeoplePorts): Promise<People> {
    const [lib] = await Promise.all([ports.core.loadPeople(), ports.keeper.known])
    const people = new People(ports, lib)
    await people.#open()
    return people
  }

  get book(): Readable<ContactBook> {
    return this.#book.value
  }

  get settings(): Readable<CallSettings> {
    return this.#settings.value
  }

  get missed(): Readable<readonly MissedCall[]> {
    return this.#missed.value
  }

  /** How many requests and missed calls nobody has looked at yet. */
  get waiting(): Readable<number> {
    return this.#waiting
  }

  /** The latest first. */
  readonly requests: Readable<readonly ContactRequest[]> = {
    get: () => this.#requests.value.get().requests,
    subscribe: (changed) => this.#requests.value.subscribe(changed),
  }

  close(): void {
    this.#scope.end()
  }

  find(id: IdentityId): Contact | undefined {
    return this.#lib.contactOf(this.#book.value.get(), id)
  }

  trustOf(contact: Contact): Trust {
    return this.#lib.trustOf(this.#book.value.get(), contact, this.#ports.now())
  }

  /** The user's own contact link, which from now on others may have: this device can be called by it. */
  async ownCard(): Promise<{ readonly link: string; readonly name: string }> {
    const name = this.#lib.cleanPetname(this.#ports.displayName())
    const link = await this.#linkTo({ name, record: this.#record() })
    await this.change({ cardShown: true })
    return { link, name }
  }

  /** A link by which others can add this contact. @throws {Fault} `contact-not-met` */
  async linkOf(id: IdentityId): Promise<string> {
    const { record, claimedName } = this.#metContact(id)
    return this.#linkTo({ name: claimedName, record })
  }

  /**
   * Reads a contact link or code. Somebody known is met: a later record of theirs is noted.
   * @throws {CodecError} `card-missing`, `card-truncated`, `card-damaged`, `card-version`
   * @throws {AuthenticationError} `record-not-genuine`
   */
  async readCard(textOrUrl: string): Promise<FoundCard> {
    const card = await this.#lib.readCard(textOrUrl)
    const { id } = card.record
    if (id === this.#record().id) return { kind: 'self' }
    await this.#meet(card.record)
    const contact = this.#contactBehind(id)
    return contact ? { kind: 'known', contact } : { kind: 'new', card }
  }

  /**
   * @throws {LimitError} `too-many-contacts` @throws {Fault} `card-stale`: its time is over, or a later one is known.
   */
  async add(card: ContactCard, how: 'link' | 'scanned' | 'room', petname?: string): Promise<Contact> {
    const { id } = card.record
    await this.#book.change((book) => {
      const { book: next, added } = this.#lib.addContact(book, card, how, this.#ports.now())
      if (added === 'stale' || added === 'conflicting') throw new Fault('card-stale')
      return added === 'added' && petname?.trim()
        ? this.#lib.renameContact(next, id, petname, this.#ports.now())
        : next
    })
    await this.#requests.change((list) => this.#lib.dropRequest(list, id))
    return this.#contact(id)
  }

  /** Somebody known has lost their keys and has a new identity. It waits to be accepted. */
  async replaceIdentity(id: IdentityId, card: ContactCard): Promise<Contact> {
    await this.#book.change((book) => this.#lib.replaceIdentity(book, id, card, this.#ports.now()))
    return this.#contact(id)
  }

  async rename(id: IdentityId, petname: string): Promise<void> {
    await this.#book.change((book) => this.#lib.renameContact(book, id, petname, this.#ports.now()))
  }

  /** `undefined` when nobody has this identity any more. */
  async remove(id: IdentityId): Promise<{ readonly name: string; readonly undo: () => Promise<void> } | undefined> {
    const removed = this.find(id)
    if (!removed) return undefined
    await this.#book.change((book) => this.#lib.removeContact(book, id))
    return {
      name: removed.petname,
      undo: async () => {
        await this.#book.change((book) => this.#lib.mergeBooks(book, { contacts: [removed], rosters: [] }))
      },
    }
  }

  async block(id: IdentityId, blocked: boolean): Promise<void> {
    await this.#book.change((book) => this.#lib.blockContact(book, id, blocked, this.#ports.now()))
  }

  /** The number that both of them see; of the new keys while some wait to be accepted. @throws {Fault} `contact-not-met` */
  async safetyNumber(id: IdentityId): Promise<string> {
    const contact = this.#contact(id)
    const record = contact.change?.record ?? this.#metContact(id).record
    return this.#lib.safetyNumber(this.#record(), record)
  }

  /** The user has compared the number; new keys that wait are those that were compared. */
  async verify(id: IdentityId): Promise<void> {
    await this.#book.change((book) => {
      const { lib, now } = { lib: this.#lib, now: this.#ports.now() }
      const change = lib.contactOf(book, id)?.change
      return lib.markVerified(lib.acceptChange(book, id, now), change?.record.id ?? id, 'compared', now)
    })
  }

  async unverify(id: IdentityId): Promise<void> {
    await this.#book.change((book) => this.#lib.unverify(book, id, this.#ports.now()))
  }

  async acceptChange(id: IdentityId): Promise<void> {
    await this.#book.change((book) => this.#lib.acceptChange(book, id, this.#ports.now()))
  }

  async acceptRequest(id: IdentityId): Promise<Contact | undefined> {
    const request = this.#request(id)
    return request && this.add(request, 'link')
  }

  /** Resolves with the way back. */
  async declineRequest(id: IdentityId): Promise<() => Promise<void>> {
    const request = this.#request(id)
    await this.#requests.change((list) => this.#lib.dropRequest(list, id))
    return async () => {
      if (!request) return
      await this.#requests.change((list) => ({
        ...this.#lib.dropRequest(list, id),
        requests: [request, ...list.requests.filter((one) => one.record.id !== id)].slice(0, this.#lib.maxRequests),
      }))
    }
  }

  /** Whoever is blocked is remembered for it. */
  async blockRequest(id: IdentityId): Promise<void> {
    if (await this.acceptRequest(id)) await this.block(id, true)
  }

  /** All of them without a time. */
  async forgetMissed(atMs: number | undefined): Promise<void> {
    await this.#missed.change((calls) => calls.filter((call) => atMs !== undefined && call.atMs !== atMs))
  }

  /** The user has seen what waits. */
  async looked(): Promise<void> {
    await this.change({ lookedAtMs: this.#ports.now() })
  }

  async change(part: Partial<CallSettings>): Promise<void> {
    await this.#settings.change((settings) => ({ ...settings, ...part }))
  }

  /**
   * Rings a contact; what becomes of it shows in `calls`.
   * @throws {Fault} `contact-changed`, `contact-blocked`, `contact-revoked`, `contact-not-met`, `already-calling`, `in-a-call`
   */
  async call(id: IdentityId, video: boolean): Promise<void> {
    const { record } = this.#callable(id)
    const createRoom = async (): Promise<string> => {
      // A device that we do not know may have answered: then there is no room for it.
      await this.#book.settled
      this.#callable(id)
      return this.#ports.createRoom()
    }
    await this.calls.call(record, video, createRoom)
  }

  /** Long-term identities in a room, followed until it is over. */
  identitiesIn(room: Room): Identities {
    return new RoomIdentities(room, {
      read: async (presentation, roomId, peerId) => {
        const { record } = await this.#lib.readPresentation(presentation, bytesOf(roomId), bytesOf(peerId))
        return record
      },
      present: (roomId, peerId) =>
        this.#lib.signPresentation(this.#ports.keeper.device(), this.#record(), bytesOf(roomId), bytesOf(peerId)),
      meet: async (record) => {
        await this.#meet(record)
        return this.#shown(record)
      },
      judge: (record) => this.#shown(record),
      onChange: (changed) => this.#book.value.subscribe(changed),
      acceptChange: async (record) => {
        const contact = this.#contactBehind(record.id)
        if (contact?.change) await this.acceptChange(contact.id)
      },
      add: async (record, name) => {
        const contact = await this.add({ name: this.#lib.cleanPetname(name), record }, 'room')
        return contact.petname
      },
    })
  }

  async #open(): Promise<void> {
    const values = [this.#book, this.#requests, this.#missed, this.#settings]
    await Promise.all(values.map((value) => value.loaded))
    const { call } = this.#ports
    const undoings: Undo[] = [
      ...values.map((value) => value.follow()),
      call.subscribe(() => this.#followCall()),
      this.#settings.value.subscribe(() => this.#settle()),
      this.#book.value.subscribe(() => this.#settle()),
      this.#requests.value.subscribe(() => this.#count()),
      this.#missed.value.subscribe(() => this.#count()),
    ]
    undoings.forEach((undo) => this.#scope.onEnd(undo))
    this.#followCall()
    this.#settle()
    this.#count()
  }

  #followCall(): void {
    const { kind } = this.#ports.call.get()
    this.calls.setInCall(kind === 'joining' || kind === 'in-room')
  }

  /** Listens only where somebody could call; ends a call to somebody whose keys turn out to have changed. */
  #settle(): void {
    const { reachable, cardShown } = this.#settings.value.get()
    const { contacts } = this.#book.value.get()
    this.calls.setReachable(reachable && (cardShown || contacts.length > 0))
    const outgoing = this.calls.outgoing.get()
    if (outgoing && this.find(outgoing.id)?.change) this.calls.abort(outgoing.id, 'contact-changed')
    this.#count()
  }

  #count(): void {
    const { lookedAtMs } = this.#settings.value.get()
    const requests = this.requests.get().filter(({ lastAtMs }) => lastAtMs > lookedAtMs)
    const missed = this.missed.get().filter(({ atMs }) => atMs > lookedAtMs)
    this.#waiting.set(requests.length + missed.length)
  }

  async #ringer(scope: Scope) {
    const { ready, manager, keeper, displayName } = this.#ports
    await ready
    const { runtime, carrier } = manager.road()
    const ports: RingerPorts = {
      clock: runtime.clock,
      random: runtime.random,
      carrier,
      scope,
      device: keeper.device(),
      record: () => this.#record(),
      name: displayName,
      known: (id) => newestOf(this.#contactBehind(id), id),
      judge: (caller) => this.#judge(caller),
    }
    return new this.#lib.Ringer(ports)
  }

  /**
   * | caller                             | verdict                                                                       |
   * | ---------------------------------- | ----------------------------------------------------------------------------- |
   * | nobody in the book                 | `request`: noted, rings nowhere                                               |
   * | a contact, as known                | `ring`                                                                        |
   * | a contact with keys to be accepted | `request`: does not ring, but the change is noted, and the call with the missed |
   * | blocked, revoked, an old record    | `refuse`: hears nothing                                                       |
   */
  #judge(caller: IdentityRecord): 'ring' | 'request' | 'refuse' {
    const contact = this.#contactBehind(caller.id)
    if (!contact) return 'request'
    if (contact.blocked || this.trustOf(contact).kind === 'revoked') return 'refuse'
    const { met } = this.#lib.meetRecord(this.#book.value.get(), caller, this.#ports.now())
    if (met === 'stale' || met === 'conflicting') return 'refuse'
    return met === 'changed' ? 'request' : 'ring'
  }

  async #noteRequest(request: { readonly record: IdentityRecord; readonly name: string }): Promise<void> {
    const contact = this.#contactBehind(request.record.id)
    const atMs = this.#ports.now()
    if (contact) {
      await this.#missed.change((calls) => withMissed(calls, { id: contact.id, video: false, atMs }))
      return
    }
    await this.#requests.change((list) => this.#lib.noteRequest(list, this.#book.value.get(), request, atMs).list)
  }

  async #meet(record: IdentityRecord): Promise<void> {
    await this.#book.change((book) => this.#lib.meetRecord(book, record, this.#ports.now()).book)
  }

  async #shown(record: IdentityRecord): Promise<ShownIdentity> {
    if (record.id === this.#record().id) return { kind: 'self' }
    const contact = this.#contactBehind(record.id)
    if (!contact) return { kind: 'unknown' }
    const { met } = this.#lib.meetRecord(this.#book.value.get(), record, this.#ports.now())
    if (met === 'stale' || met === 'conflicting') return { kind: 'invalid' }
    const { petname, change } = contact
    if (!change) return { kind: 'contact', petname, verified: this.trustOf(contact).kind === 'verified' }
    return {
      kind: 'changed',
      petname,
      change: {
        addedDevices: change.addedDevices.map(({ name }) => name),
        removedDevices: change.removedDevices.map(({ name }) => name),
        replacesIdentity: change.replacesIdentity,
        safetyNumber: await this.#lib.safetyNumber(this.#record(), change.record),
      },
    }
  }

  #callable(id: IdentityId): Contact & { readonly record: IdentityRecord } {
    const contact = this.#metContact(id)
    if (contact.blocked) throw new Fault('contact-blocked')
    if (contact.change) throw new Fault('contact-changed')
    if (this.trustOf(contact).kind === 'revoked') throw new Fault('contact-revoked')
    return contact
  }

  #metContact(id: IdentityId): Contact & { readonly record: IdentityRecord } {
    const contact = this.#contact(id)
    if (!contact.record) throw new Fault('contact-not-met')
    return { ...contact, record: contact.record }
  }

  #contact(id: IdentityId): Contact {
    const contact = this.find(id)
    if (!contact) throw new Fault('unknown-contact')
    return contact
  }

  /** Also somebody known under another identity, which this one is to replace. */
  #contactBehind(id: IdentityId): Contact | undefined {
    return this.find(id) ?? this.#book.value.get().contacts.find(({ change }) => change?.record.id === id)
  }

  #request(id: IdentityId): ContactRequest | undefined {
    return this.requests.get().find(({ record }) => record.id === id)
  }

  #record(): IdentityRecord {
    const record = this.#ports.keeper.record.get()
    if (!record) throw new Fault('not-known-yet')
    return record
  }

  async #linkTo(card: ContactCard): Promise<string> {
    return `${this.#ports.address}#/c/${await this.#lib.encodeCard(card)}`
  }
}

/** The latest record of this identity that was met, accepted or not. */
function newestOf(contact: Contact | undefined, id: IdentityId): IdentityRecord | undefined {
  return contact?.change?.record.id === id ? contact.change.record : contact?.record
}

/** @throws {Fault} `bad-id` */
function bytesOf(id: string | PeerId): Uint8Array<ArrayBuffer> {
  const bytes = fromBase64url(id)
  if (!bytes) throw new Fault('bad-id')
  return bytes
}
