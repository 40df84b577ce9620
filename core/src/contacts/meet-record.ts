import { UsageError } from '../errors/index.ts'
import { isInForce, successionOf, type IdentityId, type IdentityRecord } from '../identity/index.ts'
import type { ContactCard } from './contact-card.ts'
import {
  cleanPetname,
  contactOf,
  isHarmless,
  keyChangeOf,
  type Contact,
  type ContactBook,
  type KeyChange,
} from './contact.ts'
import { withContact } from './with-contact.ts'

/** What a record that somebody has shown is to the book. */
export type Met =
  /** Nobody in the book. */
  | 'unknown'
  /** The record that is in the book. */
  | 'unchanged'
  /** A later one without a new key, or the first of somebody known by key only: it is in the book now. */
  | 'renewed'
  /** A later one with new keys, waiting for the user. */
  | 'changed'
  /** An earlier one than the book has seen, or one whose time is over or has not come: whoever shows it is not to be believed. */
  | 'stale'
  /** As old as the one that the book has seen, and another one: its owner signed two, or somebody else has the seed. Not to be believed. */
  | 'conflicting'

/**
 * Compares a genuine record with the newest one that the book has seen of the same identity: the one that waits to be accepted, if there is one.
 *
 * | in force | seq    | bytes     | against the accepted record         | met           | the book                                   |
 * | -------- | ------ | --------- | ----------------------------------- | ------------- | ------------------------------------------ |
 * | no       |        |           |                                     | `stale`       | as before                                  |
 * | yes      | lower  |           |                                     | `stale`       | as before                                  |
 * | yes      | same   | different |                                     | `conflicting` | as before                                  |
 * | yes      | same   | same      | it is the accepted one              | `unchanged`   | as before                                  |
 * | yes      | same   | same      | it is the one that waits            | `changed`     | as before                                  |
 * | yes      | any    |           | none accepted: known by key only    | `renewed`     | accepts it                                 |
 * | yes      | higher |           | no device added, the same Nostr key | `renewed`     | accepts it; what waited is withdrawn       |
 * | yes      | higher |           | a device added, or another Nostr key| `changed`     | keeps the accepted one; this one waits     |
 *
 * A device that is gone needs nobody's consent: to keep it until somebody accepts would keep a stolen device alive. A Nostr key that is gone does,
 * because the safety number covers it.
 *
 * While an identity waits to be replaced (`replaceIdentity`), records of the new one are compared with the one that waits and never accepted here;
 * genuine later ones of the former identity are `changed`, as the contact stays closed, and not kept.
 */
export function meetRecord(
  book: ContactBook,
  record: IdentityRecord,
  nowMs: number,
): { readonly book: ContactBook; readonly met: Met } {
  const contact = contactOf(book, record.id) ?? book.contacts.find(({ change }) => change?.record.id === record.id)
  if (contact === undefined) return { book, met: 'unknown' }
  if (!isInForce(record, nowMs)) return { book, met: 'stale' }
  const { change } = contact
  const newest = change?.record.id === record.id ? change.record : contact.record
  const succession = newest === undefined ? 'newer' : successionOf(newest, record)
  switch (succession) {
    case 'older':
      return { book, met: 'stale' }
    case 'conflicting':
      return { book, met: 'conflicting' }
    case 'same':
      return { book, met: change === undefined ? 'unchanged' : 'changed' }
    case 'newer':
      return succeed(book, contact, record, nowMs)
  }
}

/**
 * A contact says to have lost the seed, and has a new identity: nothing that is signed connects the two, so the user has to know who hands over the
 * card. The contact is closed until `acceptChange`.
 * @throws {UsageError} `unknown-contact`; `already-a-contact` if the new identity is another contact; `card-not-in-force`.
 */
export function replaceIdentity(book: ContactBook, id: IdentityId, card: ContactCard, nowMs: number): ContactBook {
  const contact = contactOf(book, id)
  if (contact === undefined) throw unknownContact()
  const { record, name } = card
  if (!isInForce(record, nowMs)) throw new UsageError('card-not-in-force', 'the time of this card is over')
  if (record.id === id) return meetRecord(book, record, nowMs).book
  if (isTaken(book, record.id, id)) throw alreadyAContact()
  const claimedName = cleanPetname(name)
  return withContact(book, { ...contact, claimedName, change: replacement(contact, record, nowMs) })
}

/**
 * The user takes the new keys for those of the same person. Their own verification is gone with the former keys; if an organisation lists the
 * identity, it vouches as before.
 * @throws {UsageError} `unknown-contact`; `already-a-contact` if the new identity has become another contact meanwhile.
 */
export function acceptChange(book: ContactBook, id: IdentityId, nowMs: number): ContactBook {
  const contact = contactOf(book, id)
  if (contact === undefined) throw unknownContact()
  const { change } = contact
  if (change === undefined) return book
  const { record } = change
  if (isTaken(book, record.id, id)) throw alreadyAContact()
  const checked = { how: 'none', atMs: nowMs } as const
  const { id: newId, publicKey } = record
  return withContact(book, { ...contact, id: newId, publicKey, record, change: undefined, checked }, id)
}

function succeed(book: ContactBook, contact: Contact, record: IdentityRecord, nowMs: number) {
  const { change } = contact
  if (change?.replacesIdentity === true) {
    if (record.id === contact.id) return { book, met: 'changed' as const }
    const waiting = replacement(contact, record, change.noticedAtMs)
    return { book: withContact(book, { ...contact, change: waiting }), met: 'changed' as const }
  }
  const next = keyChangeOf(contact.record, record, change?.noticedAtMs ?? nowMs)
  if (contact.record === undefined || isHarmless(next)) {
    return { book: withContact(book, { ...contact, record, change: undefined }), met: 'renewed' as const }
  }
  return { book: withContact(book, { ...contact, change: next }), met: 'changed' as const }
}

/** Also of a contact without a record, whose key alone says that this is somebody else. */
function replacement(contact: Contact, record: IdentityRecord, noticedAtMs: number): KeyChange {
  return { ...keyChangeOf(contact.record, record, noticedAtMs), replacesIdentity: true }
}

function isTaken(book: ContactBook, wanted: IdentityId, by: IdentityId): boolean {
  return book.contacts.some(({ id, change }) => id !== by && (id === wanted || change?.record.id === wanted))
}

function unknownContact(): UsageError {
  return new UsageError('unknown-contact', 'nobody in the book has this identity')
}

function alreadyAContact(): UsageError {
  return new UsageError('already-a-contact', 'the new identity is another contact')
}
