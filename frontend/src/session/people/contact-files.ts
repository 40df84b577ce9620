import type { Applied, Contact, ContactBook, ExportedBook, IdentityRecord, Roster } from '@p2pigeon/core/people'
import { Fault } from '../fault.ts'
import type { CorePorts, PeopleCore } from '../manager.ts'
import { sameKey, type Keeper, type VaultPage } from '../vault/index.ts'
import type { SealedValue } from './sealed-value.ts'

export interface ContactFilesPorts {
  readonly lib: PeopleCore
  readonly core: Pick<CorePorts, 'random'>
  readonly keeper: Pick<Keeper, 'device' | 'identity' | 'record'>
  readonly hash: VaultPage['hash']
  readonly book: SealedValue<ContactBook>
  readonly now: () => number
}

/** One person of a file, and what importing would do about them. */
export interface ImportedContact {
  readonly id: Contact['id']
  readonly name: string
  /** `conflict`: known with other keys, which wait to be accepted afterwards. */
  readonly kind: 'new' | 'known' | 'conflict'
}

/** A file that was opened: who is in it, and the step that takes them over. */
export interface OpenedContacts {
  readonly contacts: readonly ImportedContact[]
  /** Made by this user, so that verifications count as well. */
  readonly own: boolean
  import(): Promise<number>
}

/** A roster that was read, and what became of it or could. */
export interface OpenedRoster {
  readonly roster: Roster
  readonly fingerprint: string
  readonly applied: Applied
  /** The user has compared the fingerprint. Resolves with what became of it. */
  trust(): Promise<Applied>
}

/** Contacts as files: to take along, to bring back, and from organisations. */
export class ContactFiles {
  readonly #ports: ContactFilesPorts

  constructor(ports: ContactFilesPorts) {
    this.#ports = ports
  }

  get minPassphraseLength(): number {
    return this.#ports.lib.minPassphraseLength
  }

  /** All contacts in a file that only the passphrase opens. @throws {UsageError} `passphrase-too-short` */
  async export(passphrase: string): Promise<Uint8Array<ArrayBuffer>> {
    const { lib, core, keeper, hash, book } = this.#ports
    const contents = await lib.exportBook(book.value.get(), keeper.identity() ?? keeper.device())
    return lib.sealBackup(core.random, passphrase, hash, contents)
  }

  /**
   * @throws {CodecError} `not-a-backup`, `backup-version`, `contacts-missing`, `contacts-version`, `contacts-damaged`
   * @throws {AuthenticationError} `backup-locked`: a wrong passphrase, or a damaged file. `contacts-not-genuine`
   */
  async open(file: Uint8Array, passphrase: string): Promise<OpenedContacts> {
    const { lib, hash } = this.#ports
    const exported = await lib.readExport(await lib.openBackup(file, passphrase, hash))
    const before = this.#ports.book.value.get()
    const after = this.#merged(before, exported)
    const contacts = exported.book.contacts.flatMap(({ id }) => {
      const contact = after.contacts.find((one) => one.id === id)
      return contact ? [{ id, name: contact.petname, kind: kindOf(contact, before) }] : []
    })
    return {
      contacts,
      own: this.#ownKeys().some((key) => sameKey(key, exported.signedBy)),
      import: async () => {
        let added = 0
        await this.#ports.book.change((book) => {
          const next = this.#merged(book, exported)
          added = next.contacts.length - book.contacts.length
          return next
        })
        return added
      },
    }
  }

  /**
   * Reads an organisation's roster. One of an organisation that is trusted already takes effect.
   * @throws {CodecError} `roster-missing`, `roster-version`, `roster-damaged`
   * @throws {AuthenticationError} `roster-not-genuine`
   * @throws {LimitError} `too-many-contacts`
   */
  async openRoster(file: Uint8Array): Promise<OpenedRoster> {
    const { lib, book, now } = this.#ports
    const roster = await lib.readRoster(file)
    const self = this.#record().id
    let applied: Applied = 'untrusted'
    const take = async (step: PeopleCore['applyRoster']): Promise<Applied> => {
      await book.change((before) => {
        const done = step(before, roster, now(), self)
        applied = done.applied
        return done.book
      })
      return applied
    }
    return {
      roster,
      fingerprint: await lib.organisationFingerprint(roster.publicKey),
      applied: await take(lib.applyRoster),
      trust: () => take(lib.trustOrganisation),
    }
  }

  /** Whom this organisation vouched for stays, without that. */
  async forgetOrganisation(publicKey: Uint8Array): Promise<void> {
    await this.#ports.book.change((book) => this.#ports.lib.forgetOrganisation(book, publicKey))
  }

  #merged(book: ContactBook, exported: ExportedBook): ContactBook {
    return this.#ports.lib.importBook(book, exported, this.#ownKeys(), this.#ports.now())
  }

  #ownKeys(): readonly Uint8Array[] {
    const { publicKey, devices } = this.#record()
    return [publicKey, ...devices.map((device) => device.publicKey)]
  }

  #record(): IdentityRecord {
    const record = this.#ports.keeper.record.get()
    if (!record) throw new Fault('not-known-yet')
    return record
  }
}

function kindOf(contact: Contact, before: ContactBook): ImportedContact['kind'] {
  const known = before.contacts.find(({ id }) => id === contact.id)
  if (!known) return 'new'
  return contact.change && !known.change ? 'conflict' : 'known'
}
