import { equal, toBase64url, utf8 } from '../bytes/index.ts'
import { Writer } from '../codec/index.ts'
import { hkdf, importAeadKey, importHkdfKey, sha256 } from '../crypto/index.ts'
import type { CarrierName } from '../signalling/index.ts'
import { fingerprintOf } from './fingerprint.ts'
import { policyFlags } from './policy-flags.ts'
import { secretBytes, type RoomKeys, type RoomLink } from './room-link.ts'

const dayMs = 86_400_000

/**
 * Everything a device derives from a link: HKDF-SHA-256 with the room id as salt, followed by the flags of the policy unless
 * they are zero, the room secret as input and one context each. Carrier names are length-prefixed, so no two contexts give the same bytes.
 */
export async function deriveRoomKeys(link: RoomLink): Promise<RoomKeys> {
  const { roomId, hostFingerprint, policy } = link
  const flags = policyFlags(policy)
  const salt = flags === 0 ? roomId : new Writer().fixed(roomId).u16(flags).finish()
  const secret = await importHkdfKey(link.secret)
  const derive = async (info: Uint8Array) => hkdf('SHA-256', secret, salt, info, 32)
  const envelopeKeys = new Map<CarrierName, Promise<CryptoKey>>()
  const deriveEnvelopeKey = async (carrier: CarrierName) =>
    importAeadKey(await derive(carrierContext('p2pigeon/v1/envelope', carrier).finish()))
  const psk = await derive(utf8('p2pigeon/v1/noise-psk'))
  const topicRootHash = await sha256(await derive(utf8('p2pigeon/v1/topic-root')))
  return {
    roomId,
    roomName: toBase64url(roomId),
    policy,
    psk,
    topicRootHash,
    logRoot: await logRootOf(link),
    topic: async (carrier, nowMs, offset = 0) =>
      derive(carrierContext('p2pigeon/v1/topic', carrier).u32(dayNumber(nowMs, offset)).finish()),
    envelopeKey: (carrier) => {
      const known = envelopeKeys.get(carrier) ?? deriveEnvelopeKey(carrier)
      envelopeKeys.set(carrier, known)
      return known
    },
    isHost: async (publicKey) => equal(await fingerprintOf(publicKey), hostFingerprint),
  }
}

/**
 * The room secret that follows `secret` once `fresh` is mixed in: HKDF-SHA-256, salt = room id. Whoever lacks one of the two lacks the result.
 */
export async function nextRoomSecret(
  roomId: Uint8Array,
  secret: Uint8Array,
  fresh: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await importHkdfKey(new Writer().bytes16(secret).bytes16(fresh).finish())
  return hkdf('SHA-256', key, roomId, utf8('p2pigeon/v1/next-room-secret'), secretBytes)
}

async function logRootOf({ roomId, policy, hostFingerprint }: RoomLink): Promise<Uint8Array<ArrayBuffer>> {
  const fixed = new Writer().fixed(utf8('p2pigeon/v1/log-root')).fixed(roomId).u16(policyFlags(policy))
  return sha256(fixed.fixed(hostFingerprint).finish())
}

function carrierContext(context: string, carrier: CarrierName): Writer {
  return new Writer().fixed(utf8(context)).text16(carrier)
}

/** Days since 1970 (UTC), modulo 2^32: a clock that was never set names some day, too. */
function dayNumber(nowMs: number, offset: number): number {
  return (Math.floor(nowMs / dayMs) + offset) >>> 0
}
