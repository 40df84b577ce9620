import { toHex } from '../bytes/index.ts'
import { isVisibleText, Reader, Writer } from '../codec/index.ts'
import { CodecError, LimitError } from '../errors/index.ts'
import { identityIdOf, maxRecordBytes, readRecord, type IdentityRecord } from '../identity/index.ts'
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
import { maxOrganisationBytes, maxOrganisationLength, maxRosterBytes, type TrustedRoster } from './roster.ts'
import { readRoster } from './roster-codec.ts'
import { sortedById } from './with-contact.ts'

/*
 * A book is
 *
 *   version u8 | count u16 | contact * count | count u8 | roster * count
 *   contact = flags u8 | key 32 | [record (u16 length, bytes)] | [new record (u16 length, bytes) | noticed at u64] | petname (u16 length, UTF-8)
 *             | claimed name (u16 length, UTF-8) | added at u64 | edited at u64 | check u8 | checked at u64 | [organisation (u16 length, UTF-8)]
 *   roster  = trusted at u64 | roster (u32 length, bytes)
 *
 * with flags 1 record, 2 new record, 4 blocked, 8 organisation, and check 0 none, 1 compared, 2 scanned. Contacts ascend by id, rosters by key. What is
 * said of a change is computed from its two records.
 */
const version = 1
const keyBytes = 32
const flag = { record: 1, change: 2, blocked: 4, roster: 8 } as const
const checks: readonly OwnCheck['how'][] = ['none', 'compared', 'scanned']
/** Longest book: all that fits a slot of the vault. Two thousand contacts with usual records take about a megabyte. */
export const maxBookBytes = 16 * 2 ** 20 - 1_024

/** @throws {LimitError} `book-too-large`: thousands of contacts with the longest records, or many large rosters. */
export function encodeBook({ contacts, rosters }: ContactBook): Uint8Array<ArrayBuffer> {
  const writer = new Writer().u8(version).u16(contacts.length)
  for (const contact of contacts) writeContact(writer, contact)
  writer.u8(rosters.length)
  for (const { trustedAtMs, roster } of rosters) writer.u64(trustedAtMs).bytes32(roster.bytes)
  const bytes = writer.finish()
  if (bytes.length > maxBookBytes) throw new LimitError('book-too-large', 'the book does not fit its place')
  return bytes
}

/**
 * Reads what `encodeBook` wrote, and nothing else. Every record and roster is verified again, so it takes about a millisecond for each.
 * @throws {CodecError} `book-version` for one of a later version; `truncated`, `trailing`, `too-long`, `bad-utf8`, `bad-value`, and those of
 * `readRecord` and `readRoster`.
 * @throws {AuthenticationError} `record-not-genuine`, `roster-not-genuine`
 */
export async function decodeBook(bytes: Uint8Array): Promise<ContactBook> {
  if (bytes.length > maxBookBytes) throw new CodecError('too-long', 'longer than any book')
  const reader = new Reader(bytes)
  if (reader.u8() !== version) throw new CodecError('book-version', 'the book needs a newer version')
  const unread = Array.from({ length: within(reader.u16(), maxContacts) }, () => readContact(reader))
  const unreadRosters = Array.from({ length: within(reader.u8(), maxOrganisations) }, () => ({
    trustedAtMs: reader.u53(),
    bytes: reader.bytes32(maxRosterBytes),
  }))
  reader.end()
  const contacts: Contact[] = []
  for (const one of unread) contacts.push(await withRecords(one))
  const rosters: TrustedRoster[] = []
  for (const { trustedAtMs, bytes: roster } of unreadRosters) {
    rosters.push({ trustedAtMs, roster: await readRoster(roster) })
  }
  if (!ascends(contacts.map(({ id }) => id))) throw badValue()
  if (!ascends(rosters.map(({ roster }) => toHex(roster.publicKey)))) throw badValue()
  return { contacts: sortedById(contacts), rosters }
}

function writeContact(writer: Writer, contact: Contact): void {
  const { publicKey, record, change, petname, claimedName, addedAtMs, editedAtMs, checked, roster, blocked } = contact
  const flags = [
    record === undefined ? 0 : flag.record,
    change === undefined ? 0 : flag.change,
    blocked ? flag.blocked : 0,
    roster === undefined ? 0 : flag.roster,
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
  readonly record: Bytes | undefined
  readonly change: { readonly record: Bytes; readonly noticedAtMs: number } | undefined
}

function readContact(reader: Reader): UnreadContact {
  const flags = reader.u8()
  if (flags > 15) throw badValue()
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

async function withRecords(unread: UnreadContact): Promise<Contact> {
  const id = identityIdOf(unread.publicKey)
  const record = unread.record === undefined ? undefined : await readRecord(unread.record)
  if (record !== undefined && record.id !== id) throw badValue()
  const change = unread.change === undefined ? undefined : await readChange(unread.change, id, record)
  return { ...unread, id, record, change }
}

async function readChange(
  { record: bytes, noticedAtMs }: NonNullable<UnreadContact['change']>,
  id: Contact['id'],
  known: IdentityRecord | undefined,
): Promise<KeyChange> {
  const record = await readRecord(bytes)
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
