/** A part of a whole, 0 to 1, in percent. */
export function percent(part: number): number {
  return Math.round(Math.min(1, Math.max(0, part)) * 100)
}
