export interface Drawable {
  /** Draws; when the signal aborts it was cleared meanwhile, and nothing of it may appear any more. */
  draw(signal: AbortSignal): Promise<void>
  clear(): void
}

/** Draws what it is called with, and clears the one drawn longest ago when there are more than `most`, whether that was done or still under way. */
export function fewDrawn(most: number): (one: Drawable) => void {
  const drawn = new Map<Drawable, AbortController>()
  return (one) => {
    if (drawn.has(one)) return
    const stop = new AbortController()
    drawn.set(one, stop)
    for (const [oldest, its] of drawn) {
      if (drawn.size <= most) break
      drawn.delete(oldest)
      its.abort()
      oldest.clear()
    }
    // One that cannot be drawn stays blank; the others are shown.
    one.draw(stop.signal).catch(() => undefined)
  }
}
