import { equal } from '../bytes/index.ts'
import { visibleText } from '../codec/index.ts'
import type { DeviceEntry, IdentityId, IdentityRecord } from '../identity/index.ts'
import type { TrustedRoster } from './roster.ts'

/** People a book holds: more than anybody knows, and few enough that a page reads all of them in a second or two. */
export const maxContacts = 2_000
/** Longest name of a contact, in characters, as for a name in a room; and the UTF-8 bytes that it can take. */
export const maxPetnameLength = 64
export const maxPetnameBytes = 256

/** What the user found out in person. `none` with a time is a verification taken back, or lost with a change of keys. */
export interface OwnCheck {
  readonly how: 'none' | 'compared' | 'scanned'
  readonly atMs: number
}

export const unchecked: OwnCheck = { how: 'none', atMs: 0 }

/** Keys that a contact has not had before, and that the user has not accepted yet. */
export interface KeyChange {
  /** The new one. */
  readonly record: IdentityRecord
  readonly noticedAtMs: number
  readonly addedDevices: readonly DeviceEntry[]
  readonly removedDevices: readonly DeviceEntry[]
  readonly nostrChanged: boolean
  /** Another person as far as keys can tell: the contact says to have lost the former ones. */
  readonly replacesIdentity: boolean
}

export interface Contact {
  readonly id: IdentityId
  /** The long-term Ed25519 key, 32 bytes. */
  readonly publicKey: Uint8Array<ArrayBuffer>
  /** The accepted one; undefined while all that is known is the key that an organisation listed. */
  readonly record: IdentityRecord | undefined
  /** What the user calls them. */
  readonly petname: string
  /** What they last called themselves. Signed by nobody. */
  readonly claimedName: string
  readonly addedAtMs: number
  /** When the user last changed `petname` or `blocked`. */
  readonly editedAtMs: number
  readonly checked: OwnCheck
  /** Set: nothing of this contact is to be trusted until the user has accepted it. */
  readonly change: KeyChange | undefined
  /** The organisation whose roster brought them here. */
  readonly roster: string | undefined
  readonly blocked: boolean
}

/** Values never change; every function gives a new book. Contacts are sorted by id, rosters by key. */
export interface ContactBook {
  readonly contacts: readonly Contact[]
  readonly rosters: readonly TrustedRoster[]
}

export const emptyBook: ContactBook = { contacts: [], rosters: [] }

/** A name that is safe to show, as near as possible to what was written; `Guest` if nothing is left of it. */
export function cleanPetname(written: string): string {
  const visible = visibleText(written, maxPetnameLength)
  return visible === '' ? 'Guest' : visible
}

export function contactOf(book: ContactBook, id: IdentityId): Contact | undefined {
  return book.contacts.find((contact) => contact.id === id)
}

/** What a record changes about a contact. */
export function keyChangeOf(known: IdentityRecord | undefined, record: IdentityRecord, noticedAtMs: number): KeyChange {
  const [before, after] = [known?.devices ?? [], record.devices]
  return {
    record,
    noticedAtMs,
    addedDevices: after.filter((device) => !before.some((one) => sameKeys(one, device))),
    removedDevices: before.filter((device) => !after.some((one) => sameKeys(one, device))),
    nostrChanged: !sameKey(known?.nostrPublicKey, record.nostrPublicKey),
    replacesIdentity: known !== undefined && known.id !== record.id,
  }
}

/** True if there is nothing in it that the user would have to trust. */
export function isHarmless({ addedDevices, nostrChanged, replacesIdentity }: KeyChange): boolean {
  return addedDevices.length === 0 && !nostrChanged && !replacesIdentity
}

function sameKeys(a: DeviceEntry, b: DeviceEntry): boolean {
  return equal(a.publicKey, b.publicKey) && equal(a.noisePublicKey, b.noisePublicKey)
}

function sameKey(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equal(a, b)
}
