import { part, pub, type Term } from './term.ts'

/**
 * What the attacker knows. It is the carrier: every message that anybody sends is in here, and whatever can be built from
 * it can be sent to anybody.
 *
 * Taking apart: tuples give their parts, signatures their message, a ciphertext its plaintext to whoever can build the
 * key. Building: everything but names.
 */
export class Knowledge {
  readonly #known: Set<Term>
  /** Ciphertexts whose key cannot be built, so far. */
  #sealed: readonly Term[]
  readonly #answers = new Map<Term, boolean>()

  private constructor(known: Set<Term>, sealed: readonly Term[]) {
    this.#known = known
    this.#sealed = sealed
  }

  static of(terms: readonly Term[]): Knowledge {
    return new Knowledge(new Set(), []).with(terms)
  }

  /** The same and more. */
  with(terms: readonly Term[]): Knowledge {
    const fresh = terms.filter((term) => !this.#known.has(term))
    if (fresh.length === 0) return this
    const more = new Knowledge(new Set(this.#known), this.#sealed)
    more.#learn(fresh)
    return more
  }

  derives(term: Term): boolean {
    if (this.#known.has(term)) return true
    const before = this.#answers.get(term)
    if (before !== undefined) return before
    const answer = this.#builds(term)
    this.#answers.set(term, answer)
    return answer
  }

  /** Public keys for Diffie-Hellman that were seen: what can pass for somebody's. */
  publicKeys(): readonly Term[] {
    return [...this.#known].filter(({ kind }) => kind === 'pub')
  }

  /** Plaintexts of the ciphertexts that were seen under this key and with this associated data. */
  seen(key: Term, ad: Term): readonly Term[] {
    return [...this.#known]
      .filter(({ kind, parts }) => kind === 'aead' && parts[0] === key && parts[1] === ad)
      .map((ciphertext) => part(ciphertext, 2))
  }

  #builds(term: Term): boolean {
    const { kind, parts } = term
    switch (kind) {
      case 'public':
        return true
      case 'secret':
        return false
      case 'shared': {
        const [x, y] = [part(term, 0), part(term, 1)]
        return (this.derives(x) && this.derives(pub(y))) || (this.derives(y) && this.derives(pub(x)))
      }
      case 'pub':
      case 'verifier':
      case 'tuple':
      case 'hash':
      case 'aead':
      case 'sig':
        return parts.every((one) => this.derives(one))
    }
  }

  #learn(terms: readonly Term[]): void {
    const waiting = [...terms]
    for (;;) {
      for (let term = waiting.pop(); term !== undefined; term = waiting.pop()) {
        if (this.#known.has(term)) continue
        this.#known.add(term)
        if (term.kind === 'tuple') waiting.push(...term.parts)
        else if (term.kind === 'sig') waiting.push(part(term, 1))
        else if (term.kind === 'aead') this.#sealed = [...this.#sealed, term]
      }
      this.#answers.clear()
      const opened = this.#sealed.filter((ciphertext) => this.derives(part(ciphertext, 0)))
      if (opened.length === 0) return
      this.#sealed = this.#sealed.filter((ciphertext) => !opened.includes(ciphertext))
      waiting.push(...opened.map((ciphertext) => part(ciphertext, 2)))
    }
  }
}
