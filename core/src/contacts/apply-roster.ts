import { equal, toHex } from '../bytes/index.ts'
import { LimitError } from '../errors/index.ts'
import { identityIdOf, isInForce, type IdentityId } from '../identity/index.ts'
import { maxContacts, unchecked, type Contact, type ContactBook } from './contact.ts'
import { meetRecord } from './meet-record.ts'
import type { Roster, RosterMember, TrustedRoster } from './roster.ts'
import { isRosterInForce, rosterToleranceMs } from './trust.ts'
import { sortedById } from './with-contact.ts'

/** Organisations one trusts: an employer, a school, some clubs. */
export const maxOrganisations = 16

/** What became of a roster. */
export type Applied =
  | 'applied'
  /** It is the one that is there. */
  | 'unchanged'
  /** An earlier one than the one that is there. */
  | 'older'
  /** As old as the one that is there, and another one: the organisation signed two, or its key is not its own any more. */
  | 'conflicting'
  /** Its time is over: it vouches for nobody. What it revokes counts, if the organisation is trusted. */
  | 'expired'
  /** Issued in the future. */
  | 'early'
  /** Signed with another key than that of the organisation of this name. */
  | 'other-key'
  /** The user has not trusted this organisation yet: `trustOrganisation`, after they have compared its fingerprint. */
  | 'untrusted'

export interface Application {
  readonly book: ContactBook
  readonly applied: Applied
}

/**
 * Takes a genuine roster of an organisation that is trusted already. `self`, whoever the book belongs to, is not made a contact.
 *
 * The first row that fits decides:
 *
 * | key                                 | name                       | time     | seq               | applied       | the book                     |
 * | ----------------------------------- | -------------------------- | -------- | ----------------- | ------------- | ---------------------------- |
 * | any                                 | one trusted with other key |          |                   | `other-key`   | as before                    |
 * | not trusted                         | new                        |          |                   | `untrusted`   | as before                    |
 * | trusted                             | any free one               |          | lower             | `older`       | as before                    |
 * | trusted                             |                            |          | same, same bytes  | `unchanged`   | as before                    |
 * | trusted                             |                            |          | same, other bytes | `conflicting` | as before                    |
 * | trusted                             |                            | to come  | higher            | `early`       | as before                    |
 * | trusted                             |                            | over     | higher            | `expired`     | keeps it for its revocations |
 * | trusted                             |                            | in force | higher            | `applied`     | keeps it, with its members   |
 *
 * Members who are not in the book become contacts under the organisation's name for them, with the record that the roster gives, or known by key
 * only. Of those who are there no name, mark or verification is touched; a record that the roster gives is met like any other.
 * @throws {LimitError} `too-many-contacts`
 */
export function applyRoster(book: ContactBook, roster: Roster, nowMs: number, self?: IdentityId): Application {
  if (isNameOfOther(book, roster)) return { book, applied: 'other-key' }
  const trusted = trustedRoster(book, roster.publicKey)
  if (trusted === undefined) return { book, applied: 'untrusted' }
  const known = trusted.roster
  if (roster.seq < known.seq) return { book, applied: 'older' }
  if (roster.seq === known.seq) return { book, applied: equal(roster.bytes, known.bytes) ? 'unchanged' : 'conflicting' }
  return keep(book, { ...trusted, roster }, nowMs, self)
}

/**
 * The user has compared the organisation's fingerprint and trusts it to say who people are, from now on and for this name with this key only.
 * @throws {LimitError} `too-many-organisations`, `too-many-contacts`
 */
export function trustOrganisation(book: ContactBook, roster: Roster, nowMs: number, self?: IdentityId): Application {
  if (isNameOfOther(book, roster)) return { book, applied: 'other-key' }
  if (trustedRoster(book, roster.publicKey) !== undefined) return applyRoster(book, roster, nowMs, self)
  if (!isRosterInForce(roster, nowMs)) return { book, applied: isOver(roster, nowMs) ? 'expired' : 'early' }
  if (book.rosters.length >= maxOrganisations) {
    throw new LimitError('too-many-organisations', 'no further organisation can be trusted')
  }
  return keep(book, { trustedAtMs: nowMs, roster }, nowMs, self)
}

/** Trusts an organisation no longer. Contacts stay, without what it said of them. */
export function forgetOrganisation(book: ContactBook, publicKey: Uint8Array): ContactBook {
  return { ...book, rosters: book.rosters.filter(({ roster }) => !equal(roster.publicKey, publicKey)) }
}

export function sortedByKey(rosters: readonly TrustedRoster[]): readonly TrustedRoster[] {
  return rosters.toSorted((a, b) => (toHex(a.roster.publicKey) < toHex(b.roster.publicKey) ? -1 : 1))
}

function keep(book: ContactBook, trusted: TrustedRoster, nowMs: number, self: IdentityId | undefined): Application {
  const { roster } = trusted
  if (!isRosterInForce(roster, nowMs) && !isOver(roster, nowMs)) return { book, applied: 'early' }
  const others = forgetOrganisation(book, roster.publicKey).rosters
  const kept = { ...book, rosters: sortedByKey([...others, trusted]) }
  if (isOver(roster, nowMs)) return { book: kept, applied: 'expired' }
  return { book: withMembers(kept, roster, nowMs, self), applied: 'applied' }
}

function withMembers(book: ContactBook, roster: Roster, nowMs: number, self: IdentityId | undefined): ContactBook {
  const people = new Set(
    book.contacts.flatMap(({ id, change }) => (change === undefined ? [id] : [id, change.record.id])),
  )
  const members = roster.members.map((member) => ({ id: identityIdOf(member.publicKey), member }))
  const fresh = members.filter(({ id }) => !people.has(id) && id !== self)
  if (book.contacts.length + fresh.length > maxContacts) {
    throw new LimitError('too-many-contacts', 'the book has no room for all members')
  }
  const added = fresh.map(({ id, member }) => contactFrom(id, member, roster.organisation, nowMs))
  let next: ContactBook = { ...book, contacts: sortedById([...book.contacts, ...added]) }
  for (const { id, member } of members) {
    if (member.record !== undefined && people.has(id)) next = meetRecord(next, member.record, nowMs).book
  }
  return next
}

function contactFrom(
  id: IdentityId,
  { name, publicKey, record }: RosterMember,
  roster: string,
  nowMs: number,
): Contact {
  const inForce = record !== undefined && isInForce(record, nowMs) ? record : undefined
  const times = { addedAtMs: nowMs, editedAtMs: nowMs }
  const names = { petname: name, claimedName: name }
  return {
    id,
    publicKey,
    record: inForce,
    ...names,
    ...times,
    checked: unchecked,
    change: undefined,
    roster,
    blocked: false,
  }
}

function trustedRoster({ rosters }: ContactBook, publicKey: Uint8Array): TrustedRoster | undefined {
  return rosters.find(({ roster }) => equal(roster.publicKey, publicKey))
}

/** Names that only differ in case, width or composition are the same to a reader. */
function isNameOfOther({ rosters }: ContactBook, { organisation, publicKey }: Roster): boolean {
  const name = folded(organisation)
  const sameName = rosters.filter(({ roster }) => folded(roster.organisation) === name)
  return sameName.length > 0 && !sameName.some(({ roster }) => equal(roster.publicKey, publicKey))
}

function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}

function isOver({ expiresAtMs }: Roster, nowMs: number): boolean {
  return nowMs > expiresAtMs + rosterToleranceMs
}
