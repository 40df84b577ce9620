import { roomIdentity } from '../identity/index.ts'
import type { Random } from '../runtime/index.ts'
import { fingerprintOf } from './fingerprint.ts'
import { roomIdBytes, secretBytes, type RoomLink, type RoomPolicy } from './room-link.ts'

/** A link to a new room whose host is the seed's owner. */
export async function createRoomLink(seed: CryptoKey, random: Random, policy: RoomPolicy): Promise<RoomLink> {
  const roomId = random.bytes(roomIdBytes)
  const secret = random.bytes(secretBytes)
  const host = await roomIdentity(seed, roomId)
  return { roomId, secret, hostFingerprint: await fingerprintOf(host.publicKey), policy, history: undefined }
}
