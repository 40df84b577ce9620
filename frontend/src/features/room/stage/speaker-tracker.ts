/** Louder than this starts a highlight; it ends once the sound stayed under the lower one for `holdMs`. */
export const startsAt = 0.03
export const endsBelow = 0.015
export const holdMs = 700

/** Says who speaks, from loudness polled now and then. Two thresholds and a hold keep the highlight from flickering. */
export class SpeakerTracker<Id> {
  readonly #lastLoud = new Map<Id, number>()
  #speaking: ReadonlySet<Id> = new Set()

  /** The speakers after this measurement; the same object while nothing changed. */
  update(levels: ReadonlyMap<Id, number>, nowMs: number): ReadonlySet<Id> {
    for (const [id, level] of levels) {
      const before = this.#speaking.has(id)
      if (level >= startsAt || (before && level >= endsBelow)) this.#lastLoud.set(id, nowMs)
    }
    const now = new Set<Id>()
    for (const [id, atMs] of this.#lastLoud) {
      if (levels.has(id) && nowMs - atMs < holdMs) now.add(id)
      else this.#lastLoud.delete(id)
    }
    const same = now.size === this.#speaking.size && [...now].every((id) => this.#speaking.has(id))
    if (!same) this.#speaking = now
    return this.#speaking
  }
}
