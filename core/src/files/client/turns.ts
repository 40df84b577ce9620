import type { Scope, Undo } from '../../lifetime/index.ts'
import type { Clock } from '../../runtime/index.ts'

/** What is due is looked for so often, and everything is due as often where there is not much. */
const tickMs = 5_000
/** Where there are many, what does not change is due ever more rarely, until all of them together make so many. */
const mostPerSecond = 20
/** What nobody has brought yet may be nothing. */
const mostUnseenMs = 600_000
/** Readings at a time. Those of what nobody has brought wait for it, and keep no others waiting. */
const maxReading = 3
const maxReadingUnseen = 2
/** Asked for and not seen yet: the node has places for so many. After that another one is asked for once a minute, instead of the one that was asked for in vain most often. */
const maxAsked = 192
const exchangeMs = 60_000

export interface TurnsPorts<One> {
  readonly clock: Clock
  /** Somebody has seen something of it, so it is more than a name. */
  readonly isSeen: (one: One) => boolean
  /** Resolves with whether there was something new, undefined if nobody answered at all. Never rejects. */
  readonly read: (one: One) => Promise<boolean | undefined>
}

interface Turn {
  dueAtMs: number
  /** Readings in a row that have brought nothing. */
  idle: number
  isReading: boolean
}

/** When each of many things is read again: soon where there is news, rarely where there is none, and what is only a name behind all others. */
export class Turns<One> {
  readonly #ports: TurnsPorts<One>
  readonly #scope: Scope
  readonly #turns = new Map<One, Turn>()
  /** Of what is not seen yet. */
  readonly #asked = new Set<One>()
  #isLooking = false
  #reading = 0
  #readingUnseen = 0
  /** When something was asked for that was not before. */
  #begunAtMs = 0
  #stop: Undo = () => undefined

  constructor(ports: TurnsPorts<One>, scope: Scope) {
    this.#ports = ports
    this.#scope = scope
    this.#tick()
    scope.onEnd(() => this.#stop())
  }

  /** It is read now, or as soon as its turn has come; again after that if it is being read. */
  hurry(one: One): void {
    const now = this.#ports.clock.now()
    const turn = this.#turns.get(one) ?? { dueAtMs: now, idle: 0, isReading: false }
    turn.dueAtMs = Math.min(turn.dueAtMs, now)
    // Anybody can say that there is news of what nobody has seen.
    if (this.#ports.isSeen(one)) turn.idle = 0
    this.#turns.set(one, turn)
    this.#next()
  }

  /** It is not read any more. */
  drop(one: One): void {
    this.#turns.delete(one)
    this.#asked.delete(one)
  }

  #tick(): void {
    this.#stop = this.#ports.clock.after(tickMs, () => this.#tick())
    this.#next()
  }

  /** Looks for what is due once all that is said now was said. */
  #next(): void {
    if (this.#isLooking) return
    this.#isLooking = true
    queueMicrotask(() => {
      this.#isLooking = false
      if (!this.#scope.ended) this.#readDue()
    })
  }

  #readDue(): void {
    while (this.#reading < maxReading) {
      const one = this.#pickSeen()
      if (one === undefined) break
      this.#reading += 1
      void this.#read(one).then(() => {
        this.#reading -= 1
        this.#next()
      })
    }
    while (this.#readingUnseen < maxReadingUnseen) {
      const one = this.#pickUnseen()
      if (one === undefined) break
      this.#readingUnseen += 1
      void this.#read(one).then(() => {
        this.#readingUnseen -= 1
        this.#next()
      })
    }
  }

  async #read(one: One): Promise<void> {
    const { clock, read } = this.#ports
    const turn = this.#turns.get(one)
    if (!turn) return
    Object.assign(turn, { isReading: true, dueAtMs: Number.POSITIVE_INFINITY })
    const isNew = await read(one)
    turn.isReading = false
    if (isNew !== undefined) turn.idle = isNew ? 0 : turn.idle + 1
    const isSeen = this.#ports.isSeen(one)
    if (isSeen) this.#asked.delete(one)
    const mostMs = isSeen ? Math.max(tickMs, (this.#turns.size * 1_000) / mostPerSecond) : mostUnseenMs
    const pauseMs = Math.min(mostMs, tickMs * 2 ** Math.max(0, turn.idle - 1))
    turn.dueAtMs = Math.min(turn.dueAtMs, clock.now() + pauseMs)
  }

  /** What is due for longest. */
  #pickSeen(): One | undefined {
    let first: One | undefined
    let firstAtMs = this.#ports.clock.now()
    for (const [one, { dueAtMs, isReading }] of this.#turns) {
      if (isReading || dueAtMs > firstAtMs || (first !== undefined && dueAtMs === firstAtMs)) continue
      if (this.#ports.isSeen(one)) [first, firstAtMs] = [one, dueAtMs]
    }
    return first
  }

  /** What was asked for in vain least often, and of those what was told last: whoever told many before keeps nobody waiting. */
  #pickUnseen(): One | undefined {
    const now = this.#ports.clock.now()
    const isFull = this.#asked.size >= maxAsked
    const mayBegin = !isFull || now >= this.#begunAtMs + exchangeMs
    let first: One | undefined
    let least = Number.POSITIVE_INFINITY
    for (const [one, { dueAtMs, idle, isReading }] of this.#turns) {
      if (isReading || dueAtMs > now || idle > least || this.#ports.isSeen(one)) continue
      if (mayBegin || this.#asked.has(one)) [first, least] = [one, idle]
    }
    if (first === undefined) return undefined
    if (this.#asked.has(first)) return first
    if (isFull) {
      const idleOf = (one: One): number => this.#turns.get(one)?.idle ?? 0
      this.#asked.delete([...this.#asked].reduce((most, one) => (idleOf(one) > idleOf(most) ? one : most)))
    }
    this.#asked.add(first)
    this.#begunAtMs = now
    return first
  }
}
