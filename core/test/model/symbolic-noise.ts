import type { Knowledge } from './knowledge.ts'
import { aead, hash, tuple, word, type Term } from './term.ts'

/** The symmetric state of Noise section 5.2 over terms. */
export interface Noise {
  readonly ck: Term
  readonly h: Term
  readonly k: Term
  readonly n: number
}

const nonce = (n: number): Term => word(`nonce ${n}`)

export function begin(prologue: Term): Noise {
  const name = hash('protocol name')
  return { ck: name, h: hash('h', name, prologue), k: word('no key yet'), n: 0 }
}

export const mixHash = (noise: Noise, data: Term): Noise => ({ ...noise, h: hash('h', noise.h, data) })

export function mixKey({ ck, h }: Noise, input: Term): Noise {
  return { ck: hash('ck', ck, input), h, k: hash('k', ck, input), n: 0 }
}

/** An `e` token: with a pre-shared key in the pattern, ephemeral keys are mixed into the chaining key as well. */
export const mixEphemeral = (noise: Noise, e: Term): Noise => mixKey(mixHash(noise, e), e)

export function mixKeyAndHash({ ck, h }: Noise, input: Term): Noise {
  return { ck: hash('ck', ck, input), h: hash('h', h, hash('temp', ck, input)), k: hash('k', ck, input), n: 0 }
}

/** EncryptAndHash. */
export function seal(noise: Noise, plaintext: Term): readonly [Noise, Term] {
  const ciphertext = aead(noise.k, adOf(noise), plaintext)
  return [after(noise, ciphertext), ciphertext]
}

export interface Opened {
  readonly noise: Noise
  readonly plaintext: Term
}

/**
 * DecryptAndHash against a hostile carrier: every plaintext that can be made to arrive. Those are what others sealed just so,
 * and, if the attacker can build the key, whatever `made` it can build.
 */
export function openings(noise: Noise, knowledge: Knowledge, made: () => readonly Term[]): readonly Opened[] {
  const ad = adOf(noise)
  const plaintexts = new Set(knowledge.seen(noise.k, ad))
  if (knowledge.derives(noise.k) && knowledge.derives(ad)) {
    for (const one of made()) if (knowledge.derives(one)) plaintexts.add(one)
  }
  return [...plaintexts].map((plaintext) => ({
    noise: after(noise, aead(noise.k, ad, plaintext)),
    plaintext,
  }))
}

export const transportKey = ({ ck }: Noise, from: 'initiator' | 'responder'): Term => hash(`split ${from}`, ck)
export const exporter = ({ ck, h }: Noise): Term => hash('exporter', ck, h)

/** Transport messages have no associated data but their number. */
export const transportAd = (n: number): Term => tuple(nonce(n))

function adOf({ h, n }: Noise): Term {
  return tuple(nonce(n), h)
}

function after(noise: Noise, ciphertext: Term): Noise {
  return { ...mixHash(noise, ciphertext), n: noise.n + 1 }
}
