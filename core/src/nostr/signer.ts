import { toHex } from '../bytes/index.ts'
import { scalarOf, schnorrPublicKey, schnorrSign } from '../crypto/secp256k1/index.ts'
import type { Random } from '../runtime/index.ts'
import { legacyKeyOf } from './nip04.ts'
import { conversationKeyOf } from './nip44.ts'

/** Who signs and reads as one Nostr key. */
export interface NostrSigner {
  /** x-coordinate, 64 characters of lower-case hexadecimal. */
  readonly publicKey: string
  /** A BIP-340 signature over an event id, 64 bytes. */
  sign(id: Uint8Array): Promise<Uint8Array<ArrayBuffer>>
  /**
   * The key that both derive for what they write each other (NIP-44, version 2), 32 bytes.
   * @throws {AuthenticationError} `bad-peer-key` for a key that is not on the curve.
   */
  conversationKey(peer: string): Promise<Uint8Array<ArrayBuffer>>
  /**
   * The key of NIP-04, for `encrypt04` and `decrypt04`; absent where that is not spoken.
   * @throws {AuthenticationError} `bad-peer-key` for a key that is not on the curve.
   */
  legacyKey?(peer: string): Promise<CryptoKey>
}

/** A signer that is thrown away after use: nothing links it to anybody. */
export function freshSigner(random: Random): NostrSigner {
  return signerFromScalar(scalarOf(random.bytes(48)))
}

/** Over a scalar of 32 bytes that stays in memory as long as the signer does. @throws {UsageError} `bad-key` */
export function signerFromScalar(scalar: Uint8Array): NostrSigner {
  return {
    publicKey: toHex(schnorrPublicKey(scalar)),
    sign: async (id) => Promise.resolve(schnorrSign(scalar, id)),
    conversationKey: async (peer) => Promise.resolve(conversationKeyOf(scalar, peer)),
    legacyKey: (peer) => legacyKeyOf(scalar, peer),
  }
}
