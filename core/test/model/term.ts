/**
 * Symbolic messages: what Dolev and Yao reason about instead of bytes. Equal terms are one object, so `===` is equality and
 * a term can name a place in a state.
 *
 * Cryptography is perfect: a term gives away exactly what `Knowledge` takes out of it, and two terms are equal only if
 * they were built alike. The one equation is that of Diffie-Hellman: `shared(x, y)` is `shared(y, x)`.
 */
export type Kind = 'public' | 'secret' | 'pub' | 'verifier' | 'shared' | 'tuple' | 'hash' | 'aead' | 'sig'

export interface Term {
  readonly id: number
  readonly kind: Kind
  /** Of names only. */
  readonly name: string
  readonly parts: readonly Term[]
}

const table = new Map<string, Term>()

function make(kind: Kind, name: string, parts: readonly Term[]): Term {
  const key = `${kind} ${name} ${parts.map(({ id }) => id).join(' ')}`
  const known = table.get(key)
  if (known !== undefined) return known
  const term = { id: table.size, kind, name, parts }
  table.set(key, term)
  return term
}

/** Something that everybody knows. */
export const word = (name: string): Term => make('public', name, [])
/** A key or a fresh value; nobody knows it but by being given it. */
export const secret = (name: string): Term => make('secret', name, [])
/** The public key of a private one, for Diffie-Hellman. */
export const pub = (key: Term): Term => make('pub', '', [key])
/** The public key of a private one, for signatures. */
export const verifier = (key: Term): Term => make('verifier', '', [key])
/** DH(x, pub(y)). */
export const shared = (x: Term, y: Term): Term => make('shared', '', x.id < y.id ? [x, y] : [y, x])
export const tuple = (...parts: readonly Term[]): Term => make('tuple', '', parts)
/** Any one-way function; `use` keeps its uses apart. */
export const hash = (use: string, ...parts: readonly Term[]): Term => make('hash', use, parts)
/** Authenticated encryption. The nonce is part of `ad`: both ends count it, so it never travels. */
export const aead = (key: Term, ad: Term, plaintext: Term): Term => make('aead', '', [key, ad, plaintext])
/** A signature by the private key; whoever sees it sees the message. */
export const sig = (key: Term, message: Term): Term => make('sig', '', [key, message])

/** Part `index` of a term that is known to have it. */
export function part({ parts }: Term, index: number): Term {
  const found = parts[index]
  if (found === undefined) throw new Error('a term without that part')
  return found
}

/** For traces. */
export function show(term: Term): string {
  const inner = term.parts.map(show)
  switch (term.kind) {
    case 'public':
    case 'secret':
      return term.name
    case 'pub':
    case 'verifier':
      return `${term.kind}(${inner.join()})`
    case 'shared':
      return `dh(${inner.join()})`
    case 'tuple':
      return `⟨${inner.join()}⟩`
    case 'hash':
      return `${term.name}#${term.id}`
    case 'aead':
      return `{${inner[2] ?? ''}}#${term.id}`
    case 'sig':
      return `sig(${inner.join()})`
  }
}
