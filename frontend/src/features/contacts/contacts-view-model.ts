import type { Contact, IdentityId, KeyChange, Roster } from '@p2pigeon/core/people'
import { Store, type Readable } from '../../state/index.ts'
import { faultCode, type People } from '../../session/index.ts'
import { contactFaultText, contactsText as words } from '../../text/contacts/index.ts'
import { faultText } from '../../text/index.ts'
import { trustLine, type TrustLine } from './contact-words.ts'

/** What is open in front of the page. */
export type Dialog =
  | { readonly kind: 'card' | 'export' | 'import' | 'roster' }
  /** `code` when a link was opened. */
  | { readonly kind: 'add'; readonly code: string | undefined }
  | { readonly kind: 'compare' | 'change' | 'rename'; readonly id: IdentityId }
  /** For browsers that keep the clipboard closed. */
  | { readonly kind: 'link'; readonly link: string }
  | { readonly kind: 'removeRoster'; readonly roster: Roster }

export interface ContactsPorts {
  readonly people: People
  toast(said: string, undo?: () => void): void
  complain(said: string): void
  copy(said: string): Promise<void>
  now(): number
  /** Opens the conversation with somebody. Rejects with a code. */
  write(id: IdentityId): Promise<void>
}

export interface ContactRow {
  readonly id: IdentityId
  readonly name: string
  readonly trust: TrustLine
  /** Whether calling makes sense: what stands in the way otherwise is in `trust`. */
  readonly callable: boolean
  readonly contact: Contact
}

/** The page of contacts: what is searched, what is open, and every act on a contact with its answer. */
export class ContactsViewModel {
  readonly #ports: ContactsPorts
  readonly #query = new Store('')
  readonly #dialog: Store<Dialog | undefined>

  /** `code` is that of a contact link that was just opened. */
  constructor(ports: ContactsPorts, code?: string) {
    this.#ports = ports
    this.#dialog = new Store<Dialog | undefined>(code === undefined ? undefined : { kind: 'add', code })
  }

  get people(): People {
    return this.#ports.people
  }

  get query(): Readable<string> {
    return this.#query
  }

  get dialog(): Readable<Dialog | undefined> {
    return this.#dialog
  }

  async write(id: IdentityId): Promise<void> {
    try {
      await this.#ports.write(id)
    } catch (error) {
      this.#ports.complain(faultText(faultCode(error)).title)
    }
  }

  search(query: string): void {
    this.#query.set(query)
  }

  open(dialog: Dialog): void {
    this.#dialog.set(dialog)
  }

  close(): void {
    this.#dialog.set(undefined)
  }

  /** Who fits the search: those whose keys changed first, then by name. */
  rows(): readonly ContactRow[] {
    const book = this.people.contacts.book.get()
    const wanted = this.#query.get().trim().toLocaleLowerCase()
    const order = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true })
    return book.contacts
      .filter(({ petname, claimedName }) => `${petname}\n${claimedName}`.toLocaleLowerCase().includes(wanted))
      .map((contact) => {
        const trust = this.people.contacts.trustOf(contact)
        return {
          id: contact.id,
          name: contact.petname,
          trust: trustLine(contact, trust, this.#ports.now()),
          callable: !contact.blocked && !contact.change && trust.kind !== 'revoked' && contact.record !== undefined,
          contact,
        }
      })
      .sort((one, other) => rank(one) - rank(other) || order.compare(one.name, other.name))
  }

  async call(id: IdentityId, video: boolean): Promise<void> {
    await this.#try(() => this.people.call(id, video))
  }

  async copyLink(id: IdentityId): Promise<void> {
    await this.#try(async () => {
      const link = await this.people.contacts.linkOf(id)
      await this.copy(link, words.linkCopied)
    })
  }

  /** Copies, or shows the words to be copied by hand. */
  async copy(link: string, said: string): Promise<void> {
    try {
      await this.#ports.copy(link)
      this.#ports.toast(said)
    } catch {
      this.open({ kind: 'link', link })
    }
  }

  async rename(id: IdentityId, name: string): Promise<void> {
    if (name.trim() !== '') await this.#try(() => this.people.contacts.rename(id, name))
  }

  async remove(id: IdentityId): Promise<void> {
    await this.#try(async () => {
      const restore = await this.people.contacts.remove(id)
      if (restore) this.#ports.toast(words.removed(restore.name), () => void this.#try(restore.undo))
    })
  }

  async block(id: IdentityId, blocked: boolean): Promise<void> {
    await this.#try(async () => {
      await this.people.contacts.block(id, blocked)
      const name = this.people.contacts.find(id)?.petname ?? ''
      this.#ports.toast(blocked ? words.blocked(name) : words.unblocked(name), () => void this.block(id, !blocked))
    })
  }

  async unverify(id: IdentityId): Promise<void> {
    await this.#try(() => this.people.contacts.unverify(id))
  }

  async acceptChange(id: IdentityId, seen: KeyChange): Promise<void> {
    const name = this.people.contacts.find(id)?.petname ?? ''
    await this.#try(async () => {
      await this.people.contacts.acceptChange(id, seen)
      this.#ports.toast(words.change.accepted(name))
    })
  }

  /** The two of them have the same number: what was compared is now what counts. */
  async matched(id: IdentityId, number: string): Promise<void> {
    const name = this.people.contacts.find(id)?.petname ?? ''
    await this.#try(async () => {
      await this.people.contacts.verify(id, number)
      this.#ports.toast(words.compare.matched(name))
    })
  }

  async acceptRequest(id: IdentityId): Promise<void> {
    await this.#try(async () => {
      const contact = await this.people.inbox.accept(id, this.people.contacts)
      if (contact) this.#ports.toast(words.adding.added(contact.petname))
    })
  }

  async declineRequest(id: IdentityId, name: string): Promise<void> {
    await this.#try(async () => {
      const undo = await this.people.inbox.decline(id)
      this.#ports.toast(words.requests.declined(name), () => void this.#try(undo))
    })
  }

  async blockRequest(id: IdentityId, name: string): Promise<void> {
    await this.#try(async () => {
      await this.people.inbox.block(id, this.people.contacts)
      this.#ports.toast(words.blocked(name), () => void this.#try(() => this.people.contacts.remove(id)))
    })
  }

  async forgetMissed(atMs: number | undefined): Promise<void> {
    await this.#try(() => this.people.inbox.forgetMissed(atMs))
  }

  async change(part: Parameters<People['change']>[0]): Promise<void> {
    await this.#try(() => this.people.change(part))
  }

  async removeRoster({ publicKey, organisation }: Roster): Promise<void> {
    await this.#try(async () => {
      await this.people.files.forgetOrganisation(publicKey)
      this.#ports.toast(words.roster.removed(organisation))
    })
  }

  toast(said: string): void {
    this.#ports.toast(said)
  }

  now(): number {
    return this.#ports.now()
  }

  async #try(act: () => Promise<unknown>): Promise<void> {
    try {
      await act()
    } catch (error) {
      const code = faultCode(error)
      const { title, body } = contactFaultText(code) ?? faultText(code)
      this.#ports.complain(`${title}. ${body}`)
    }
  }
}

function rank({ contact }: ContactRow): number {
  if (contact.blocked) return 2
  return contact.change ? 0 : 1
}
