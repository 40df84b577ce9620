import type { ParticipantView, PeerId } from '@p2pigeon/core'

/** A connection that takes longer than this is worth a word: all but the slowest come about in less. */
export const troubleAfterMs = 10_000

const none: readonly ParticipantView[] = []

/** Notes since when each participant cannot be reached. */
export class TroubleWatch {
  readonly #since = new Map<PeerId, number>()
  #trouble = none

  /** Those that could not be reached for a while; the same array as long as they are the same. */
  update(participants: readonly ParticipantView[], nowMs: number): readonly ParticipantView[] {
    const missing = participants.filter(({ connection }) => connection.kind !== 'connected')
    const ids = new Set(missing.map(({ peerId }) => peerId))
    for (const peerId of this.#since.keys()) if (!ids.has(peerId)) this.#since.delete(peerId)
    for (const peerId of ids) if (!this.#since.has(peerId)) this.#since.set(peerId, nowMs)
    const trouble = missing.filter(({ peerId }) => nowMs - (this.#since.get(peerId) ?? nowMs) >= troubleAfterMs)
    const same =
      trouble.length === this.#trouble.length &&
      trouble.every(({ peerId, name }, index) => {
        const before = this.#trouble[index]
        return peerId === before?.peerId && name === before.name
      })
    if (!same) this.#trouble = trouble.length === 0 ? none : trouble
    return this.#trouble
  }
}
