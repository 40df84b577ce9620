import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { unshared } from '../bytes/index.ts'
import { UsageError } from '../errors/index.ts'

/** 32 bytes are 24 words: 256 bits and a checksum of 8 (BIP-39, “Generating the mnemonic”). */
export const recoveryWordCount = 24
const seedBytes = 32
/** Longest text looked at: 24 words of at most 8 letters, with room for white space. */
const maxTypedLength = 1_024

/** What somebody typed: the seed, or what is wrong with it. Slips are the usual case, so this is an answer and no error. */
export type RecoveredSeed =
  /** The caller imports the seed and wipes it. */
  | { readonly kind: 'seed'; readonly seed: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'wrong-count'; readonly count: number }
  /** The first word that is not in the list; the first of all has position 1. */
  | { readonly kind: 'unknown-word'; readonly position: number }
  /** All words exist, but they are not the ones that were written down, or in another order. One slip in 256 is not found. */
  | { readonly kind: 'wrong-checksum' }

/**
 * A seed as 24 English words (BIP-39) to be written on paper. The words are the seed itself and not what BIP-39 derives wallets from.
 * Text cannot be wiped: show the words and keep them nowhere.
 * @throws {UsageError} `bad-length` unless the seed has 32 bytes.
 */
export function wordsOf(seed: Uint8Array): readonly string[] {
  if (seed.length !== seedBytes) throw new UsageError('bad-length', 'a seed has 32 bytes')
  return entropyToMnemonic(seed, wordlist).split(' ')
}

/** The seed of 24 words, however they are spaced and in whichever case. */
export function seedOf(typed: string): RecoveredSeed {
  const words = typed
    .slice(0, maxTypedLength)
    .normalize('NFKD')
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '')
  if (words.length !== recoveryWordCount) return { kind: 'wrong-count', count: words.length }
  const unknown = words.findIndex((word) => !wordlist.includes(word))
  if (unknown >= 0) return { kind: 'unknown-word', position: unknown + 1 }
  try {
    return { kind: 'seed', seed: unshared(mnemonicToEntropy(words.join(' '), wordlist)) }
  } catch {
    return { kind: 'wrong-checksum' }
  }
}
