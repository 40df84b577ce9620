import { concat, utf8 } from '../bytes/index.ts'
import { sha256 } from '../crypto/index.ts'
import { deriveRoomKeys, fingerprintOf, standardPolicy, type RoomKeys } from '../link/index.ts'

const roomIdBytes = 16

/**
 * Where and under which keys an identity can be rung, from its public key: whoever has the contact card has these keys. They keep out everybody
 * else, the carrier included; who talks with whom is proven by device keys and records inside.
 */
export async function ringKeys(publicKey: Uint8Array): Promise<RoomKeys> {
  const [id, secret, hostFingerprint] = await Promise.all([
    sha256(concat(utf8('p2pigeon/v1/ring'), publicKey)),
    sha256(concat(utf8('p2pigeon/v1/ring-secret'), publicKey)),
    fingerprintOf(publicKey),
  ])
  return deriveRoomKeys({
    roomId: id.slice(0, roomIdBytes),
    secret,
    hostFingerprint,
    policy: standardPolicy,
    history: undefined,
  })
}
