import type { PeerId, Room } from '@p2pigeon/core'
import type { Contact, ContactBook, IdentityId, IdentityRecord, RingerPorts, Scope } from '@p2pigeon/core/people'
import type { Readable } from '../../state/index.ts'
import type { CallState } from '../call.ts'
import { Fault } from '../fault.ts'
import type { Identities } from '../identities.ts'
import type { CorePorts, Manager, PeopleCore } from '../manager.ts'
import { fromBase64url, slotNames, type Keeper, type VaultPage } from '../vault/index.ts'
import { callSettings, type CallSettings } from './call-settings.ts'
import { ContactFiles } from './contact-files.ts'
import { Contacts } from './contacts.ts'
import { DirectCalls } from './direct-calls.ts'
import { Inbox } from './inbox.ts'
import { RoomIdentities } from './room-identities.ts'
import { SealedValue, type SealedPorts } from './sealed-value.ts'

export interface PeoplePorts {
  readonly core: Pick<CorePorts, 'loadPeople' | 'random'>
  readonly keeper: Keeper
  readonly manager: Pick<Manager, 'ground'>
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

/** Whom the user knows and who may call: contacts, requests, calls, and who is who in a room. */
export class People {
  readonly #ports: PeoplePorts
  readonly #lib: PeopleCore
  readonly #scope: Scope
  readonly #book: SealedValue<ContactBook>
  readonly #settings: SealedValue<CallSettings>
  readonly contacts: Contacts
  readonly inbox: Inbox
  readonly files: ContactFiles
  readonly calls: DirectCalls

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
    this.#settings = new SealedValue(ports, callSettings)
    this.inbox = new Inbox({ ...ports, lib, settings: this.#settings })
    this.contacts = new Contacts({
      ...ports,
      lib,
      book: this.#book,
      added: (id) => this.inbox.drop(id),
      cardShown: () => this.change({ cardShown: true }),
    })
    this.files = new ContactFiles({ ...ports, lib, book: this.#book })
    // What could not be kept of a call is lost with the page: nobody waits for it who could be told.
    const quietly = (kept: Promise<void>): void => void kept.catch(() => undefined)
    this.calls = new DirectCalls({
      locks: ports.locks,
      scope: this.#scope,
      now: ports.now,
      ringer: (scope) => this.#ringer(scope),
      missed: (call) => quietly(this.inbox.noteMissed(call)),
      requested: (request) => quietly(this.inbox.note(request, this.contacts)),
      recordMet: (record) => quietly(this.contacts.meet(record)),
    })
  }

  /** @throws the codes of core for contacts that cannot be read: nothing is lost then, and nothing is written over them. */
  static async open(ports: PeoplePorts): Promise<People> {
    const [lib] = await Promise.all([ports.core.loadPeople(), ports.keeper.known])
    const people = new People(ports, lib)
    await people.#open()
    return people
  }

  get settings(): Readable<CallSettings> {
    return this.#settings.value
  }

  async change(part: Partial<CallSettings>): Promise<void> {
    await this.#settings.change((settings) => ({ ...settings, ...part }))
  }

  close(): void {
    this.#scope.end()
  }

  /**
   * Rings a contact; what becomes of it shows in `calls`.
   * @throws {Fault} as `Contacts.callable`; `already-calling`, `in-a-call`
   */
  async call(id: IdentityId, video: boolean): Promise<void> {
    const { record } = this.contacts.callable(id)
    await this.calls.call(record, video, async () => {
      // A device that we do not know may have answered: then there is no room for it.
      await this.#book.settled
      this.contacts.callable(id)
      return this.#ports.createRoom()
    })
  }

  /** Long-term identities in a room, followed until it is over. */
  identitiesIn(room: Room): Identities {
    const { contacts } = this
    return new RoomIdentities(room, {
      read: async (presentation, roomId, peerId) => {
        const { record } = await this.#lib.readPresentation(presentation, bytesOf(roomId), bytesOf(peerId))
        return record
      },
      present: (roomId, peerId) =>
        this.#lib.signPresentation(this.#ports.keeper.device(), this.#record(), bytesOf(roomId), bytesOf(peerId)),
      meet: async (record) => {
        await contacts.meet(record)
        return contacts.shown(record)
      },
      judge: (record) => contacts.shown(record),
      onChange: (changed) => contacts.book.subscribe(changed),
      acceptChange: async (record) => {
        const contact = contacts.behind(record.id)
        if (contact?.change) await contacts.acceptChange(contact.id, contact.change)
      },
      add: async (record, name) => {
        const contact = await contacts.add({ name: this.#lib.cleanPetname(name), record }, 'room')
        return contact.petname
      },
    })
  }

  async #open(): Promise<void> {
    await Promise.all([this.#book.loaded, this.#settings.loaded])
    this.#scope.onEnd(await this.inbox.open())
    for (const value of [this.#book, this.#settings]) {
      this.#scope.onEnd(value.follow())
      this.#scope.onEnd(value.value.subscribe(() => this.#settle()))
    }
    this.#scope.onEnd(this.#ports.call.subscribe(() => this.#followCall()))
    this.#followCall()
    this.#settle()
  }

  #followCall(): void {
    const { kind } = this.#ports.call.get()
    this.calls.setInCall(kind === 'joining' || kind === 'in-room')
  }

  /** Listens only where somebody could call; ends a call to somebody whose keys turn out to have changed. */
  #settle(): void {
    const { reachable, cardShown } = this.settings.get()
    this.calls.setReachable(reachable && (cardShown || this.contacts.book.get().contacts.length > 0))
    const outgoing = this.calls.outgoing.get()
    if (outgoing && this.contacts.find(outgoing.id)?.change) this.calls.abort(outgoing.id, 'contact-changed')
  }

  async #ringer(scope: Scope) {
    const { ready, manager, keeper, displayName } = this.#ports
    await ready
    const { runtime, roads } = manager.ground()
    const ports: RingerPorts = {
      clock: runtime.clock,
      random: runtime.random,
      roads,
      scope,
      device: keeper.device(),
      record: () => this.#record(),
      name: displayName,
      known: (id) => newestOf(this.contacts.behind(id), id),
      judge: (caller) => this.#judge(caller),
    }
    return new this.#lib.Ringer(ports)
  }

  /**
   * | caller                             | verdict                                                                         |
   * | ---------------------------------- | ------------------------------------------------------------------------------- |
   * | nobody in the book                 | `request`: noted, rings nowhere                                                 |
   * | a contact, as known                | `ring`                                                                          |
   * | a contact with keys to be accepted | `request`: does not ring, but the change is noted, and the call with the missed |
   * | blocked, revoked, an old record    | `refuse`: hears nothing                                                         |
   */
  #judge(caller: IdentityRecord): 'ring' | 'request' | 'refuse' {
    const contact = this.contacts.behind(caller.id)
    if (!contact) return 'request'
    if (contact.blocked || this.contacts.trustOf(contact).kind === 'revoked') return 'refuse'
    const { met } = this.#lib.meetRecord(this.contacts.book.get(), caller, this.#ports.now())
    if (met === 'stale' || met === 'conflicting') return 'refuse'
    return met === 'changed' ? 'request' : 'ring'
  }

  #record(): IdentityRecord {
    const record = this.#ports.keeper.record.get()
    if (!record) throw new Fault('not-known-yet')
    return record
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
