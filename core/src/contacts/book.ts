import { visibleText } from '../codec/index.ts'
import { LimitError, UsageError } from '../errors/index.ts'
import { isInForce, type IdentityId } from '../identity/index.ts'
import type { ContactCard } from './contact-card.ts'
import {
  cleanPetname,
  contactOf,
  maxContacts,
  maxPetnameLength,
  unchecked,
  type Contact,
  type ContactBook,
} from './contact.ts'
import { meetRecord, type Met } from './meet-record.ts'
import { withContact } from './with-contact.ts'

/** How a card came: a code scanned from the other's screen is a verification, as nobody could stand in between. */
export type CardWay = 'link' | 'scanned' | 'room'

/**
 * Adds who the card is of. Who is in the book already is met: what `meetRecord` says holds then, and the name they give themselves is noted.
 * A card whose time is over, or not yet come, is `stale` and adds nobody.
 * @throws {LimitError} `too-many-contacts`
 */
export function addContact(
  book: ContactBook,
  card: ContactCard,
  how: CardWay,
  nowMs: number,
): { readonly book: ContactBook; readonly added: 'added' | Exclude<Met, 'unknown'> } {
  const { record, name } = card
  const met = meetRecord(book, record, nowMs)
  if (met.met === 'stale' || met.met === 'conflicting') return { book: met.book, added: met.met }
  if (met.met !== 'unknown') {
    const known = contactOf(met.book, record.id)
    if (known === undefined) return { book: met.book, added: met.met }
    const isChecked = how === 'scanned' && known.change === undefined
    const checked = isChecked ? ({ how, atMs: nowMs } as const) : known.checked
    return { book: withContact(met.book, { ...known, claimedName: cleanPetname(name), checked }), added: met.met }
  }
  if (!isInForce(record, nowMs)) return { book, added: 'stale' }
  if (book.contacts.length >= maxContacts) throw tooMany()
  const fresh: Contact = {
    id: record.id,
    publicKey: record.publicKey,
    record,
    petname: cleanPetname(name),
    claimedName: cleanPetname(name),
    addedAtMs: nowMs,
    editedAtMs: nowMs,
    checked: how === 'scanned' ? { how, atMs: nowMs } : unchecked,
    change: undefined,
    roster: undefined,
    blocked: false,
  }
  return { book: withContact(book, fresh), added: 'added' }
}

/**
 * What the user calls them from now on.
 * @throws {UsageError} `unknown-contact`; `bad-name` if nothing of the name can be seen.
 */
export function renameContact(book: ContactBook, id: IdentityId, petname: string, nowMs: number): ContactBook {
  const visible = visibleText(petname, maxPetnameLength)
  if (visible === '') throw new UsageError('bad-name', 'nothing of the name can be seen')
  return withContact(book, { ...known(book, id), petname: visible, editedAtMs: nowMs })
}

/** Forgets somebody; who is not in the book is forgotten already. */
export function removeContact(book: ContactBook, id: IdentityId): ContactBook {
  return { ...book, contacts: book.contacts.filter((contact) => contact.id !== id) }
}

/**
 * A blocked contact rings nowhere and is told nothing.
 * @throws {UsageError} `unknown-contact`
 */
export function blockContact(book: ContactBook, id: IdentityId, blocked: boolean, nowMs: number): ContactBook {
  return withContact(book, { ...known(book, id), blocked, editedAtMs: nowMs })
}

/**
 * The user has compared the safety number, or scanned the other's code.
 * @throws {UsageError} `unknown-contact`; `change-pending` while new keys wait to be accepted: it would not be clear which ones were compared;
 * `no-record` of somebody who has never been met.
 */
export function markVerified(
  book: ContactBook,
  id: IdentityId,
  how: 'compared' | 'scanned',
  nowMs: number,
): ContactBook {
  const contact = known(book, id)
  if (contact.change !== undefined) throw new UsageError('change-pending', 'accept the new keys first')
  if (contact.record === undefined) throw new UsageError('no-record', 'the keys of this contact are not known yet')
  return withContact(book, { ...contact, checked: { how, atMs: nowMs } })
}

/**
 * Takes the user's own verification back; an organisation may still vouch.
 * @throws {UsageError} `unknown-contact`
 */
export function unverify(book: ContactBook, id: IdentityId, nowMs: number): ContactBook {
  return withContact(book, { ...known(book, id), checked: { how: 'none', atMs: nowMs } })
}

function known(book: ContactBook, id: IdentityId): Contact {
  const contact = contactOf(book, id)
  if (contact === undefined) throw new UsageError('unknown-contact', 'nobody in the book has this identity')
  return contact
}

function tooMany(): LimitError {
  return new LimitError('too-many-contacts', 'the book is full')
}
