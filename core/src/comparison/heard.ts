import { equal } from '../bytes/index.ts'
import type { PeerId } from '../identity/index.ts'
import type { Reveal } from './round.ts'
import type { ComparisonMessage } from './wire.ts'

/** Others whose word is kept: more than a room holds, those who are about to enter included. */
export const maxHeard = 64

/** The last thing that somebody committed to, and what it revealed of it. */
export interface Word {
  readonly round: Uint8Array
  readonly attempt: number
  readonly commitment: Uint8Array
  /** It had committed to something else in the same attempt, after we had revealed: that attempt is spent. */
  readonly conflicts: boolean
  readonly reveal: Reveal | undefined
}

/** What the others said last: one commitment and one reveal of each, whichever round it belongs to. */
export class Heard {
  readonly #words = new Map<PeerId, Word>()

  /** What the peer said of this round. */
  of(peer: PeerId, round: Uint8Array): Word | undefined {
    const word = this.#words.get(peer)
    return word !== undefined && equal(word.round, round) ? word : undefined
  }

  /** True if it takes the place of another commitment to the same attempt. */
  commit(peer: PeerId, said: Extract<ComparisonMessage, { kind: 'commit' }>, weHaveRevealed: boolean): boolean {
    const before = this.of(peer, said.round)
    const isRepeated = before?.attempt === said.attempt
    if (isRepeated && equal(before.commitment, said.commitment)) return false
    if (!this.#words.has(peer) && this.#words.size >= maxHeard) return false
    const { round, attempt, commitment } = said
    const conflicts = isRepeated && (before.conflicts || weHaveRevealed)
    this.#words.set(peer, { round, attempt, commitment, conflicts, reveal: undefined })
    return isRepeated
  }

  /** The first reveal after a commitment counts; one without a commitment before it is worth nothing. */
  reveal(peer: PeerId, said: Extract<ComparisonMessage, { kind: 'reveal' }>): void {
    const word = this.of(peer, said.round)
    if (word?.attempt !== said.attempt || word.reveal !== undefined) return
    this.#words.set(peer, { ...word, reveal: said.reveal })
  }

  forget(peer: PeerId): void {
    this.#words.delete(peer)
  }
}
