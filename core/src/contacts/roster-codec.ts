import { concat, equal, toHex } from '../bytes/index.ts'
import { isVisibleText, Reader, Writer } from '../codec/index.ts'
import { AuthenticationError, CodecError, UsageError } from '../errors/index.ts'
import {
  maxRecordBytes,
  readRecord,
  restoreRecord,
  verifySignature,
  type IdentityRecord,
  type Signer,
} from '../identity/index.ts'
import { maxPetnameBytes, maxPetnameLength } from './contact.ts'
import { contentOf, magic, magicBytes, orDamaged } from './file-form.ts'
import {
  maxOrganisationBytes,
  maxOrganisationLength,
  maxRevoked,
  maxRosterBytes,
  maxRosterMembers,
  type Revocation,
  type Roster,
  type RosterFields,
  type RosterMember,
} from './roster.ts'

/*
 * A roster is
 *
 *   "PGNr" | version u8 | organisation's key 32 | organisation (u16 length, UTF-8) | seq u64 | issued at u64 | expires at u64
 *          | count u16 | member * count | count u16 | revocation * count | Ed25519 signature 64
 *   member     = key 32 | name (u16 length, UTF-8) | record (u16 length, bytes; nothing if the length is 0)
 *   revocation = key 32 | at u64
 *
 * Both lists ascend by key, no key is in both, and the signature is over everything before it. Every roster has one form in bytes.
 */
const version = 1
const rosterDomain = 'p2pigeon/v1/roster'
const keyBytes = 32
const signatureBytes = 64

/**
 * Signs what the organisation says of its people.
 * @throws {UsageError} `bad-roster` for fields that `readRoster` would refuse: a name that is not clean, a key twice or both listed and revoked, a
 * record of somebody else, an end before the beginning, more than fits.
 */
export async function signRoster(signer: Signer, fields: RosterFields): Promise<Roster> {
  let signed
  try {
    signed = encode(signer.publicKey, fields)
    return await readRoster(concat(signed, await signer.sign(rosterDomain, signed)))
  } catch (cause) {
    throw new UsageError('bad-roster', 'the roster would not be read', { cause })
  }
}

/**
 * Reads a whole roster. It says nothing of the time, of later rosters or of whether the organisation is trusted; `applyRoster` does.
 * @throws {CodecError} `roster-missing`: another kind of file. `roster-version`: of a later version. `roster-damaged`.
 * @throws {AuthenticationError} `roster-not-genuine` if its organisation did not sign it, or a record in it is not genuine.
 */
export async function readRoster(bytes: Uint8Array): Promise<Roster> {
  const content = contentOf('roster', version, bytes)
  return orDamaged('roster-damaged', async () => {
    const { unread, signature, ...rest } = takeApart(content)
    if (!(await verifySignature(rest.publicKey, rosterDomain, bytes.subarray(0, -signatureBytes), signature))) {
      throw new AuthenticationError('roster-not-genuine', 'the organisation did not sign this roster')
    }
    const members: RosterMember[] = []
    for (const one of unread) {
      members.push(withRecord(one, one.record.length === 0 ? undefined : await readRecord(one.record)))
    }
    return { ...rest, members, bytes: new Uint8Array(bytes) }
  })
}

/**
 * A roster that `readRoster` has given before, from bytes that nobody else could change since: see `restoreRecord`.
 * @param hasNostrKey of each member, whether its record has a Nostr key.
 * @throws {CodecError} as `readRoster`; `bad-value` if the two lists do not fit.
 */
export function restoreRoster(bytes: Uint8Array, hasNostrKey: readonly boolean[]): Roster {
  const { unread, organisation, seq, issuedAtMs, expiresAtMs, publicKey, revoked } = takeApart(
    contentOf('roster', version, bytes),
  )
  if (unread.length !== hasNostrKey.length) throw badValue()
  const members = unread.map((one, index) => {
    const isRecorded = one.record.length > 0
    if (!isRecorded && hasNostrKey[index] === true) throw badValue()
    return withRecord(one, isRecorded ? restoreRecord(one.record, hasNostrKey[index] === true) : undefined)
  })
  const head = { organisation, seq, issuedAtMs, expiresAtMs }
  return { ...head, publicKey, members, revoked, bytes: new Uint8Array(bytes) }
}

/** Nothing of it verified. */
function takeApart(content: Uint8Array) {
  if (content.length > maxRosterBytes - magicBytes - 1) throw new CodecError('too-long', 'longer than any roster')
  const reader = new Reader(content)
  const publicKey = reader.fixed(keyBytes)
  const head = readHead(reader)
  const unread = readList(reader, maxRosterMembers, readMember)
  const revoked = readList(reader, maxRevoked, readRevocation)
  const signature = reader.fixed(signatureBytes)
  reader.end()
  const listed = new Set(unread.map((member) => toHex(member.publicKey)))
  if (revoked.some((one) => listed.has(toHex(one.publicKey)))) throw badValue()
  return { ...head, publicKey, unread, revoked, signature }
}

function encode(publicKey: Uint8Array, fields: RosterFields): Uint8Array<ArrayBuffer> {
  const { organisation, seq, issuedAtMs, expiresAtMs } = fields
  const [members, revoked] = [fields.members.toSorted(byKey), fields.revoked.toSorted(byKey)]
  const writer = new Writer().fixed(magic.roster).u8(version).fixed(publicKey).text16(organisation)
  writer.u64(seq).u64(issuedAtMs).u64(expiresAtMs).u16(members.length)
  for (const { publicKey: key, name, record } of members) {
    writer
      .fixed(key)
      .text16(name)
      .bytes16(record?.bytes ?? new Uint8Array())
  }
  writer.u16(revoked.length)
  for (const { publicKey: key, atMs } of revoked) writer.fixed(key).u64(atMs)
  return writer.finish()
}

function readHead(reader: Reader) {
  const organisation = reader.text16(maxOrganisationBytes)
  const [seq, issuedAtMs, expiresAtMs] = [reader.u53(), reader.u53(), reader.u53()]
  if (!isVisibleText(organisation, maxOrganisationLength) || issuedAtMs > expiresAtMs) throw badValue()
  return { organisation, seq, issuedAtMs, expiresAtMs }
}

interface UnreadMember extends Omit<RosterMember, 'record'> {
  readonly record: Uint8Array<ArrayBuffer>
}

function readMember(reader: Reader): UnreadMember {
  const publicKey = reader.fixed(keyBytes)
  const name = reader.text16(maxPetnameBytes)
  const record = reader.bytes16(maxRecordBytes)
  if (!isVisibleText(name, maxPetnameLength)) throw badValue()
  return { publicKey, name, record }
}

function readRevocation(reader: Reader): Revocation {
  return { publicKey: reader.fixed(keyBytes), atMs: reader.u53() }
}

function readList<One extends { readonly publicKey: Uint8Array }>(
  reader: Reader,
  max: number,
  read: (reader: Reader) => One,
): readonly One[] {
  const count = reader.u16()
  if (count > max) throw new CodecError('too-long', 'list longer than its limit')
  const list: One[] = []
  for (let index = 0; index < count; index++) {
    const one = read(reader)
    const before = list.at(-1)
    if (before !== undefined && byKey(before, one) >= 0) throw badValue()
    list.push(one)
  }
  return list
}

/** A record of somebody else is the organisation's fault or an attacker's; either way nothing of the file holds. */
function withRecord({ publicKey, name }: UnreadMember, record: IdentityRecord | undefined): RosterMember {
  if (record !== undefined && !equal(record.publicKey, publicKey)) throw badValue()
  return { publicKey, name, record }
}

function byKey(a: { readonly publicKey: Uint8Array }, b: { readonly publicKey: Uint8Array }): number {
  const [one, other] = [toHex(a.publicKey), toHex(b.publicKey)]
  if (one === other) return 0
  return one < other ? -1 : 1
}

function badValue(): CodecError {
  return new CodecError('bad-value', 'not the form of a roster')
}
