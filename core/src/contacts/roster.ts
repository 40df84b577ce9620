import { concat, toHex, utf8 } from '../bytes/index.ts'
import { sha256, ed25519FromSeed, ed25519Sign } from '../crypto/index.ts'
import { signedBytes, type IdentityRecord, type Signer } from '../identity/index.ts'

/** People one roster lists: a large organisation, and few enough that a phone checks all records in a second or two. */
export const maxRosterMembers = 1_000
/** Keys one roster revokes. They are never dropped, so that nobody who missed a roster misses a revocation. */
export const maxRevoked = 1_000
/** Longest roster: a thousand members with records of three devices. */
export const maxRosterBytes = 1_048_576
/** Longest name of an organisation, in characters and UTF-8 bytes. */
export const maxOrganisationLength = 64
export const maxOrganisationBytes = 256

export interface RosterMember {
  /** What the organisation calls them. */
  readonly name: string
  /** The long-term Ed25519 key, 32 bytes. */
  readonly publicKey: Uint8Array<ArrayBuffer>
  /** Lets others call them before they have met. */
  readonly record: IdentityRecord | undefined
}

/** A key that is its owner's no longer, or that the organisation vouches for no longer. */
export interface Revocation {
  readonly publicKey: Uint8Array<ArrayBuffer>
  readonly atMs: number
}

export interface RosterFields {
  readonly organisation: string
  /** The higher one replaces the lower one. */
  readonly seq: number
  readonly issuedAtMs: number
  /** From then on it vouches for nobody; what it revokes stays revoked. */
  readonly expiresAtMs: number
  readonly members: readonly RosterMember[]
  readonly revoked: readonly Revocation[]
}

/** What an organisation says of who its people are, signed with its key. */
export interface Roster extends RosterFields {
  /** Ed25519 of the organisation, 32 bytes. */
  readonly publicKey: Uint8Array<ArrayBuffer>
  /** The whole signed roster. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** The last roster of an organisation that the user trusts. */
export interface TrustedRoster {
  readonly trustedAtMs: number
  readonly roster: Roster
}

/**
 * What signs rosters: an Ed25519 pair from a 32-byte seed as in RFC 8032, and so one that other tools can keep.
 * @throws {UsageError} `bad-length`
 */
export async function organisationSigner(seed: Uint8Array): Promise<Signer> {
  const { publicKey, privateKey } = await ed25519FromSeed(seed)
  return { publicKey, sign: async (domain, message) => ed25519Sign(privateKey, signedBytes(domain, message)) }
}

/**
 * What people compare before they trust an organisation: eight groups of four hexadecimal digits, 128 bits. To find a second key with the
 * same ones is out of reach.
 */
export async function organisationFingerprint(publicKey: Uint8Array): Promise<string> {
  const digest = toHex((await sha256(concat(utf8('p2pigeon/v1/organisation'), publicKey))).subarray(0, 16))
  return digest.match(/.{4}/gu)?.join(' ') ?? digest
}
