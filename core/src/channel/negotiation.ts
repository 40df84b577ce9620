import { utf8 } from '../bytes/index.ts'
import { Reader, Writer } from '../codec/index.ts'
import { sha256 } from '../crypto/index.ts'
import { CodecError } from '../errors/index.ts'
import type { RoomKeys } from '../link/index.ts'

/** major << 8 | minor. */
export const protocolVersion = 0x0100

/** Noise_XXpsk3_25519_AESGCM_SHA256. */
export const suiteCode = 0x0001

/** More than any version will ever offer; bounds what a stranger can make us read. */
const maxSuites = 8

export const maxCapabilitiesBytes = 5 + 2 * maxSuites

/** Every member plays the same part; other parts (an observer, a forwarder) get their own code and cannot meet this one. */
const memberRoleCode = 1

/** What an initiator can speak. */
export interface Capabilities {
  readonly lowestVersion: number
  readonly highestVersion: number
  /** Codes of suites, the preferred one first. */
  readonly suites: readonly number[]
}

/** What a responder picked of it. */
export interface Choice {
  readonly version: number
  readonly suite: number
}

export const ourCapabilities: Capabilities = {
  lowestVersion: protocolVersion,
  highestVersion: protocolVersion,
  suites: [suiteCode],
}

/** What a responder answers with: our one version and suite, or nothing if they were not offered. */
export function choose(offer: Capabilities): Choice | undefined {
  const choice = { version: protocolVersion, suite: suiteCode }
  return isOffered(choice, offer) ? choice : undefined
}

/** Layout: u16 lowest version, u16 highest version, u8 count, then u16 for each suite. */
export function encodeCapabilities({ lowestVersion, highestVersion, suites }: Capabilities): Uint8Array<ArrayBuffer> {
  const writer = new Writer().u16(lowestVersion).u16(highestVersion).u8(suites.length)
  for (const suite of suites) writer.u16(suite)
  return writer.finish()
}

/** @throws {CodecError} */
export function decodeCapabilities(bytes: Uint8Array): Capabilities {
  const reader = new Reader(bytes)
  const lowestVersion = reader.u16()
  const highestVersion = reader.u16()
  const count = reader.u8()
  if (lowestVersion > highestVersion || count === 0 || count > maxSuites) {
    throw new CodecError('bad-value', 'impossible capabilities')
  }
  const suites = Array.from({ length: count }, () => reader.u16())
  reader.end()
  return { lowestVersion, highestVersion, suites }
}

/** True if `choice` is among what was offered: a responder that picks something else is closed. */
export function isOffered({ version, suite }: Choice, offer: Capabilities): boolean {
  return version >= offer.lowestVersion && version <= offer.highestVersion && offer.suites.includes(suite)
}

/**
 * What both ends must agree on before a word is exchanged (Noise section 6): the format version, the room, and exactly
 * the list that the initiator offered. `highestVersion` is
 * the initiator's. The responder builds it from what reached it, so a list that was shortened on the
 * way leaves the two ends with different hashes and the handshake fails instead of choosing something weaker.
 */
export async function prologueOf(
  keys: RoomKeys,
  capabilities: Uint8Array,
  highestVersion: number,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Writer()
    .fixed(utf8('P2Pigeon'))
    .u16(highestVersion)
    .bytes16(keys.roomId)
    .bytes16(keys.topicRootHash)
    .bytes16(await sha256(capabilities))
    .u8(memberRoleCode)
    .finish()
}
