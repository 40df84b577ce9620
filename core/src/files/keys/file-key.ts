import { concat, fromHex, utf8 } from '../../bytes/index.ts'
import { aeadNonceBytes, aeadOpen, aeadSeal, hkdf, importAeadKey, importHkdfKey } from '../../crypto/index.ts'
import { AuthenticationError, UsageError } from '../../errors/index.ts'
import type { Random } from '../../runtime/index.ts'
import type { DriveKey, MasterId, NodeId, ObjectId } from '../ids.ts'
import type { Master } from './masters.ts'

export const fileKeyBytes = 32
export const wrappedKeyBytes = fileKeyBytes + 16
const context = utf8('p2pigeon/v1/files/wrap')
/** Each wrapping key serves once: its salt is the object's id. */
const nonce = new Uint8Array(aeadNonceBytes)

/** The key of one version of one file, as the journal has it. */
export interface WrappedKey {
  readonly master: MasterId
  /** 48 bytes. */
  readonly sealed: Uint8Array<ArrayBuffer>
}

/** What a wrapped key is bound to: the put that names it. */
export interface WrapPlace {
  readonly drive: DriveKey
  readonly node: NodeId
  readonly object: ObjectId
}

/** 32 fresh bytes. One key serves one object and is never used for another content. */
export function newFileKey(random: Random): Uint8Array<ArrayBuffer> {
  return random.bytes(fileKeyBytes)
}

/** @throws {UsageError} `bad-length` unless the key has 32 bytes. */
export async function wrapFileKey(master: Master, place: WrapPlace, fileKey: Uint8Array): Promise<WrappedKey> {
  if (fileKey.length !== fileKeyBytes) throw new UsageError('bad-length', 'a file key has 32 bytes')
  const key = await wrappingKey(master, place)
  return { master: master.id, sealed: await aeadSeal(key, nonce, adOf(master.id, place), fileKey) }
}

/**
 * The file key, for `ObjectReader`.
 * @throws {AuthenticationError} `open-failed` if it was wrapped for another place or under another master.
 */
export async function unwrapFileKey(
  master: Master,
  place: WrapPlace,
  wrapped: WrappedKey,
): Promise<Uint8Array<ArrayBuffer>> {
  if (wrapped.master !== master.id || wrapped.sealed.length !== wrappedKeyBytes) {
    throw new AuthenticationError('open-failed', 'ciphertext is not genuine')
  }
  return aeadOpen(await wrappingKey(master, place), nonce, adOf(master.id, place), wrapped.sealed)
}

async function wrappingKey({ secret }: Master, { drive, object }: WrapPlace): Promise<CryptoKey> {
  const ikm = await importHkdfKey(secret)
  const raw = await hkdf('SHA-256', ikm, fromHex(object), concat(context, fromHex(drive)), 32)
  const key = await importAeadKey(raw)
  raw.fill(0)
  return key
}

function adOf(master: MasterId, { node }: WrapPlace): Uint8Array {
  return concat(fromHex(node), fromHex(master))
}
