/** What a line does to the packets of one direction. Everything left out is perfect. */
export interface Quality {
  /** Part of all packets that get lost, 0 to 1. */
  readonly lossRatio?: number
  /** How long a packet is under way, in ms, each way. */
  readonly delayMs?: number
  /** What the line carries; a packet that would wait longer than `maxQueueMs` in its queue is dropped. */
  readonly bitsPerSecond?: number
}

/** The queue of a line with a rate: what a home router holds. */
const maxQueueMs = 300

/** One direction of a line: packets go in at once and come out late, in order, or never. */
export class Path {
  readonly #quality: Quality
  readonly #random: () => number
  readonly #deliver: (bytes: Buffer) => void
  readonly #waiting: { readonly bytes: Buffer; readonly dueAt: number }[] = []
  #lineFreeAt = 0
  #timer: NodeJS.Timeout | undefined
  carried = 0
  lost = 0

  constructor(quality: Quality, random: () => number, deliver: (bytes: Buffer) => void) {
    this.#quality = quality
    this.#random = random
    this.#deliver = deliver
  }

  send(bytes: Buffer): void {
    const { lossRatio = 0, delayMs = 0, bitsPerSecond } = this.#quality
    const now = performance.now()
    let sentAt = now
    if (bitsPerSecond !== undefined) {
      sentAt = Math.max(now, this.#lineFreeAt) + (bytes.length * 8_000) / bitsPerSecond
      if (sentAt - now > maxQueueMs) return this.#lose()
      this.#lineFreeAt = sentAt
    }
    if (this.#random() < lossRatio) return this.#lose()
    this.carried += 1
    const dueAt = sentAt + delayMs
    if (dueAt <= now && this.#waiting.length === 0) return this.#deliver(bytes)
    this.#waiting.push({ bytes, dueAt })
    this.#wake()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#waiting.length = 0
  }

  #lose(): void {
    this.lost += 1
  }

  #wake(): void {
    const first = this.#waiting[0]
    if (this.#timer !== undefined || first === undefined) return
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined
        const now = performance.now()
        while (this.#waiting[0] !== undefined && this.#waiting[0].dueAt <= now)
          this.#deliver(this.#waiting.shift()?.bytes ?? Buffer.alloc(0))
        this.#wake()
      },
      Math.max(0, Math.ceil(first.dueAt - performance.now())),
    )
  }
}

/** The same losses in every run: a small generator of numbers from 0 to 1 (a linear congruence, high bits). */
export function repeatable(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state >>> 8) / 0x1000000
  }
}
