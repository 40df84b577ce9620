import type { PrivacyLevel } from '../ice/index.ts'
import type { RoomPolicy } from './room-link.ts'

/** Bits 0 and 1 of the flags: index into this list; 3 is not in use. A code on the wire is never used again. */
const privacyCodes: readonly PrivacyLevel[] = ['standard', 'lan', 'hidden']
const privacyMask = 0b011
const constantRateBit = 0b100
const keepChatBit = 0b1000
const knownBits = privacyMask | constantRateBit | keepChatBit

/** The policy as the u16 that a link carries. */
export function policyFlags({ privacy, constantRate, keepChat }: RoomPolicy): number {
  return privacyCodes.indexOf(privacy) | (constantRate ? constantRateBit : 0) | (keepChat ? keepChatBit : 0)
}

/** The policy that flags stand for; undefined if a bit or code is not one of this version. */
export function policyOf(flags: number): RoomPolicy | undefined {
  const privacy = privacyCodes[flags & privacyMask]
  if (privacy === undefined || (flags & ~knownBits) !== 0) return undefined
  return { privacy, constantRate: (flags & constantRateBit) !== 0, keepChat: (flags & keepChatBit) !== 0 }
}
