import { concat, utf8 } from '../bytes/index.ts'
import { sha512 } from '../crypto/index.ts'
import type { IdentityRecord } from '../identity/index.ts'

/** Digits of one identity's half: 99.6 bits. */
const halfDigits = 30
const digitsPerGroup = 5
const bytesPerGroup = 5
/** Makes each try to find keys with the number of somebody else 5,200 times as dear; half a second on a slow phone. */
const rounds = 5_200
const noNostrKey = new Uint8Array(32)

/**
 * What two people read to each other to know that each has the other's keys: 60 digits, the same at both ends. It covers the long-term Ed25519
 * and Nostr keys and nothing else: not names, devices or rooms.
 *
 * Each half is `h(0) = SHA-512(domain || keys)`, `h(i) = SHA-512(h(i-1) || keys)` for 5,200 rounds, read as six groups of five digits; the lower
 * half comes first.
 */
export async function safetyNumber(a: IdentityRecord, b: IdentityRecord): Promise<string> {
  const halves = await Promise.all([half(a), half(b)])
  return halves.sort().join('')
}

async function half({ publicKey, nostrPublicKey }: IdentityRecord): Promise<string> {
  const keys = concat(publicKey, nostrPublicKey ?? noNostrKey)
  let digest = await sha512(concat(utf8('p2pigeon/v1/safety-number'), keys))
  for (let round = 0; round < rounds; round++) digest = await sha512(concat(digest, keys))
  let digits = ''
  for (let start = 0; digits.length < halfDigits; start += bytesPerGroup) {
    let group = 0
    for (const byte of digest.subarray(start, start + bytesPerGroup)) group = group * 256 + byte
    digits += String(group % 10 ** digitsPerGroup).padStart(digitsPerGroup, '0')
  }
  return digits
}
