import { fromHex, toHex } from '../bytes/index.ts'
import { CodecError } from '../errors/index.ts'
import { isHex } from './event.ts'

const prefix = 'npub'
const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
/** Of the BCH code of BIP-173. */
const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]
const checksumWords = 6
/** 256 bits in words of five, the last one filled up with zeros. */
const keyWords = 52
const npubCharacters = prefix.length + 1 + keyWords + checksumWords

/**
 * A public key as people pass it on: `npub1…` (NIP-19, with or without `nostr:` in front of it) or 64 characters of hexadecimal. Returns the latter,
 * in lower case. Whether it is a point of the curve is not looked at.
 * @throws {CodecError} `bad-nostr-key`, also for an `nsec1…`, which nobody should paste anywhere.
 */
export function readPublicKey(text: string): string {
  const bare = text.trim().replace(/^nostr:/i, '')
  if (bare.length > npubCharacters + 1) throw badKey()
  if (isHex(bare.toLowerCase(), 64)) return bare.toLowerCase()
  // BIP-173: all of it is upper case, or all of it is lower case.
  if (bare !== bare.toLowerCase() && bare !== bare.toUpperCase()) throw badKey()
  const lower = bare.toLowerCase()
  if (lower.length !== npubCharacters || !lower.startsWith(`${prefix}1`)) throw badKey()
  const words = [...lower.slice(prefix.length + 1)].map((character) => alphabet.indexOf(character))
  if (words.includes(-1) || checksum([...spread(prefix), ...words]) !== 1) throw badKey()
  return toHex(bytesOf(words.slice(0, keyWords)))
}

/** The form of NIP-19 for a public key of 64 characters of hexadecimal. @throws {CodecError} when it is none. */
export function npubOf(publicKey: string): string {
  const bits = [...fromHex(publicKey)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const words = (bits.match(/.{1,5}/g) ?? []).map((five) => Number.parseInt(five.padEnd(5, '0'), 2))
  if (words.length !== keyWords) throw badKey()
  const sum = checksum([...spread(prefix), ...words, ...new Array<number>(checksumWords).fill(0)]) ^ 1
  const check = Array.from({ length: checksumWords }, (_, index) => (sum >>> (5 * (checksumWords - 1 - index))) & 31)
  return `${prefix}1${[...words, ...check].map((word) => alphabet[word] ?? '').join('')}`
}

function bytesOf(words: readonly number[]): Uint8Array<ArrayBuffer> {
  const bits = words.map((word) => word.toString(2).padStart(5, '0')).join('')
  // One key has one form: what fills up the last word is zero.
  if (!/^0*$/.test(bits.slice(256))) throw badKey()
  return Uint8Array.from({ length: 32 }, (_, index) => Number.parseInt(bits.slice(index * 8, index * 8 + 8), 2))
}

function checksum(words: readonly number[]): number {
  return words.reduce((sum, word) => {
    const top = sum >>> 25
    const shifted = (((sum & 0x1ffffff) << 5) ^ word) >>> 0
    return generator.reduce((mixed, part, bit) => ((top >>> bit) & 1 ? (mixed ^ part) >>> 0 : mixed), shifted)
  }, 1)
}

/** The prefix as the checksum takes it. */
function spread(text: string): readonly number[] {
  const codes = [...text].map((character) => character.charCodeAt(0))
  return [...codes.map((code) => code >>> 5), 0, ...codes.map((code) => code & 31)]
}

function badKey(): CodecError {
  return new CodecError('bad-nostr-key', 'this is no public key of Nostr')
}
