/** What is averaged over: long enough to be calm, short enough to follow. */
const windowMs = 5_000
/** Marks closer together than this are one. */
const markMs = 250

/** How fast something goes, over the last seconds. */
export class Rate {
  readonly #now: () => number
  #marks: { readonly atMs: number; bytes: number }[] = []
  #sinceMs: number

  constructor(now: () => number) {
    this.#now = now
    this.#sinceMs = now()
  }

  add(bytes: number): void {
    const atMs = this.#now()
    const last = this.#marks.at(-1)
    if (last && atMs - last.atMs < markMs) last.bytes += bytes
    else this.#marks.push({ atMs, bytes })
    this.#forget(atMs)
  }

  /** Starts anew: a pause is not slowness. */
  restart(): void {
    this.#marks = []
    this.#sinceMs = this.#now()
  }

  get bytesPerSecond(): number {
    const atMs = this.#now()
    this.#forget(atMs)
    const seconds = Math.max(markMs, Math.min(windowMs, atMs - this.#sinceMs)) / 1_000
    return Math.round(this.#marks.reduce((sum, { bytes }) => sum + bytes, 0) / seconds)
  }

  /** `undefined` while nothing moves. */
  secondsLeft(bytes: number): number | undefined {
    const rate = this.bytesPerSecond
    return rate > 0 ? Math.ceil(bytes / rate) : undefined
  }

  #forget(atMs: number): void {
    this.#marks = this.#marks.filter((mark) => mark.atMs > atMs - windowMs)
  }
}
