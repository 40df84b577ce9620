import type { Clock } from '@p2pigeon/core/node'
import {
  attributeTypes,
  offeredIntegrity,
  textAttribute,
  textOf,
  verifyIntegrity,
  type Integrity,
  type StunAttribute,
  type StunMessage,
} from '../stun/index.ts'
import { expiryOf, longTermKey, passwordOf } from './credentials.ts'
import type { Nonces } from './nonces.ts'

export type Authentication =
  | { readonly kind: 'genuine'; readonly username: string; readonly integrity: Integrity }
  /** `attributes` go into the answer, which nobody signs. */
  | { readonly kind: 'refused'; readonly code: 400 | 401 | 438; readonly attributes: readonly StunAttribute[] }

export interface AuthenticatorOptions {
  readonly realm: string
  readonly secret: Uint8Array
  readonly nonces: Nonces
  readonly clock: Clock
}

/** The long-term credential mechanism with credentials that carry their own expiry (RFC 8489 section 9.2.4). */
export class Authenticator {
  readonly #options: AuthenticatorOptions

  constructor(options: AuthenticatorOptions) {
    this.#options = options
  }

  /**
   * Judges a request of the 5-tuple `client`. `holder` is the user of the allocation there is already: theirs stay good
   * for it after their expiry, because a call outlasts the page's credentials; the allocation's greatest age ends it.
   */
  judge(message: StunMessage, client: string, holder: string | undefined): Authentication {
    const { realm, secret, nonces, clock } = this.#options
    const algorithm = offeredIntegrity(message)
    if (algorithm === undefined) return this.#challenge(401, client)
    const username = textOf(message, attributeTypes.username)
    const nonce = textOf(message, attributeTypes.nonce)
    if (username === undefined || nonce === undefined || textOf(message, attributeTypes.realm) === undefined) {
      return { kind: 'refused', code: 400, attributes: [] }
    }
    if (!nonces.isFresh(nonce, client)) return this.#challenge(438, client)
    const expiry = expiryOf(username)
    if (expiry === undefined || (expiry <= clock.now() && username !== holder)) return this.#challenge(401, client)
    const integrity: Integrity = { algorithm, key: longTermKey(username, realm, passwordOf(username, secret)) }
    if (!verifyIntegrity(message, integrity)) return this.#challenge(401, client)
    return { kind: 'genuine', username, integrity }
  }

  #challenge(code: 401 | 438, client: string): Authentication {
    const { realm, nonces } = this.#options
    const attributes = [
      textAttribute(attributeTypes.realm, realm),
      textAttribute(attributeTypes.nonce, nonces.issue(client)),
    ]
    return { kind: 'refused', code, attributes }
  }
}
