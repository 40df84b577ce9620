/**
 * Purpose. People one knows: contact cards, the book, what a met record changes, whom organisations vouch for, and who asks to be known.
 * Promises. Pure functions on values that never change; keys that a contact has not had before wait for the user; verification is the user's or a
 * trusted organisation's act alone; foreign bytes are refused with a code; every list is bounded.
 * Does not. Store or send anything, know the time, ring, or decide whom to let into a room.
 * May import. errors, bytes, codec, crypto, identity.
 */
export {
  cleanPetname,
  contactOf,
  emptyBook,
  maxContacts,
  maxPetnameLength,
  type Contact,
  type ContactBook,
  type KeyChange,
  type OwnCheck,
} from './contact.ts'
export { encodeCard, readCard, type ContactCard } from './contact-card.ts'
export { addContact, blockContact, markVerified, removeContact, renameContact, unverify, type CardWay } from './book.ts'
export { acceptChange, meetRecord, replaceIdentity, type Met } from './meet-record.ts'
export { isRosterInForce, trustOf, type Trust } from './trust.ts'
export {
  maxOrganisationLength,
  maxRevoked,
  maxRosterBytes,
  maxRosterMembers,
  organisationFingerprint,
  organisationSigner,
  type Revocation,
  type Roster,
  type RosterFields,
  type RosterMember,
  type TrustedRoster,
} from './roster.ts'
export { readRoster, signRoster } from './roster-codec.ts'
export {
  applyRoster,
  forgetOrganisation,
  maxOrganisations,
  trustOrganisation,
  type Application,
  type Applied,
} from './apply-roster.ts'
export { decodeBook, encodeBook, maxBookBytes } from './book-codec.ts'
export { mergeBooks } from './merge-books.ts'
export { exportBook, importBook, readExport, type ExportedBook } from './export.ts'
export {
  decodeRequests,
  dropRequest,
  encodeRequests,
  maxRequests,
  noRequests,
  noteRequest,
  type ContactRequest,
  type RequestList,
} from './requests.ts'
