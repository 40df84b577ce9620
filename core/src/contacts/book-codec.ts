import { toHex } from '../bytes/index.ts'
import { isVisibleText, Reader, Writer } from '../codec/index.ts'
import { CodecError, LimitError } from '../errors/index.ts'
import { identityIdOf, maxRecordBytes, readRecord, restoreRecord, type IdentityRecord } from '../identity/index.ts'
import { maxOrganisations } from './apply-roster.ts'
import {
  keyChangeOf,
  maxContacts,
  maxPetnameBytes,
  maxPetnameLength,
  type Contact,
  type ContactBook,
  type KeyChange,
  type OwnCheck,
} from './contact.ts'
import {
  maxOrganisationBytes,
  maxOrganisationLength,
  maxRosterBytes,
  maxRosterMembers,
  type Roster,
  type TrustedRoster,
} from './roster.ts'
import { readRoster, restoreRoster } from './roster-codec.ts'

/*
 * A book is
 *
 *   version u8 | count u16 | contact * count | count u8 | roster * count
 *   contact = flags u8 | key 32 | [record (u16 length, bytes)] | [new record (u16 length, bytes) | noticed at u64] | petname (u16 length, UTF-8)
 *             | claimed name (u16 length, UTF-8) | added at u64 | edited at u64 | check u8 | checked at u64 | [organisation (u16 length, UTF-8)]
 *   roster  = trusted at u64 | roster (u32 length, bytes) | count u16 | has Nostr key u8 * count, for each member
 *
 * with flags 1 record, 2 new record, 4 blocked, 8 organisation, 16 the record has a Nostr key, 32 the new one has, and check 0 none, 1 compared, 2 scanned. Contacts ascend by id, rosters by key. What is
 * said of a change is computed from its two records.
 */
const version = 1
const keyBytes = 32
const flag = { record: 1, change: 2, blocked: 4, roster: 8, nostr: 16, newNostr: 32 } as const
const checks: readonly OwnCheck['how'][] = ['none', 'compared', 'scanned']
/** Longest book: all that fits a slot of the vault. Two thousand contacts with usual records take about a megabyte. */
export const maxBookBytes = 16 * 2 ** 20 - 1_024

/** @throws {LimitError} `book-too-large`: thousands of contacts with the longest records, or many large rosters. */
export function encodeBook({ contacts, rosters }: ContactBook): Uint8Array<ArrayBuffer> {
  const writer = new Writer().u8(version).u16(contacts.length)
  for (const contact of contacts) writeContact(writer, contact)
  writer.u8(rosters.length)
  for (const { trustedAtMs, roster } of rosters) {
    const flags = Uint8Array.from(nostrFlags(roster), Number)
    writer.u64(trustedAtMs).bytes32(roster.bytes).u16(flags.length).fixed(flags)
  }
  const bytes = writer.finish()
  if (bytes.length > maxBookBytes) throw new LimitError('book-too-large', 'the book does not fit its place')
  return bytes
}

/** How records and rosters in a book are read: verified, or as they were kept. */
interface Readers {
  readonly record: (bytes: Uint8Array, hasNostrKey: boolean) => Promise<IdentityRecord>
  readonly roster: (bytes: Uint8Array, hasNostrKey: readonly boolean[]) => Promise<Roster>
}

/** A book of our own is read in milliseconds; two thousand signatures take ten seconds. */
const kept: Readers = {
  record: (bytes, hasNostrKey) => Promise.resolve(restoreRecord(bytes, hasNostrKey)),
  roster: (bytes, hasNostrKey) => Promise.resolve(restoreRoster(bytes, hasNostrKey)),
}

const foreign: Readers = {
  record: async (bytes, hasNostrKey) => {
    const record = await readRecord(bytes)
    if (hasNostrKey !== (record.nostrPublicKey !== undefined)) throw badValue()
    return record
  },
  roster: async (bytes, hasNostrKey) => {
    const roster = await readRoster(bytes)
    if (nostrFlags(roster).join() !== hasNostrKey.join()) throw badValue()
    return roster
  },
}

/**
 * Reads what `encodeBook` wrote, and nothing else, from where nobody else could change it, as a slot of the vault: no signature is verified again.
 * @throws {CodecError} `book-version` for one of a later version; `truncated`, `trailing`, `too-long`, `bad-utf8`, `bad-value`, and those of
 * `readRecord` and `readRoster`.
 */
export async function decodeBook(bytes: Uint8Array): Promise<ContactBook> {
  return readBook(bytes, kept)
}

/**
 * The same, from anywhere: every record and roster is verified, which takes some milliseconds for each.
 * @throws {CodecError} as `decodeBook`.
 * @throws {AuthenticationError} `record-not-genuine`, `roster-not-genuine`
 */
export async function decodeForeignBook(bytes: Uint8Array): Promise<ContactBook> {
  return readBook(bytes, foreign)
}

async function readBook(bytes: Uint8Array, readers: Readers): Promise<ContactBook> {
  if (bytes.length > maxBookBytes) throw new CodecError('too-long', 'longer than any book')
  const reader = new Reader(bytes)
  if (reader.u8() !== version) throw new CodecError('book-version', 'the book needs a newer version')
  const unread = Array.from({ length: within(reader.u16(), maxContacts) }, () => readContact(reader))
  const unreadRosters = Array.from({ length: within(reader.u8(), maxOrganisations) }, () => readTrusted(reader))
  reader.end()
  const contacts: Contact[] = []
  for (const one of unread) contacts.push(await withRecords(one, readers))
  const rosters: TrustedRoster[] = []
  for (const { trustedAtMs, roster, hasNostrKey } of unreadRosters) {
    rosters.push({ trustedAtMs, roster: await readers.roster(roster, hasNostrKey) })
  }
  if (!ascends(contacts.map(({ id }) => id))) throw badValue()
  if (!ascends(rosters.map(({ roster }) => toHex(roster.publicKey)))) throw badValue()
  return { contacts, rosters }
}

function readTrusted(reader: Reader) {
  const trustedAtMs = reader.u53()
  const roster = reader.bytes32(maxRosterBytes)
  const count = within(reader.u16(), maxRosterMembers)
  const hasNostrKey = [...reader.fixed(count)].map((one) => {
    if (one > 1) throw badValue()
    return one === 1
  })
  return { trustedAtMs, roster, hasNostrKey }
}

function nostrFlags({ members }: Roster): readonly boolean[] {
  return members.map(({ record }) => record?.nostrPublicKey !== undefined)
}

function writeContact(writer: Writer, contact: Contact): void {
  const { publicKey, record, change, petname, claimedName, addedAtMs, editedAtMs, checked, roster, blocked } = contact
  const flags = [
    record === undefined ? 0 : flag.record,
    change === undefined ? 0 : flag.change,
    blocked ? flag.blocked : 0,
    roster === undefined ? 0 : flag.roster,
    record?.nostrPublicKey === undefined ? 0 : flag.nostr,
    change?.record.nostrPublicKey === undefined ? 0 : flag.newNostr,
  ]
  writer.u8(flags.reduce((sum, one) => sum | one, 0)).fixed(publicKey)
  if (record !== undefined) writer.bytes16(record.bytes)
  if (change !== undefined) writer.bytes16(change.record.bytes).u64(change.noticedAtMs)
  writer.text16(petname).text16(claimedName).u64(addedAtMs).u64(editedAtMs)
  writer.u8(checks.indexOf(checked.how)).u64(checked.atMs)
  if (roster !== undefined) writer.text16(roster)
}

type Bytes = Uint8Array<ArrayBuffer>

interface UnreadContact extends Omit<Contact, 'id' | 'record' | 'change'> {
  readonly flags: number
  readonly record: Bytes | undefined
  readonly change: { readonly record: Bytes; readonly noticedAtMs: number } | undefined
}

function readContact(reader: Reader): UnreadContact {
  const flags = reader.u8()
  if (flags > 63) throw badValue()
  const has = (one: number): boolean => (flags & one) !== 0
  const publicKey = reader.fixed(keyBytes)
  const record = has(flag.record) ? reader.bytes16(maxRecordBytes) : undefined
  const change = has(flag.change) ? { record: reader.bytes16(maxRecordBytes), noticedAtMs: reader.u53() } : undefined
  const petname = visible(reader.text16(maxPetnameBytes), maxPetnameLength)
  const claimedName = visible(reader.text16(maxPetnameBytes), maxPetnameLength)
  const [addedAtMs, editedAtMs] = [reader.u53(), reader.u53()]
  const how = checks[reader.u8()]
  if (how === undefined) throw badValue()
  const checked = { how, atMs: reader.u53() }
  const roster = has(flag.roster) ? visible(reader.text16(maxOrganisationBytes), maxOrganisationLength) : undefined
  return {
    flags,
    publicKey,
    record,
    change,
    petname,
    claimedName,
    addedAtMs,
    editedAtMs,
    checked,
    roster,
    blocked: has(flag.blocked),
  }
}

async function withRecords({ flags, ...unread }: UnreadContact, readers: Readers): Promise<Contact> {
  const id = identityIdOf(unread.publicKey)
  const [hasNostrKey, hasNewNostrKey] = [(flags & flag.nostr) !== 0, (flags & flag.newNostr) !== 0]
  if ((hasNostrKey && unread.record === undefined) || (hasNewNostrKey && unread.change === undefined)) throw badValue()
  const record = unread.record === undefined ? undefined : await readers.record(unread.record, hasNostrKey)
  if (record !== undefined && record.id !== id) throw badValue()
  if (unread.change === undefined) return { ...unread, id, record, change: undefined }
  const waiting = await readers.record(unread.change.record, hasNewNostrKey)
  return { ...unread, id, record, change: changeOf(id, record, waiting, unread.change.noticedAtMs) }
}

function changeOf(
  id: Contact['id'],
  known: IdentityRecord | undefined,
  record: IdentityRecord,
  noticedAtMs: number,
): KeyChange {
  const change = { ...keyChangeOf(known, record, noticedAtMs), replacesIdentity: record.id !== id }
  if (!change.replacesIdentity && (known === undefined || record.seq <= known.seq)) throw badValue()
  return change
}

function within(count: number, max: number): number {
  if (count > max) throw new CodecError('too-long', 'list longer than its limit')
  return count
}

function visible(text: string, maxLength: number): string {
  if (!isVisibleText(text, maxLength)) throw badValue()
  return text
}

function ascends(list: readonly string[]): boolean {
  return list.every((one, index) => index === 0 || (list[index - 1] ?? '') < one)
}

function badValue(): CodecError {
  return new CodecError('bad-value', 'not the form of a book')
}
