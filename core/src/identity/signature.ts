import { utf8 } from '../bytes/index.ts'
import { Writer } from '../codec/index.ts'
import { ed25519Verify } from '../crypto/index.ts'
import { UsageError } from '../errors/index.ts'

/**
 * `utf8(domain) || 0x00 || u32(length) || message`: the zero ends the domain and the length ends the message, so no two
 * pairs give the same bytes.
 * @throws {UsageError} `bad-domain` if the domain is empty or holds U+0000.
 */
export function signedBytes(domain: string, message: Uint8Array): Uint8Array<ArrayBuffer> {
  if (domain === '' || domain.includes('\0')) throw new UsageError('bad-domain', 'a domain is text without U+0000')
  return new Writer().fixed(utf8(domain)).u8(0).bytes32(message).finish()
}

/**
 * True if `RoomIdentity.sign` of the key's owner made this signature for this domain and message. Strict; see
 * `ed25519Verify`.
 * @throws {UsageError} `bad-domain`
 */
export async function verifySignature(
  publicKey: Uint8Array,
  domain: string,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  return ed25519Verify(publicKey, signature, signedBytes(domain, message))
}
