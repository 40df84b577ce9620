import { concat, equal, fromBase64url, toBase64url, utf8 } from '../../bytes/index.ts'
import { hkdf, sha256 } from '../../crypto/index.ts'
import { CodecError } from '../../errors/index.ts'

export const replicaSecretBytes = 32
const checkBytes = 4
const version = 1
const secretContext = utf8('p2pigeon/v1/files/replica')
const checkContext = utf8('p2pigeon/v1/files/replica-code')

/**
 * What this person's volunteers are found by, in this room: 32 bytes, the same on every device and each time. It opens no file.
 * @param seed the user's, made by `importSeed`.
 */
export async function replicaSecret(seed: CryptoKey, roomId: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return hkdf('SHA-512', seed, utf8('p2pigeon/v1/identity'), concat(secretContext, roomId), replicaSecretBytes)
}

/** The secret as it is given to a volunteer for `pigeon replicate --blind`: base64url of version, secret and four bytes that show typing errors. */
export async function replicaCode(secret: Uint8Array): Promise<string> {
  const body = concat(Uint8Array.of(version), secret)
  return toBase64url(concat(body, await checkOf(body)))
}

/** @throws {CodecError} `bad-base64url`; `bad-value` for anything that is no replica code. */
export async function readReplicaCode(text: string): Promise<Uint8Array<ArrayBuffer>> {
  // Bounds the work: no code is longer.
  if (text.length > 2 * (replicaSecretBytes + checkBytes)) throw new CodecError('bad-value', 'no replica code')
  const bytes = fromBase64url(text)
  const body = bytes.subarray(0, 1 + replicaSecretBytes)
  const isWhole = bytes.length === body.length + checkBytes && bytes[0] === version
  if (!isWhole || !equal(await checkOf(body), bytes.subarray(body.length))) {
    throw new CodecError('bad-value', 'no replica code')
  }
  return body.slice(1)
}

async function checkOf(body: Uint8Array): Promise<Uint8Array> {
  return (await sha256(concat(checkContext, body))).subarray(0, checkBytes)
}
