import { concat, fromBase64url, toHex, utf8 } from '../bytes/index.ts'
import { Writer } from '../codec/index.ts'
import { sha256 } from '../crypto/index.ts'
import { AuthenticationError } from '../errors/index.ts'
import { verifySignature, type RoomIdentity } from '../identity/index.ts'
import { decodeEntry, encodeBody } from './codec.ts'
import type { Commitment, Entry, EntryBody, EntryHash } from './entry.ts'

const domain = 'p2pigeon/v1/control-entry'
const hashContext = utf8('p2pigeon/v1/control-entry-hash')

/** An entry by this identity; the caller says where it stands in the log. */
export async function signEntry(
  identity: Pick<RoomIdentity, 'peerId' | 'sign'>,
  roomId: Uint8Array,
  body: Omit<EntryBody, 'author'>,
): Promise<Entry> {
  const whole = { ...body, author: identity.peerId }
  const signedBytes = encodeBody(roomId, whole)
  const signature = await identity.sign(domain, signedBytes)
  return { ...whole, hash: await hashOf(signedBytes), bytes: concat(signedBytes, signature) }
}

/**
 * Reads an entry and verifies its signature. That its author may do what it says is the log's business.
 * @throws {CodecError} if it is no entry of this room, {AuthenticationError} `entry-not-genuine` if its author did not sign it.
 */
export async function readEntry(roomId: Uint8Array, bytes: Uint8Array): Promise<Entry> {
  const { body, signedBytes, signature } = decodeEntry(roomId, bytes)
  const [hash, genuine] = await Promise.all([
    hashOf(signedBytes),
    verifySignature(fromBase64url(body.author), domain, signedBytes, signature),
  ])
  if (!genuine) throw new AuthenticationError('entry-not-genuine', 'the author did not sign this entry')
  return { ...body, hash, bytes: concat(signedBytes, signature) }
}

/** The commitment to a fresh room secret or to the token of an invite, in this room and for this purpose alone. */
export async function commitmentTo(
  purpose: 'room-secret' | 'invite',
  roomId: Uint8Array,
  secret: Uint8Array,
): Promise<Commitment> {
  const message = new Writer()
    .fixed(utf8(`p2pigeon/v1/commitment/${purpose}`))
    .u8(0)
    .bytes16(roomId)
    .bytes16(secret)
  return toHex(await sha256(message.finish())) as Commitment
}

/** The digest of a whole log by its heads: the same for everybody who knows the same. */
export async function digestOf(root: EntryHash, heads: readonly EntryHash[]): Promise<Uint8Array<ArrayBuffer>> {
  return sha256(utf8(['p2pigeon/v1/log-head', root, ...heads].join(' ')))
}

async function hashOf(signedBytes: Uint8Array): Promise<EntryHash> {
  return toHex(await sha256(concat(hashContext, signedBytes))) as EntryHash
}
