import { Session, type Profiler } from 'node:inspector'

/**
 * Which characters of the library's own source have run, by V8's precise block coverage. Start it before the code in question is loaded: what was compiled
 * earlier may be counted by whole functions only.
 */
export class Coverage {
  readonly #session = new Session()
  readonly #part: string
  /** For each script, a mark for every character that ran. */
  readonly #ran = new Map<string, Uint8Array>()
  readonly #latest: { readonly url: string; readonly at: number }[] = []

  /** @param part of the address of the scripts that count. */
  constructor(part: string) {
    this.#part = part
    this.#session.connect()
    this.#session.post('Profiler.enable')
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  }

  /** How many characters ran since the last call that had never run before. */
  gained(): number {
    let gained = 0
    this.#latest.length = 0
    for (const { url, functions } of this.#take()) {
      if (url.includes(this.#part)) for (const { ranges } of functions) gained += this.#mark(url, ranges)
    }
    return gained
  }

  /** Makes new again what the last call of `gained` counted. */
  undo(): void {
    for (const { url, at } of this.#latest) this.#ran.get(url)?.fill(0, at, at + 1)
    this.#latest.length = 0
  }

  /** Forgets what has run. */
  reset(): void {
    this.#take()
    this.#ran.clear()
  }

  stop(): void {
    this.#session.post('Profiler.stopPreciseCoverage')
    this.#session.disconnect()
  }

  #take(): readonly Profiler.ScriptCoverage[] {
    let result: readonly Profiler.ScriptCoverage[] = []
    // A session of the own process answers before `post` returns.
    this.#session.post('Profiler.takePreciseCoverage', (_error, answer) => {
      result = answer.result
    })
    return result
  }

  /** Inner ranges come after the range that they are in, and take back what it says of them. */
  #mark(url: string, ranges: readonly Profiler.CoverageRange[]): number {
    const [whole] = ranges
    if (whole === undefined || whole.count === 0) return 0
    const ran = new Uint8Array(whole.endOffset - whole.startOffset)
    for (const { startOffset, endOffset, count } of ranges) {
      ran.fill(count > 0 ? 1 : 0, startOffset - whole.startOffset, endOffset - whole.startOffset)
    }
    const known = this.#known(url, whole.endOffset)
    let gained = 0
    ran.forEach((mark, index) => {
      const at = whole.startOffset + index
      if (mark === 0 || known[at] === 1) return
      known[at] = 1
      this.#latest.push({ url, at })
      gained++
    })
    return gained
  }

  #known(url: string, length: number): Uint8Array {
    const before = this.#ran.get(url) ?? new Uint8Array(0)
    if (before.length >= length) return before
    const longer = new Uint8Array(2 * length)
    longer.set(before)
    this.#ran.set(url, longer)
    return longer
  }
}
