import { equal, toHex } from '../bytes/index.ts'
import type { PeerId } from '../identity/index.ts'
import type { Scope, Undo } from '../lifetime/index.ts'
import type { Clock, Random } from '../runtime/index.ts'
import { Heard, type Word } from './heard.ts'
import { attemptOf, commitmentTo, pairCode, roomCode, roundOf, sameFingerprint, type Reveal } from './round.ts'
import { decodeMessage, encodeMessage } from './wire.ts'

/** Everybody sees the same room within a few messages; who still sees another one after so long sees another room. */
export const settleMs = 10_000
/**
 * While a session is replaced its two ends may name the old and the new certificate for a moment. Both begin anew as soon as they notice; what is
 * still amiss after so long is no such moment.
 */
export const doubtMs = 2_000
/** Attempts at one round that follow each other at once: more than any burst of comings and goings causes. */
export const maxQuickAttempts = 16
/** Time between further ones. Who makes us begin anew to be lucky once in 2^42 is at it for a hundred thousand years. */
export const attemptPauseMs = 1_000
const maxAttempt = 0xffff_ffff
const nonceBytes = 32

/** What people compare by voice. */
export type ComparisonView =
  /** Nobody else is here. */
  | { readonly kind: 'alone' }
  | { readonly kind: 'settling' }
  /** Symbols 0 to 63, seven of them: the same for everybody, and for each pair its own. */
  | {
      readonly kind: 'agreed'
      readonly room: readonly number[]
      readonly pairs: ReadonlyMap<PeerId, readonly number[]>
    }
  /** These members see another room than we do, or other certificates: somebody stands between us. */
  | { readonly kind: 'differs'; readonly with: readonly PeerId[] }

export interface ComparedMember {
  readonly peerId: PeerId
  /** Ed25519 of the room, 32 bytes. */
  readonly key: Uint8Array
  /** Digest of the identity that it shows, 32 bytes. */
  readonly identity: Uint8Array | undefined
}

/** SHA-256 of the DTLS certificates of both ends of a session. */
interface Fingerprints {
  readonly local: Uint8Array
  readonly remote: Uint8Array
}

export interface ComparisonPorts {
  /** Our own key in the room. */
  readonly self: Uint8Array
  readonly random: Random
  readonly clock: Clock
  readonly scope: Scope
  send(to: PeerId, message: Uint8Array<ArrayBuffer>): void
  /** Those of our session with a member, as the secure channel bound them. */
  fingerprints(peer: PeerId): Fingerprints | undefined
  changed(): void
}

/** One attempt of ours at one round. Its nonce serves no other one. */
interface Attempt {
  readonly round: Uint8Array<ArrayBuffer>
  readonly number: number
  readonly id: Uint8Array<ArrayBuffer>
  readonly members: readonly ComparedMember[]
  /** As they were when it began. */
  readonly bound: ReadonlyMap<PeerId, Fingerprints>
  readonly own: Reveal
  readonly commitment: Uint8Array<ArrayBuffer>
  revealed: boolean
  /** Those whose certificates are other ones than they say. */
  doubtful: readonly PeerId[]
}

/**
 * A short authentication string for a whole room and each pair in it, by commitment and reveal (Vaudenay, "Secure communications over insecure
 * channels based on short authenticated strings", 2005, for more than two): each member draws a nonce for the picture that it has of the room, commits
 * to it and to the DTLS fingerprints that it uses, and reveals both only when everybody has committed to the same picture. So who stands between two
 * members has to commit before it knows what the code will be: one guess in 2^42 for each time that people compare.
 *
 * | what comes                                                  | what is done                                                               |
 * | ----------------------------------------------------------- | -------------------------------------------------------------------------- |
 * | another picture, or other certificates                      | a new nonce, a commitment to everybody                                     |
 * | a commitment to another round                               | kept, in case our picture becomes that one                                 |
 * | to our round, a later attempt                               | we follow: a new nonce for that attempt                                    |
 * | to our round, an earlier attempt                            | we repeat ours, and the other end follows                                  |
 * | to our attempt, for the first time                          | kept, and we repeat ours: what we said before the sender was ready is lost |
 * | to our attempt, again the same                              | nothing                                                                    |
 * | to our attempt, another one, before we have revealed        | replaces the first, and we repeat ours: the sender has forgotten it        |
 * | to our attempt, another one, after we have revealed         | the attempt is spent: everybody goes to the next one                       |
 * | the last commitment to our attempt                          | our reveal, to everybody                                                   |
 * | a reveal that is not what was committed to                  | `differs`, until the picture is another one                                |
 * | a reveal of another certificate than the one bound          | `differs`, unless a later attempt sets it right within `doubtMs`           |
 * | nothing: somebody has not committed, or not revealed        | `differs` after `settleMs`                                                 |
 *
 * Attempts only go up, so all members meet at the highest one.
 */
export class Comparison {
  readonly #ports: ComparisonPorts
  readonly #heard = new Heard()
  /** Who revealed something else than it committed to, in the round that is going on. */
  readonly #untrue = new Set<PeerId>()
  #attempt: Attempt | undefined
  #view: ComparisonView = { kind: 'alone' }
  #attemptsMade = 0
  #lastAttemptAtMs = 0
  #stopWaiting: Undo = () => undefined
  #stopDoubting: Undo = () => undefined
  #stopPausing: Undo | undefined

  constructor(ports: ComparisonPorts) {
    this.#ports = ports
    ports.scope.onEnd(() => {
      this.#stop()
    })
  }

  view(): ComparisonView {
    return this.#view
  }

  /** The picture of the room as this device has it now. Another one begins a new round, with a new nonce; the same one does nothing. */
  setRoom(
    members: readonly ComparedMember[],
    own: { readonly identity: Uint8Array | undefined },
    epoch: number,
    logHead: Uint8Array,
  ): void {
    if (members.length === 0) {
      this.#stop()
      this.#show({ kind: 'alone' })
      return
    }
    const round = roundOf([...members, { key: this.#ports.self, identity: own.identity }], epoch, logHead)
    const standing = this.#attempt
    if (standing !== undefined && equal(standing.round, round)) {
      if (!sameFingerprints(standing.bound, this.#bound(members))) this.#begin(round, members, standing.number + 1)
      return
    }
    this.#stop()
    this.#untrue.clear()
    this.#attemptsMade = 0
    // Whoever has revealed in this round has done so to an earlier nonce of ours.
    const words = members.flatMap(({ peerId }) => this.#heard.of(peerId, round) ?? [])
    const number = Math.max(0, ...words.map((word) => (word.reveal === undefined ? wanted(word) : word.attempt + 1)))
    this.#begin(round, members, number)
  }

  /** @throws {CodecError} on what is no message of a comparison. */
  receive(from: PeerId, message: Uint8Array): void {
    const said = decodeMessage(message)
    const attempt = this.#attempt
    const isOurRound = attempt !== undefined && equal(said.round, attempt.round) && isMember(attempt, from)
    if (said.kind === 'reveal') this.#heard.reveal(from, said)
    else {
      const isOurAttempt = isOurRound && said.attempt === attempt.number
      const isFirst = isOurAttempt && this.#heard.of(from, said.round)?.attempt !== said.attempt
      const replaces = this.#heard.commit(from, said, isOurAttempt && attempt.revealed)
      const hasForgotten = isOurAttempt && replaces && !attempt.revealed
      if (isFirst || hasForgotten || (isOurRound && said.attempt < attempt.number)) this.#tell(attempt, from)
    }
    if (isOurRound) this.#goOn()
  }

  /** The way to a member is new: what we said last may have been lost with the old one. */
  connected(peer: PeerId): void {
    const attempt = this.#attempt
    if (attempt !== undefined && isMember(attempt, peer)) this.#tell(attempt, peer)
  }

  departed(peer: PeerId): void {
    this.#heard.forget(peer)
  }

  #begin(round: Uint8Array<ArrayBuffer>, members: readonly ComparedMember[], wantedNumber: number): void {
    const number = Math.min(wantedNumber, maxAttempt)
    const isFirst = this.#attempt === undefined
    const bound = this.#bound(members)
    const claims = new Map(
      members.flatMap(({ peerId, key }) => {
        const local = bound.get(peerId)?.local
        return local === undefined ? [] : [[toHex(key), local] as const]
      }),
    )
    const own: Reveal = { nonce: this.#ports.random.bytes(nonceBytes), claims }
    const id = attemptOf(round, number)
    const commitment = commitmentTo(id, own)
    const attempt: Attempt = { round, number, id, members, bound, own, commitment, revealed: false, doubtful: [] }
    this.#attempt = attempt
    this.#attemptsMade += 1
    this.#lastAttemptAtMs = this.#ports.clock.now()
    this.#stopDoubting()
    if (isFirst || this.#view.kind === 'agreed') this.#settle(round)
    for (const { peerId } of members) this.#tell(attempt, peerId)
    this.#goOn()
  }

  #bound(members: readonly ComparedMember[]): Map<PeerId, Fingerprints> {
    return new Map(
      members.flatMap(({ peerId }) => {
        const fingerprints = this.#ports.fingerprints(peerId)
        return fingerprints === undefined ? [] : [[peerId, fingerprints] as const]
      }),
    )
  }

  /** What was agreed holds no longer; a further attempt at a round that never was gets no further time. */
  #settle(round: Uint8Array): void {
    this.#show({ kind: 'settling' })
    this.#stopWaiting()
    this.#stopWaiting = this.#ports.clock.after(settleMs, () => {
      const attempt = this.#attempt
      if (attempt === undefined || !equal(attempt.round, round) || this.#view.kind !== 'settling') return
      const { doubtful } = attempt
      this.#show({ kind: 'differs', with: doubtful.length > 0 ? doubtful : this.#missing(attempt) })
    })
  }

  /** Those who have not committed; if everybody has, those who have not revealed. */
  #missing({ members, round, number }: Attempt): readonly PeerId[] {
    const words = members.map(({ peerId }) => ({ peerId, word: this.#heard.of(peerId, round) }))
    const silent = words.filter(({ word }) => word?.attempt !== number)
    const missing = silent.length > 0 ? silent : words.filter(({ word }) => word?.reveal === undefined)
    return (missing.length > 0 ? missing : words).map(({ peerId }) => peerId)
  }

  #tell({ round, number: attempt, commitment, own, revealed }: Attempt, peer: PeerId): void {
    this.#ports.send(peer, encodeMessage({ kind: 'commit', round, attempt, commitment }))
    if (revealed) this.#ports.send(peer, encodeMessage({ kind: 'reveal', round, attempt, reveal: own }))
  }

  #goOn(): void {
    const attempt = this.#attempt
    if (attempt === undefined) return
    const words = attempt.members.map(({ peerId }) => this.#heard.of(peerId, attempt.round))
    const next = Math.max(...words.map((word) => (word === undefined ? 0 : wanted(word))))
    if (next > attempt.number) {
      this.#follow(attempt, next)
      return
    }
    if (!words.every((word) => word?.attempt === attempt.number)) return
    if (!attempt.revealed) {
      attempt.revealed = true
      const { round, number, own, members } = attempt
      const message = encodeMessage({ kind: 'reveal', round, attempt: number, reveal: own })
      for (const { peerId } of members) this.#ports.send(peerId, message)
    }
    if (words.every((word) => word?.reveal !== undefined)) this.#conclude(attempt)
  }

  /** Goes to a later attempt: at once the first times, then at a walk. */
  #follow({ round, members }: Attempt, number: number): void {
    if (this.#stopPausing !== undefined) return
    if (number > maxAttempt) {
      const guilty = members.filter(({ peerId }) => (this.#heard.of(peerId, round)?.attempt ?? 0) >= maxAttempt)
      this.#show({ kind: 'differs', with: guilty.map(({ peerId }) => peerId) })
      return
    }
    const pauseMs = this.#lastAttemptAtMs + attemptPauseMs - this.#ports.clock.now()
    if (this.#attemptsMade < maxQuickAttempts || pauseMs <= 0) {
      this.#begin(round, members, number)
      return
    }
    if (this.#view.kind === 'agreed') this.#settle(round)
    this.#stopPausing = this.#ports.clock.after(Math.min(pauseMs, attemptPauseMs), () => {
      this.#stopPausing = undefined
      this.#lastAttemptAtMs = this.#ports.clock.now() - attemptPauseMs
      this.#goOn()
    })
  }

  #conclude(attempt: Attempt): void {
    const self = toHex(this.#ports.self)
    const { id, own, members, bound } = attempt
    const reveals = new Map<string, Reveal>([[self, own]])
    const doubtful: PeerId[] = []
    for (const { peerId, key } of members) {
      const { commitment, reveal } = this.#heard.of(peerId, attempt.round) ?? {}
      if (commitment === undefined || reveal === undefined) return
      if (!equal(commitmentTo(id, reveal), commitment)) this.#untrue.add(peerId)
      if (!sameFingerprint(reveal.claims.get(self), bound.get(peerId)?.remote)) doubtful.push(peerId)
      reveals.set(toHex(key), reveal)
    }
    if (this.#untrue.size > 0) this.#show({ kind: 'differs', with: [...new Set([...this.#untrue, ...doubtful])] })
    else if (doubtful.length > 0) this.#doubt(attempt, doubtful)
    else {
      this.#stopWaiting()
      const pairs = members.map(({ peerId, key }) => {
        const name = toHex(key)
        return [peerId, pairCode(id, [self, own], [name, reveals.get(name) ?? own])] as const
      })
      this.#show({ kind: 'agreed', room: roomCode(id, reveals), pairs: new Map(pairs) })
    }
  }

  #doubt(attempt: Attempt, doubtful: readonly PeerId[]): void {
    if (attempt.doubtful.length > 0) return
    attempt.doubtful = doubtful
    this.#stopDoubting = this.#ports.clock.after(doubtMs, () => {
      if (this.#attempt === attempt) this.#show({ kind: 'differs', with: doubtful })
    })
  }

  #stop(): void {
    this.#attempt = undefined
    this.#stopWaiting()
    this.#stopDoubting()
    this.#stopPausing?.()
    this.#stopPausing = undefined
  }

  #show(view: ComparisonView): void {
    if (JSON.stringify([view.kind, codesOf(view)]) === JSON.stringify([this.#view.kind, codesOf(this.#view)])) return
    this.#view = view
    this.#ports.changed()
  }
}

/** The attempt that somebody's word calls for. */
function wanted({ attempt, conflicts }: Word): number {
  return conflicts ? attempt + 1 : attempt
}

function isMember({ members }: Attempt, peer: PeerId): boolean {
  return members.some(({ peerId }) => peerId === peer)
}

function codesOf(view: ComparisonView): unknown {
  if (view.kind === 'agreed') return [view.room, [...view.pairs]]
  return view.kind === 'differs' ? view.with : []
}

function sameFingerprints(a: ReadonlyMap<PeerId, Fingerprints>, b: ReadonlyMap<PeerId, Fingerprints>): boolean {
  return (
    a.size === b.size &&
    [...a].every(([peer, one]) => {
      const other = b.get(peer)
      return sameFingerprint(one.local, other?.local) && sameFingerprint(one.remote, other?.remote)
    })
  )
}
