import { equal, toHex } from '../bytes/index.ts'
import type { PeerId } from '../identity/index.ts'
import type { Scope, Undo } from '../lifetime/index.ts'
import type { Clock, Random } from '../runtime/index.ts'
import { commitmentTo, pairCode, roomCode, roundOf, sameFingerprint, type Reveal } from './round.ts'
import { decodeMessage, encodeMessage } from './wire.ts'

/** Everybody sees the same room within a few messages; who still sees another one after so long sees another room. */
export const settleMs = 10_000
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

export interface ComparisonPorts {
  /** Our own key in the room. */
  readonly self: Uint8Array
  readonly random: Random
  readonly clock: Clock
  readonly scope: Scope
  send(to: PeerId, message: Uint8Array<ArrayBuffer>): void
  /** SHA-256 of the DTLS certificates of both ends of our session with a member, as the secure channel bound them. */
  fingerprints(peer: PeerId): { readonly local: Uint8Array; readonly remote: Uint8Array } | undefined
  changed(): void
}

/** What a member said of one round. */
interface Said {
  readonly commitment: Uint8Array<ArrayBuffer>
  reveal: Reveal | undefined
}

interface Round {
  readonly id: Uint8Array<ArrayBuffer>
  readonly members: readonly ComparedMember[]
  readonly own: Reveal
  readonly commitment: Uint8Array<ArrayBuffer>
  /** By member; a commitment counts from the moment it is here, and is never replaced once we have revealed. */
  readonly said: Map<PeerId, Said>
  revealed: boolean
}

/**
 * A short authentication string for a whole room and each pair in it, by commitment and reveal (Vaudenay, "Secure communications over insecure
 * channels based on short authenticated strings", 2005, for more than two): each member draws a nonce for the picture that it has of the room, commits
 * to it and to the DTLS fingerprints that it uses, and reveals both only when everybody has committed to the same picture. So who stands between two
 * members has to commit before it knows what the code will be: one guess in 2^42 for each time that people compare.
 */
export class Comparison {
  readonly #ports: ComparisonPorts
  /** What members said of a round that is not ours, or not yet: the last one each. */
  readonly #early = new Map<PeerId, { readonly round: Uint8Array; readonly said: Said }>()
  #round: Round | undefined
  #view: ComparisonView = { kind: 'alone' }
  #stopWaiting: Undo = () => undefined

  constructor(ports: ComparisonPorts) {
    this.#ports = ports
    ports.scope.onEnd(() => {
      this.#stopWaiting()
    })
  }

  view(): ComparisonView {
    return this.#view
  }

  /** The picture of the room as this device has it now. Another one begins a new round, with a new nonce. */
  setRoom(
    members: readonly ComparedMember[],
    own: { readonly identity: Uint8Array | undefined },
    epoch: number,
    logHead: Uint8Array,
  ): void {
    const { self } = this.#ports
    if (members.length === 0) {
      this.#round = undefined
      this.#stopWaiting()
      this.#show({ kind: 'alone' })
      return
    }
    const claims = new Map(
      members.flatMap(({ peerId, key }) => {
        const local = this.#ports.fingerprints(peerId)?.local
        return local === undefined ? [] : [[toHex(key), local] as const]
      }),
    )
    const id = roundOf([...members, { key: self, identity: own.identity }], epoch, logHead)
    const standing = this.#round
    const same = standing !== undefined && equal(standing.id, id) && sameClaims(standing.own.claims, claims)
    if (same) return
    const said = new Map<PeerId, Said>()
    for (const [peer, early] of this.#early) {
      if (!equal(early.round, id)) continue
      said.set(peer, early.said)
      this.#early.delete(peer)
    }
    this.#start(id, members, claims, said)
  }

  /** @throws {CodecError} on what is no message of a comparison. */
  receive(from: PeerId, message: Uint8Array): void {
    const decoded = decodeMessage(message)
    const round = this.#round
    const isOurs = round !== undefined && equal(decoded.round, round.id) && isMember(round, from)
    if (decoded.kind === 'commit') {
      const said: Said = { commitment: decoded.commitment, reveal: undefined }
      if (isOurs) this.#commit(round, from, said)
      else this.#early.set(from, { round: decoded.round, said })
    } else {
      const early = this.#early.get(from)
      const said = isOurs ? round.said.get(from) : early && equal(early.round, decoded.round) ? early.said : undefined
      // A reveal without a commitment before it is worth nothing.
      if (said !== undefined) said.reveal ??= decoded.reveal
    }
    this.#goOn()
  }

  /** The way to a member is new: what we said last may have been lost with the old one. */
  connected(peer: PeerId): void {
    const round = this.#round
    if (round !== undefined && isMember(round, peer)) this.#tell(round, peer)
  }

  departed(peer: PeerId): void {
    this.#early.delete(peer)
  }

  /**
   * A member that commits a second time to the round has begun it anew, as after a short absence of somebody that only it has noticed. It has forgotten
   * our commitment, then, and a nonce that we have revealed is spent.
   */
  #commit(round: Round, from: PeerId, said: Said): void {
    const before = round.said.get(from)
    if (before !== undefined && equal(before.commitment, said.commitment)) return
    if (before !== undefined && round.revealed) {
      this.#start(round.id, round.members, round.own.claims, new Map([[from, said]]))
      return
    }
    round.said.set(from, said)
    if (before !== undefined) this.#tell(round, from)
  }

  #start(
    id: Uint8Array<ArrayBuffer>,
    members: readonly ComparedMember[],
    claims: Reveal['claims'],
    said: Map<PeerId, Said>,
  ): void {
    const own: Reveal = { nonce: this.#ports.random.bytes(nonceBytes), claims }
    const commitment = commitmentTo(id, own)
    const round: Round = { id, members, own, commitment, said, revealed: false }
    this.#round = round
    this.#show({ kind: 'settling' })
    this.#waitFor(round)
    for (const { peerId } of members) this.#tell(round, peerId)
    this.#goOn()
  }

  #waitFor(round: Round): void {
    this.#stopWaiting()
    this.#stopWaiting = this.#ports.clock.after(settleMs, () => {
      if (this.#round !== round || this.#view.kind !== 'settling') return
      const apart = round.members.filter(({ peerId }) => !hasRevealed(round, peerId))
      this.#show({ kind: 'differs', with: apart.map(({ peerId }) => peerId) })
    })
  }

  #tell(round: Round, peer: PeerId): void {
    const { id, commitment, own, revealed } = round
    this.#ports.send(peer, encodeMessage({ kind: 'commit', round: id, commitment }))
    if (revealed) this.#ports.send(peer, encodeMessage({ kind: 'reveal', round: id, reveal: own }))
  }

  #goOn(): void {
    const round = this.#round
    if (round === undefined) return
    if (!round.members.every(({ peerId }) => round.said.has(peerId))) return
    if (!round.revealed) {
      round.revealed = true
      const message = encodeMessage({ kind: 'reveal', round: round.id, reveal: round.own })
      for (const { peerId } of round.members) this.#ports.send(peerId, message)
    }
    if (round.members.every(({ peerId }) => hasRevealed(round, peerId))) this.#conclude(round)
  }

  #conclude(round: Round): void {
    const self = toHex(this.#ports.self)
    const reveals = new Map<string, Reveal>([[self, round.own]])
    const apart: PeerId[] = []
    for (const { peerId, key } of round.members) {
      const { commitment, reveal } = round.said.get(peerId) ?? {}
      if (commitment === undefined || reveal === undefined) return
      const kept = equal(commitmentTo(round.id, reveal), commitment)
      const bound = sameFingerprint(reveal.claims.get(self), this.#ports.fingerprints(peerId)?.remote)
      if (!kept || !bound) apart.push(peerId)
      reveals.set(toHex(key), reveal)
    }
    const room = roomCode(round.id, reveals)
    const pairs = round.members.map(({ peerId, key }) => {
      const name = toHex(key)
      const theirs = reveals.get(name) ?? round.own
      return [peerId, pairCode(round.id, [self, round.own], [name, theirs])] as const
    })
    this.#stopWaiting()
    this.#show(apart.length > 0 ? { kind: 'differs', with: apart } : { kind: 'agreed', room, pairs: new Map(pairs) })
  }

  #show(view: ComparisonView): void {
    if (JSON.stringify([view.kind, codesOf(view)]) === JSON.stringify([this.#view.kind, codesOf(this.#view)])) return
    this.#view = view
    this.#ports.changed()
  }
}

function isMember({ members }: Round, peer: PeerId): boolean {
  return members.some(({ peerId }) => peerId === peer)
}

function hasRevealed({ said }: Round, peer: PeerId): boolean {
  return said.get(peer)?.reveal !== undefined
}

function codesOf(view: ComparisonView): unknown {
  if (view.kind === 'agreed') return [view.room, [...view.pairs]]
  return view.kind === 'differs' ? view.with : []
}

function sameClaims(a: Reveal['claims'], b: Reveal['claims']): boolean {
  return a.size === b.size && [...a].every(([key, fingerprint]) => sameFingerprint(fingerprint, b.get(key)))
}
