import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '@p2pigeon/core/node'
import type { DataRoomLimits } from '../limits.ts'
import { Refusal } from '../refusal.ts'
import { parseSessionProof, proofHolds } from './session-proof.ts'

/** A token is 16 bytes that find the session and 32 that prove it. */
const idBytes = 16
const secretBytes = 32
const bearer = /^Bearer ([A-Za-z0-9_-]{64})$/

interface Session {
  readonly key: string
  readonly secretHash: Buffer
  readonly endsAtMs: number
}

export interface OpenedSession {
  /** The client's key, in hex. */
  readonly key: string
  readonly token: string
  readonly expiresInMs: number
}

const hashOf = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest()

/** Who may write what: sessions by proof of a key. They live in memory; a node that starts again knows none. */
export class Sessions {
  readonly #limits: DataRoomLimits
  readonly #clock: Clock
  readonly #sessions = new Map<string, Session>()
  /** Nonces seen, with the time until which a proof with one of them could pass for fresh. In the order of arrival. */
  readonly #nonces = new Map<string, number>()

  constructor(limits: DataRoomLimits, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
  }

  get size(): number {
    return this.#sessions.size
  }

  /**
   * @throws {Refusal} `bad-request`, `clock-skew`, `proof-wrong`, `nonce-used`, `too-many-sessions`.
   */
  open(body: Buffer, host: string): OpenedSession {
    const proof = parseSessionProof(body)
    if (proof === undefined) throw new Refusal('bad-request')
    const now = this.#clock.now()
    if (Math.abs(now - proof.sentAtMs) > this.#limits.skewMs) throw new Refusal('clock-skew')
    if (!proofHolds(proof, host)) throw new Refusal('proof-wrong')
    // After the signature: a stranger could otherwise burn somebody's nonces.
    this.#spend(`${proof.key.toString('hex')}${proof.nonce.toString('hex')}`, now)
    this.#makeRoom(now)
    const id = randomBytes(idBytes)
    const secret = randomBytes(secretBytes)
    const key = proof.key.toString('hex')
    const expiresInMs = this.#limits.sessionMs
    this.#sessions.set(id.toString('hex'), { key, secretHash: hashOf(secret), endsAtMs: now + expiresInMs })
    return { key, token: Buffer.concat([id, secret]).toString('base64url'), expiresInMs }
  }

  /**
   * The key, in hex, of whoever sent this `Authorization` header.
   * @throws {Refusal} `session-missing`, also for a token that was never given; `session-expired`.
   */
  keyOf(authorization: string | undefined): string {
    const token = bearer.exec(authorization ?? '')?.[1]
    if (token === undefined) throw new Refusal('session-missing')
    const bytes = Buffer.from(token, 'base64url')
    const id = bytes.subarray(0, idBytes).toString('hex')
    const session = this.#sessions.get(id)
    // What finds the session is no secret, what proves it is compared in constant time.
    if (session === undefined || !timingSafeEqual(session.secretHash, hashOf(bytes.subarray(idBytes)))) {
      throw new Refusal('session-missing')
    }
    if (this.#clock.now() < session.endsAtMs) return session.key
    this.#sessions.delete(id)
    throw new Refusal('session-expired')
  }

  #spend(nonce: string, now: number): void {
    for (const [old, until] of this.#nonces) {
      if (until > now) break
      this.#nonces.delete(old)
    }
    if (this.#nonces.has(nonce)) throw new Refusal('nonce-used')
    // Forgetting one would open the door to its replay.
    if (this.#nonces.size >= this.#limits.maxNonces) throw new Refusal('too-many-sessions')
    this.#nonces.set(nonce, now + 2 * this.#limits.skewMs)
  }

  #makeRoom(now: number): void {
    if (this.#sessions.size < this.#limits.maxSessions) return
    for (const [id, { endsAtMs }] of this.#sessions) if (endsAtMs <= now) this.#sessions.delete(id)
    if (this.#sessions.size >= this.#limits.maxSessions) throw new Refusal('too-many-sessions')
  }
}
