export type Strength = 'short' | 'weak' | 'fair' | 'strong'

/** The vault takes nothing shorter. */
export const minLength = 8
/** Guesses that Argon2id with 64 MiB lets a rented machine room make in a year, about: 2^50. */
const weakBits = 50
const fairBits = 70
/** Bits that one more character of each kind adds when people choose it, which is far less than chance would. */
const bitsPerCharacter = 3
const bitsPerWord = 10
/** Runs that people like: they add next to nothing. */
const habits = [/(.)\1{2,}/gu, /(?:0123|1234|2345|3456|4567|5678|6789|abcd|qwer|asdf|zxcv)/giu, /(?:19|20)\d\d/gu]
const favourites = /^(?:p[a4]ssw[o0]rd|letmein|welcome|iloveyou|pigeon|p2pigeon|admin|dragon|monkey)/iu

/** A guess at how long a passphrase holds, meant as a hint: length and number of words count, not kinds of symbols. */
export function strengthOf(passphrase: string): Strength {
  const normal = passphrase.normalize('NFKC')
  if ([...normal].length < minLength) return 'short'
  const plain = habits.reduce((text, habit) => text.replaceAll(habit, '#'), normal).replace(favourites, '#')
  const words = plain.split(/[\s\-_.,]+/u).filter((word) => [...word].length > 2)
  const distinct = new Set([...plain]).size
  const bits = Math.max(
    words.length > 1 ? words.length * bitsPerWord + [...plain].length : 0,
    Math.min([...plain].length, 2 * distinct) * bitsPerCharacter,
  )
  if (bits < weakBits) return 'weak'
  return bits < fairBits ? 'fair' : 'strong'
}
