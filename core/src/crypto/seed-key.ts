import { concat, fromBase64url, fromHex } from '../bytes/index.ts'
import { InternalError, UsageError } from '../errors/index.ts'

/** DER of an RFC 8410 private key up to its 32 bytes: version 0, the algorithm's OID, an octet string in another. */
const pkcs8Prefix = {
  Ed25519: fromHex('302e020100300506032b657004220420'),
  X25519: fromHex('302e020100300506032b656e04220420'),
} as const

const usages = { Ed25519: ['sign'], X25519: ['deriveBits'] } as const

/**
 * A key pair out of its 32-byte private form. WebCrypto tells the public half only of an extractable key, so the pair is
 * imported twice: once to learn that half, once for use. Our own copies are wiped; the engine's are out of reach.
 * @throws {UsageError} `bad-length` unless the seed has 32 bytes.
 */
export async function keyFromSeed(
  name: 'Ed25519' | 'X25519',
  seed: Uint8Array,
): Promise<{ readonly publicBytes: Uint8Array<ArrayBuffer>; readonly privateKey: CryptoKey }> {
  if (seed.length !== 32) throw new UsageError('bad-length', 'a key seed has 32 bytes')
  const pkcs8 = concat(pkcs8Prefix[name], seed)
  try {
    const readable = await crypto.subtle.importKey('pkcs8', pkcs8, name, true, usages[name])
    const { x } = await crypto.subtle.exportKey('jwk', readable)
    if (x === undefined) throw new InternalError('no-public-key', 'the platform did not derive a public key')
    const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, name, false, usages[name])
    return { publicBytes: fromBase64url(x), privateKey }
  } finally {
    pkcs8.fill(0)
  }
}
