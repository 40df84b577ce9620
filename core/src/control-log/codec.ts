import { equal, fromBase64url, fromHex, toHex } from '../bytes/index.ts'
import { Reader, Writer } from '../codec/index.ts'
import { CodecError } from '../errors/index.ts'
import { peerIdOf, type PeerId } from '../identity/index.ts'
import { entryModes, type Commitment, type DriveCut, type EntryBody, type EntryHash, type Operation } from './entry.ts'
import { maxCuts, maxEntryBytes, maxListedMembers, maxParents } from './limits.ts'

/*
 * body      = version u8 | room id 16 | author 32 | seq u32 | previous 32 | parents u8 × 32 | lamport u32 | time u64 | operation
 * entry     = body | signature 64
 * operation = kind u8, then
 *   1 entry          mode u8, members
 *   2 admit          peer 32, invite u8 (0 or 1) × 32
 *   3 mute           peer 32, muted u8
 *   4 cohost         peer 32, on u8
 *   5 rekey          commitment 32, members, removed u8 (0 none, 1 removed, 2 banned) [peer 32]
 *   6 invite         invite 32, uses u8 ≥ 1, expires at u64
 *   7 revoke-invite  invite 32
 *   8 end
 *   9 files          peer 32, right u8 (0 editor, 1 reader), cuts u8 × (drive 32, batches u32 ≥ 1, head 32), sorted by drive, none twice
 * members   = count u8 × 32, sorted, none twice; without whom the operation removes
 *
 * Every value has one form, so an entry has one hash.
 */
const version = 1
const idBytes = 32
const signatureBytes = 64
const code = {
  ...{ entry: 1, admit: 2, mute: 3, cohost: 4, rekey: 5, invite: 6 },
  ...{ 'revoke-invite': 7, end: 8, files: 9 },
} as const
const fileRights = ['editor', 'reader'] as const

export function encodeBody(roomId: Uint8Array, body: EntryBody): Uint8Array<ArrayBuffer> {
  const writer = new Writer()
    .u8(version)
    .fixed(roomId)
    .fixed(fromBase64url(body.author))
    .u32(body.seq)
    .fixed(fromHex(body.previous))
    .u8(body.parents.length)
  for (const parent of body.parents) writer.fixed(fromHex(parent))
  writer.u32(body.lamport).u64(body.timeMs)
  writeOperation(writer, body.operation)
  return writer.finish()
}

/** An entry taken apart, its signature not yet verified. */
export interface UnverifiedEntry {
  readonly body: EntryBody
  readonly signedBytes: Uint8Array<ArrayBuffer>
  readonly signature: Uint8Array<ArrayBuffer>
}

/** @throws {CodecError} on anything that is not one entry of this room in its one form. */
export function decodeEntry(roomId: Uint8Array, bytes: Uint8Array): UnverifiedEntry {
  if (bytes.length > maxEntryBytes) throw new CodecError('too-long', 'no entry is that long')
  const reader = new Reader(bytes)
  if (reader.u8() !== version) throw bad('unknown version of entry')
  if (!equal(reader.fixed(roomId.length), roomId)) throw bad('an entry of another room')
  const author = readPeer(reader)
  const seq = reader.u32()
  if (seq === 0) throw bad('entries are counted from 1')
  const previous = toHex(reader.fixed(idBytes)) as EntryHash
  const parents = readSorted(reader, maxParents, () => toHex(reader.fixed(idBytes)) as EntryHash)
  const lamport = reader.u32()
  const timeMs = reader.u53()
  const operation = readOperation(reader)
  const signedBytes = new Uint8Array(bytes.subarray(0, bytes.length - reader.remaining))
  const signature = reader.fixed(signatureBytes)
  reader.end()
  return { body: { author, seq, previous, parents, lamport, timeMs, operation }, signedBytes, signature }
}

function writeOperation(writer: Writer, operation: Operation): void {
  writer.u8(code[operation.kind])
  switch (operation.kind) {
    case 'entry':
      writer.u8(entryModes.indexOf(operation.mode))
      writeMembers(writer, operation.members)
      return
    case 'admit':
      writer.fixed(fromBase64url(operation.peer)).u8(operation.invite === undefined ? 0 : 1)
      if (operation.invite !== undefined) writer.fixed(fromHex(operation.invite))
      return
    case 'mute':
      writer.fixed(fromBase64url(operation.peer)).u8(operation.muted ? 1 : 0)
      return
    case 'cohost':
      writer.fixed(fromBase64url(operation.peer)).u8(operation.on ? 1 : 0)
      return
    case 'rekey':
      writer.fixed(fromHex(operation.commitment))
      writeMembers(writer, operation.members)
      writer.u8(operation.removed === undefined ? 0 : operation.removed.ban ? 2 : 1)
      if (operation.removed !== undefined) writer.fixed(fromBase64url(operation.removed.peer))
      return
    case 'invite':
      writer.fixed(fromHex(operation.invite)).u8(operation.maxUses).u64(operation.expiresAtMs)
      return
    case 'revoke-invite':
      writer.fixed(fromHex(operation.invite))
      return
    case 'files':
      writer.fixed(fromBase64url(operation.peer)).u8(fileRights.indexOf(operation.right)).u8(operation.cuts.length)
      for (const { drive, batches, head } of operation.cuts) {
        writer.fixed(fromHex(drive)).u32(batches).fixed(fromHex(head))
      }
      return
    case 'end':
  }
}

function readOperation(reader: Reader): Operation {
  switch (reader.u8()) {
    case code.entry: {
      const mode = entryModes[reader.u8()]
      if (mode === undefined) throw bad('unknown entry mode')
      return { kind: 'entry', mode, members: readMembers(reader) }
    }
    case code.admit: {
      const peer = readPeer(reader)
      return { kind: 'admit', peer, invite: readFlag(reader) ? readCommitment(reader) : undefined }
    }
    case code.mute:
      return { kind: 'mute', peer: readPeer(reader), muted: readFlag(reader) }
    case code.cohost:
      return { kind: 'cohost', peer: readPeer(reader), on: readFlag(reader) }
    case code.rekey: {
      const commitment = readCommitment(reader)
      const members = readMembers(reader)
      const removed = readRemoved(reader)
      if (removed !== undefined && members.includes(removed.peer)) throw bad('given what it is removed from')
      return { kind: 'rekey', commitment, members, removed }
    }
    case code.invite: {
      const invite = readCommitment(reader)
      const maxUses = reader.u8()
      if (maxUses === 0) throw bad('an invite for nobody')
      return { kind: 'invite', invite, maxUses, expiresAtMs: reader.u53() }
    }
    case code['revoke-invite']:
      return { kind: 'revoke-invite', invite: readCommitment(reader) }
    case code.end:
      return { kind: 'end' }
    case code.files: {
      const peer = readPeer(reader)
      const right = fileRights[reader.u8()]
      if (right === undefined) throw bad('unknown right to files')
      return { kind: 'files', peer, right, cuts: readCuts(reader) }
    }
    default:
      throw bad('unknown operation')
  }
}

/** The members as an entry lists them: sorted, none twice. */
export function listed(members: Iterable<PeerId>): PeerId[] {
  return [...new Set(members)].sort(byKey)
}

function writeMembers(writer: Writer, members: readonly PeerId[]): void {
  const list = listed(members)
  writer.u8(list.length)
  for (const member of list) writer.fixed(fromBase64url(member))
}

function readMembers(reader: Reader): PeerId[] {
  return readSorted(reader, maxListedMembers, () => toHex(reader.fixed(idBytes))).map((hex) => peerIdOf(fromHex(hex)))
}

/** A count and as many values in rising order: one form for one set. */
function readSorted<Value extends string>(reader: Reader, max: number, read: () => Value): Value[] {
  const count = reader.u8()
  if (count > max) throw new CodecError('too-long', 'list longer than its limit')
  const values: Value[] = []
  for (let index = 0; index < count; index++) {
    const value = read()
    const before = values.at(-1)
    if (before !== undefined && before >= value) throw bad('a list is not sorted')
    values.push(value)
  }
  return values
}

function readCuts(reader: Reader): DriveCut[] {
  const count = reader.u8()
  if (count > maxCuts) throw new CodecError('too-long', 'list longer than its limit')
  const cuts: DriveCut[] = []
  for (let index = 0; index < count; index++) {
    const cut = { drive: toHex(reader.fixed(idBytes)), batches: reader.u32(), head: toHex(reader.fixed(idBytes)) }
    if (cut.batches === 0) throw bad('a cut before the first batch')
    const before = cuts.at(-1)
    if (before !== undefined && compareCuts(before, cut) >= 0) throw bad('a list is not sorted')
    cuts.push(cut)
  }
  return cuts
}

/** Cuts as an entry lists them: by drive, then by what they keep. Below zero where `a` comes first, zero for one and the same. */
export function compareCuts(a: DriveCut, b: DriveCut): number {
  if (a.drive !== b.drive) return a.drive < b.drive ? -1 : 1
  if (a.batches !== b.batches) return a.batches - b.batches
  if (a.head === b.head) return 0
  return a.head < b.head ? -1 : 1
}

function readRemoved(reader: Reader): { readonly peer: PeerId; readonly ban: boolean } | undefined {
  const how = reader.u8()
  if (how > 2) throw bad('unknown kind of removal')
  return how === 0 ? undefined : { peer: readPeer(reader), ban: how === 2 }
}

function readPeer(reader: Reader): PeerId {
  return peerIdOf(reader.fixed(idBytes))
}

function readCommitment(reader: Reader): Commitment {
  return toHex(reader.fixed(idBytes)) as Commitment
}

function readFlag(reader: Reader): boolean {
  const value = reader.u8()
  if (value > 1) throw bad('neither yes nor no')
  return value === 1
}

/** Base64url does not sort like the bytes it stands for. */
function byKey(a: PeerId, b: PeerId): number {
  return toHex(fromBase64url(a)) < toHex(fromBase64url(b)) ? -1 : 1
}

function bad(message: string): CodecError {
  return new CodecError('bad-value', message)
}
