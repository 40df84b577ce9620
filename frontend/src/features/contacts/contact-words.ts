import type { Contact, ContactBook, KeyChange } from '@p2pigeon/core/people'
import { contactsText as words } from '../../text/contacts/index.ts'
import { timeAgo } from '../../text/index.ts'

export interface TrustLine {
  readonly words: string
  readonly look: 'good' | 'plain' | 'warn' | 'danger'
}

/** How far this contact is to be trusted: the worst that is known of them first. */
export function trustLine(contact: Contact, book: ContactBook, nowMs: number): TrustLine {
  const organisation = organisationOf(contact, book)
  if (contact.blocked) return { words: words.trust.blocked, look: 'plain' }
  if (contact.revoked) return { words: words.trust.revoked(organisation ?? ''), look: 'danger' }
  if (contact.change) return { words: words.trust.changed, look: 'danger' }
  const { trust } = contact
  if (trust.kind === 'unverified') return { words: words.trust.unverified, look: 'warn' }
  if (trust.how === 'roster') {
    return { words: organisation ? words.trust.roster(organisation) : words.trust.rosterGone, look: 'good' }
  }
  return { words: words.trust[trust.how](timeAgo(trust.atMs, nowMs)), look: 'good' }
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
