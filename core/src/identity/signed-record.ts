import { concat } from '../bytes/index.ts'
import { schnorrVerify, taggedHash } from '../crypto/secp256k1/index.ts'
import { AuthenticationError, CodecError } from '../errors/index.ts'
import type { PersonalIdentity } from './identity.ts'
import { identityIdOf } from './personal-identity.ts'
import type { IdentityRecord, RecordFields } from './record.ts'
import { encodeBody, readUnverified, type UnverifiedRecord } from './record-codec.ts'
import { verifySignature } from './signature.ts'

/** Domain of the Ed25519 signature and tag of the Nostr one. */
export const recordDomain = 'p2pigeon/v1/identity-record'

/**
 * Signs what the identity says of its devices. Nostr signs first and Ed25519 signs over that: each key vouches for the other, and nobody
 * can take a half away.
 * @throws {UsageError} `bad-record` for fields that `readRecord` would refuse: no device or more than eight, a key twice, a name that is
 * not clean (see `cleanDeviceName`), an end before the beginning.
 */
export async function signRecord(identity: PersonalIdentity, fields: RecordFields): Promise<IdentityRecord> {
  const { publicKey, nostrPublicKey } = identity
  const { devices, seq, notBeforeMs, notAfterMs } = fields
  const body = encodeBody({ publicKey, nostrPublicKey, devices, seq, notBeforeMs, notAfterMs })
  const nostrSignature = await identity.signNostr(taggedHash(recordDomain, body))
  const signed = concat(body, nostrSignature)
  return readRecord(concat(signed, await identity.sign(recordDomain, signed)))
}

/**
 * Reads a whole record. It says nothing of the time (`isInForce`) nor of later records (`successionOf`).
 *
 * Without a genuine Nostr signature the person has no Nostr key; all else holds, as the Ed25519 key vouches for it.
 * @throws {CodecError} `record-version` for one of a later version; `truncated`, `trailing`, `too-long`, `bad-utf8`, `bad-value`.
 * @throws {AuthenticationError} `record-not-genuine`
 */
export async function readRecord(bytes: Uint8Array): Promise<IdentityRecord> {
  const unverified = readUnverified(bytes)
  const { body, bodyBytes, nostrSignature, signature } = unverified
  if (!(await verifySignature(body.publicKey, recordDomain, concat(bodyBytes, nostrSignature), signature))) {
    throw new AuthenticationError('record-not-genuine', 'the identity did not sign this record')
  }
  return {
    ...body,
    id: identityIdOf(body.publicKey),
    nostrPublicKey: isSignedByNostrKey(unverified) ? body.nostrPublicKey : undefined,
    bytes: new Uint8Array(bytes),
  }
}

/**
 * A record that `readRecord` has given before, from bytes that nobody else could change since, as a slot of the vault: its form is read, and no
 * signature verified. `hasNostrKey` is whether it had one then.
 * @throws {CodecError} as `readRecord`; `bad-value` if it is to have a Nostr key and names none.
 */
export function restoreRecord(bytes: Uint8Array, hasNostrKey: boolean): IdentityRecord {
  const { body } = readUnverified(bytes)
  const { publicKey, nostrPublicKey } = body
  if (hasNostrKey && nostrPublicKey === undefined) throw new CodecError('bad-value', 'the record names no Nostr key')
  return {
    ...body,
    id: identityIdOf(publicKey),
    nostrPublicKey: hasNostrKey ? nostrPublicKey : undefined,
    bytes: new Uint8Array(bytes),
  }
}

function isSignedByNostrKey({ body, bodyBytes, nostrSignature }: UnverifiedRecord): boolean {
  const { nostrPublicKey } = body
  return (
    nostrPublicKey !== undefined && schnorrVerify(nostrPublicKey, nostrSignature, taggedHash(recordDomain, bodyBytes))
  )
}
