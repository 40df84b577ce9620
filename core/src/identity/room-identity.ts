import { concat, toBase64url, utf8 } from '../bytes/index.ts'
import { ed25519FromSeed, ed25519Sign, importHkdfKey, x25519FromSeed } from '../crypto/index.ts'
import { UsageError } from '../errors/index.ts'
import { contexts } from './contexts.ts'
import { withDerived } from './derive.ts'
import type { PeerId, RoomIdentity } from './identity.ts'
import { signedBytes } from './signature.ts'

/**
 * The user's 32-byte seed as a key that can be derived from and never read again. The caller wipes its own copy.
 * @throws {UsageError} `bad-length`
 */
export async function importSeed(seed: Uint8Array): Promise<CryptoKey> {
  if (seed.length !== 32) throw new UsageError('bad-length', 'a seed has 32 bytes')
  return importHkdfKey(seed)
}

/**
 * Who the seed's owner is in one room, the same every time. `roomId` has 16 bytes.
 *
 * A Noise static key is bound to a room here and not to a device: until a user has several devices there is one, and a
 * key shared by two rooms would link their identities.
 * @throws {UsageError} `bad-length`
 */
export async function roomIdentity(seed: CryptoKey, roomId: Uint8Array): Promise<RoomIdentity> {
  if (roomId.length !== 16) throw new UsageError('bad-length', 'a room id has 16 bytes')
  const [signing, noiseStatic] = await Promise.all([
    withDerived(seed, concat(utf8(contexts.roomIdentity), roomId), ed25519FromSeed),
    withDerived(seed, concat(utf8(contexts.noiseStatic), roomId, utf8('device')), x25519FromSeed),
  ])
  const { publicKey, privateKey } = signing
  return {
    peerId: peerIdOf(publicKey),
    publicKey,
    sign: async (domain, message) => ed25519Sign(privateKey, signedBytes(domain, message)),
    noiseStatic,
  }
}

/**
 * The name an Ed25519 key gives its owner: base64url, 43 characters.
 * @throws {UsageError} `bad-length` unless the key has 32 bytes.
 */
export function peerIdOf(publicKey: Uint8Array): PeerId {
  if (publicKey.length !== 32) throw new UsageError('bad-length', 'an Ed25519 public key has 32 bytes')
  return toBase64url(publicKey) as PeerId
}
