import { createHash, createHmac, randomBytes } from 'node:crypto'

export interface TurnCredentials {
  /** `<Unix seconds when it expires>:<random>`. */
  readonly username: string
  /** Base64 of HMAC-SHA1(secret, username). */
  readonly credential: string
}

/** 96 bits: usernames only have to differ, so that one page's quota is not another's. */
const randomNameBytes = 12

/** The password that belongs to `username` (the form that coturn calls `use-auth-secret`). */
export function passwordOf(username: string, secret: Uint8Array | string): string {
  return createHmac('sha1', secret).update(username).digest('base64')
}

/** Fresh credentials for `ttlSeconds`. */
export function issueCredentials(secret: Uint8Array | string, ttlSeconds: number, nowMs: number): TurnCredentials {
  const expiry = Math.floor(nowMs / 1_000) + ttlSeconds
  const username = `${String(expiry)}:${randomBytes(randomNameBytes).toString('base64url')}`
  return { username, credential: passwordOf(username, secret) }
}

/** When `username` expires, in Unix ms; `undefined` when it has not the form of ours. */
export function expiryOf(username: string): number | undefined {
  const seconds = /^(\d{1,11}):[\w-]{1,64}$/.exec(username)?.[1]
  return seconds === undefined ? undefined : Number(seconds) * 1_000
}

/** The key of a long-term credential (RFC 8489 section 9.2.2): MD5 is what the protocol names, not what secures it. */
export function longTermKey(username: string, realm: string, password: string): Buffer {
  return createHash('md5').update(`${username}:${realm}:${password}`).digest()
}
