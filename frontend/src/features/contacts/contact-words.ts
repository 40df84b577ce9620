import type { Contact, ContactBook, KeyChange, Roster, Trust } from '@p2pigeon/core/people'
import { contactsText as words } from '../../text/contacts/index.ts'
import { day, timeAgo } from '../../text/index.ts'

export interface TrustLine {
  readonly words: string
  readonly look: 'good' | 'plain' | 'warn' | 'danger'
}

/** How far this contact is to be trusted: the worst that is known of them first. */
export function trustLine(contact: Contact, trust: Trust, nowMs: number): TrustLine {
  if (contact.blocked) return { words: words.trust.blocked, look: 'plain' }
  if (trust.kind === 'revoked') return { words: words.trust.revoked(trust.organisation), look: 'danger' }
  if (contact.change) return { words: words.trust.changed, look: 'danger' }
  if (trust.kind === 'unverified') {
    return { words: contact.record ? words.trust.unverified : words.trust.notMet, look: 'warn' }
  }
  const said =
    trust.how === 'roster' ? words.trust.roster(trust.organisation) : words.trust[trust.how](timeAgo(trust.atMs, nowMs))
  return { words: contact.record ? said : `${said}. ${words.trust.notMet}`, look: 'good' }
}

/** What is different, in words. */
export function changeLines(change: KeyChange, nowMs: number): readonly string[] {
  const lines = [
    ...(change.replacesIdentity ? [words.change.identity] : []),
    ...change.addedDevices.map(({ name, addedAtMs }) => words.change.added(name, timeAgo(addedAtMs, nowMs))),
    ...change.removedDevices.map(({ name }) => words.change.removedDevice(name)),
    ...(change.nostrChanged && !change.replacesIdentity ? [words.change.nostr] : []),
  ]
  return lines.length > 0 ? lines : [words.change.renewed]
}

/** Contacts whose change waits to be looked at; nobody is asked about those that are blocked. */
export function changedContacts(book: ContactBook): readonly Contact[] {
  return book.contacts.filter((contact) => contact.change && !contact.blocked)
}

export function waitingWords(count: number): string {
  return words.requests.badge(count)
}

/** 60 digits in the groups in which they are read aloud. */
export function groupsOf(number: string): readonly string[] {
  return number.match(/\d{5}/g) ?? []
}

/** Until when an organisation's word holds. */
export function validityWords({ expiresAtMs }: Roster, nowMs: number): string {
  return expiresAtMs > nowMs ? words.roster.expires(day(expiresAtMs)) : words.roster.expired(day(expiresAtMs))
}
