import { concat, toBase64url, toHex, utf8 } from '../bytes/index.ts'
import { ed25519FromSeed, ed25519Sign } from '../crypto/index.ts'
import { scalarOf, schnorrPublicKey, schnorrSign } from '../crypto/secp256k1/index.ts'
import { UsageError } from '../errors/index.ts'
import { conversationKeyOf, legacyKeyOf } from '../nostr/index.ts'
import { contexts } from './contexts.ts'
import { withDerived } from './derive.ts'
import type { IdentityId, PersonalIdentity } from './identity.ts'
import { signedBytes } from './signature.ts'

const nostrScalarBytes = 48
/** BIP-340 signs any length; here it is always a hash of SHA-256. */
const digestBytes = 32

/**
 * The long-term identity of the seed's owner, the same on every device that has the seed. `seed` is made by `importSeed`.
 *
 * The Ed25519 key cannot be exported. WebCrypto has no secp256k1: that scalar is derived anew for every signature and every key that it
 * shares with somebody, and wiped after it, so that it is in memory for a millisecond, not for the life of the page.
 */
export async function personalIdentity(seed: CryptoKey): Promise<PersonalIdentity> {
  const [{ publicKey, privateKey }, nostrPublicKey] = await Promise.all([
    withDerived(seed, utf8(contexts.longTermIdentity), ed25519FromSeed),
    withNostrScalar(seed, schnorrPublicKey),
  ])
  const signNostr = async (digest: Uint8Array): Promise<Uint8Array<ArrayBuffer>> => {
    if (digest.length !== digestBytes) throw new UsageError('bad-length', 'a digest has 32 bytes')
    return withNostrScalar(seed, (scalar) => schnorrSign(scalar, digest))
  }
  return {
    id: identityIdOf(publicKey),
    publicKey,
    nostrPublicKey,
    sign: async (domain, message) => ed25519Sign(privateKey, signedBytes(domain, message)),
    signNostr,
    nostr: {
      publicKey: toHex(nostrPublicKey),
      sign: signNostr,
      conversationKey: (peer) => withNostrScalar(seed, (scalar) => conversationKeyOf(scalar, peer)),
      legacyKey: (peer) => withNostrScalar(seed, (scalar) => legacyKeyOf(scalar, peer)),
    },
  }
}

/**
 * The name a long-term Ed25519 key gives its owner: base64url, 43 characters.
 * @throws {UsageError} `bad-length` unless the key has 32 bytes.
 */
export function identityIdOf(publicKey: Uint8Array): IdentityId {
  if (publicKey.length !== 32) throw new UsageError('bad-length', 'an Ed25519 public key has 32 bytes')
  return toBase64url(publicKey) as IdentityId
}

/** The secret scalar of the seed's first Nostr key (counter 0), for as long as `use` runs. */
async function withNostrScalar<Made>(
  seed: CryptoKey,
  use: (scalar: Uint8Array) => Made | Promise<Made>,
): Promise<Made> {
  const counter = Uint8Array.of(0)
  return withDerived(
    seed,
    concat(utf8(contexts.nostr), counter),
    async (uniform) => {
      const scalar = scalarOf(uniform)
      try {
        return await use(scalar)
      } finally {
        scalar.fill(0)
      }
    },
    nostrScalarBytes,
  )
}
