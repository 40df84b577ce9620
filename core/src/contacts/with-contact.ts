import type { IdentityId } from '../identity/index.ts'
import type { Contact, ContactBook } from './contact.ts'

/** The book with this contact in place of the one with its id, or of `instead`; sorted, so that equal books are the same bytes. */
export function withContact(book: ContactBook, contact: Contact, instead: IdentityId = contact.id): ContactBook {
  const others = book.contacts.filter(({ id }) => id !== contact.id && id !== instead)
  return { ...book, contacts: sortedById([...others, contact]) }
}

export function sortedById<One extends { readonly id: IdentityId }>(list: readonly One[]): readonly One[] {
  return list.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}
