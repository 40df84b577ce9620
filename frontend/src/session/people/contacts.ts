import type {
  Contact,
  ContactBook,
  ContactCard,
  IdentityId,
  IdentityRecord,
  KeyChange,
  Trust,
} from '@p2pigeon/core/people'
import type { Readable } from '../../state/index.ts'
import { Fault } from '../fault.ts'
import type { ShownIdentity } from '../identities.ts'
import type { PeopleCore } from '../manager.ts'
import { sameKey, type Keeper } from '../vault/index.ts'
import type { SealedValue } from './sealed-value.ts'

export interface ContactsPorts {
  readonly lib: PeopleCore
  readonly book: SealedValue<ContactBook>
  readonly keeper: Pick<Keeper, 'record'>
  /** Absolute address of the page without its fragment. */
  readonly address: string
  readonly displayName: () => string
  /** Somebody is a contact now, and asks no longer. */
  readonly added: (id: IdentityId) => Promise<void>
  /** Somebody may have the user's card from now on. */
  readonly cardShown: () => Promise<void>
  readonly now: () => number
}

/** What a contact link or code turned out to be. */
export type FoundCard =
  | { readonly kind: 'new'; readonly card: ContactCard }
  | { readonly kind: 'known'; readonly contact: Contact }
  /** The user's own. */
  | { readonly kind: 'self' }

export type MetContact = Contact & { readonly record: IdentityRecord }

/** Everything the user does with contacts, on the book as it is stored now. */
export class Contacts {
  readonly #ports: ContactsPorts
  readonly #lib: PeopleCore
  readonly #book: SealedValue<ContactBook>

  constructor(ports: ContactsPorts) {
    this.#ports = ports
    this.#lib = ports.lib
    this.#book = ports.book
  }

  get book(): Readable<ContactBook> {
    return this.#book.value
  }

  find(id: IdentityId): Contact | undefined {
    return this.#lib.contactOf(this.#book.value.get(), id)
  }

  /** Also somebody known under another identity, which this one is to replace. */
  behind(id: IdentityId): Contact | undefined {
    return this.find(id) ?? this.#book.value.get().contacts.find(({ change }) => change?.record.id === id)
  }

  trustOf(contact: Contact): Trust {
    return this.#lib.trustOf(this.#book.value.get(), contact, this.#ports.now())
  }

  /** The user's own contact link, which from now on others may have: this device can be called by it. */
  async ownCard(): Promise<{ readonly link: string; readonly name: string }> {
    const name = this.#lib.cleanPetname(this.#ports.displayName())
    const link = await this.#linkTo({ name, record: this.#record() })
    await this.#ports.cardShown()
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
    await this.meet(card.record)
    const contact = this.behind(id)
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
      return added === 'added' && petname?.trim() ? this.#lib.renameContact(next, id, petname, this.#ports.now()) : next
    })
    await this.#ports.added(id)
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

  /**
   * The user has compared this number; new keys that wait are accepted if they are those that it is of.
   * @throws {Fault} `change-newer` if the keys have changed since it was shown.
   */
  async verify(id: IdentityId, compared: string): Promise<void> {
    await this.#book.change(async (book) => {
      const [lib, nowMs] = [this.#lib, this.#ports.now()]
      if ((await this.safetyNumber(id)) !== compared) throw new Fault('change-newer')
      const change = lib.contactOf(book, id)?.change
      return lib.markVerified(lib.acceptChange(book, id, nowMs), change?.record.id ?? id, 'compared', nowMs)
    })
  }

  async unverify(id: IdentityId): Promise<void> {
    await this.#book.change((book) => this.#lib.unverify(book, id, this.#ports.now()))
  }

  /** @throws {Fault} `change-newer` if the keys have changed since `seen` was shown. */
  async acceptChange(id: IdentityId, seen: KeyChange): Promise<void> {
    await this.#book.change((book) => {
      const { change } = this.#contact(id)
      if (!change) return book
      if (!sameKey(change.record.bytes, seen.record.bytes)) throw new Fault('change-newer')
      return this.#lib.acceptChange(book, id, this.#ports.now())
    })
  }

  /** A genuine record was shown by its owner: what is new in it is noted. */
  async meet(record: IdentityRecord): Promise<void> {
    await this.#book.change((book) => this.#lib.meetRecord(book, record, this.#ports.now()).book)
  }

  /** Who shows this record in a room, as the contacts are now. */
  async shown(record: IdentityRecord): Promise<ShownIdentity> {
    if (record.id === this.#record().id) return { kind: 'self' }
    const contact = this.behind(record.id)
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

  /** @throws {Fault} `contact-changed`, `contact-blocked`, `contact-revoked`, `contact-not-met`, `unknown-contact` */
  callable(id: IdentityId): MetContact {
    const contact = this.#metContact(id)
    if (contact.blocked) throw new Fault('contact-blocked')
    if (contact.change) throw new Fault('contact-changed')
    if (this.trustOf(contact).kind === 'revoked') throw new Fault('contact-revoked')
    return contact
  }

  #metContact(id: IdentityId): MetContact {
    const contact = this.#contact(id)
    if (!contact.record) throw new Fault('contact-not-met')
    return { ...contact, record: contact.record }
  }

  #contact(id: IdentityId): Contact {
    const contact = this.find(id)
    if (!contact) throw new Fault('unknown-contact')
    return contact
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
