import type { Undo } from '../../../lifetime/index.ts'
import type { Clock } from '../../../runtime/index.ts'
import type { BytePipe } from '../framing/index.ts'
import { maxDataBytes } from './cells.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Pieces that may be on their way or waiting for a reader, at most. */
export const windowPieces = 24
/** What no relay may hold back for longer: acknowledgements wait so long for company. */
const ackDelayMs = 40
const ackEveryPieces = 4
/** First wait for an acknowledgement; doubled each time, up to the second one. */
const firstRetryMs = 700
const maxRetryMs = 2_500
/** An end that hears nothing for so long gives the stream up; sooner, if nobody has ever answered. */
const silenceMs = 20_000
/** What was written before the close is sent again for so long, whatever the other end says: a stranger cannot keep a closed stream. */
export const lingerMs = 60_000
export const answerTimeoutMs = 6_000
/** So many acknowledgements that move nothing tell that a piece was lost. */
const repeatsThatTell = 3
const endsWhenLeaving = 3
/** Pieces sent again at once when the wait is over. */
const resentAtOnce = 2

type Piece = { readonly kind: 'data'; readonly bytes: Bytes } | { readonly kind: 'end' }

export type PipeCell =
  | { readonly kind: 'data'; readonly seq: number; readonly bytes: Bytes }
  | { readonly kind: 'end'; readonly seq: number }
  | { readonly kind: 'ack'; readonly next: number; readonly limit: number }
  | { readonly kind: 'probe' }

export interface ReliablePipePorts {
  readonly clock: Clock
  transmit(cell: PipeCell): void
  /** Called with each retry before anybody has answered: what opened the stream may have been lost. */
  unanswered(): void
  /** Bytes in order. */
  received(bytes: Bytes): void
  /** The other end has ended the stream; nothing is received after it. */
  ended(): void
  /** Nobody answers: never, or no more. */
  failed(ever: boolean): void
  /** Called once, when nothing more will be transmitted. */
  released(): void
}

interface Sending {
  readonly bytes: Bytes
  offset: number
  readonly taken: () => void
}

/**
 * A pipe of bytes over messages that may be lost, repeated, reordered or delayed: counted pieces, cumulative acknowledgements, a window that the
 * reader opens, retries.
 */
export class ReliablePipe implements BytePipe {
  readonly #ports: ReliablePipePorts
  readonly #queue: Sending[] = []
  /** Sent and not acknowledged, by number. */
  readonly #unacknowledged = new Map<number, Piece>()
  /** Come too early, by number. */
  readonly #early = new Map<number, Piece>()
  #nextSeq = 0
  #limit = windowPieces
  #retryMs = firstRetryMs
  #repeats = 0
  #lastNext = 0
  #answered = false
  /** When the other end was last heard, or we began to wait for it: an idle stream is not a silent one. */
  #heardAtMs: number
  #expected = 0
  #granted = windowPieces
  /** Bytes that were handed over and not consumed. */
  #held = 0
  #sinceAck = 0
  #state: 'open' | 'closing' | 'over' = 'open'
  #otherEnded = false
  #cancelRetry: Undo | undefined
  #cancelAck: Undo | undefined
  #cancelLinger: Undo | undefined

  constructor(ports: ReliablePipePorts) {
    this.#ports = ports
    this.#heardAtMs = ports.clock.now()
  }

  /** Until it is called nothing is asked for again: for the end that was opened. */
  expectAnswer(): void {
    this.#scheduleRetry()
  }

  write(bytes: Bytes): Promise<void> {
    if (this.#state !== 'open' || this.#otherEnded) return Promise.resolve()
    // At the end of the window an idle stream has nothing on its way: the silence begins now.
    if (this.#unacknowledged.size === 0 && this.#queue.length === 0) this.#heardAtMs = this.#ports.clock.now()
    return new Promise((taken) => {
      this.#queue.push({ bytes, offset: 0, taken })
      this.#pump()
    })
  }

  consumed(count: number): void {
    if (this.#state === 'over') return
    this.#held -= count
    // The sender may stand still at the limit that it knows.
    if (this.#limitNow() - this.#granted >= windowPieces / 4) this.#acknowledge()
  }

  close(): void {
    if (this.#state !== 'open') return
    this.#state = 'closing'
    this.#dropQueue()
    if (this.#otherEnded) {
      this.#acknowledge()
      this.#over()
      return
    }
    this.#cancelLinger = this.#ports.clock.after(lingerMs, () => {
      this.#over()
    })
    this.#send({ kind: 'end' })
  }

  /** Closes and is over: nobody will hear what the other end asks for, so the end is said more than once. */
  leave(): void {
    this.close()
    for (let said = 1; said < endsWhenLeaving; said++) this.#resend(windowPieces)
    this.drop()
  }

  /** Ends at once, without a word: the road is gone. */
  drop(): void {
    if (this.#state === 'over') return
    this.#over()
  }

  take(cell: PipeCell): void {
    if (this.#state === 'over') return
    this.#heardAtMs = this.#ports.clock.now()
    switch (cell.kind) {
      case 'data':
      case 'end':
        this.#arrived(cell.seq, cell.kind === 'data' ? { kind: 'data', bytes: cell.bytes } : { kind: 'end' })
        return
      case 'ack':
        this.#acknowledged(cell.next, cell.limit)
        return
      case 'probe':
        this.#acknowledge()
    }
  }

  #arrived(seq: number, piece: Piece): void {
    this.#answered = true
    // An end takes no room: it may stand right behind the window of a reader that does not read.
    const isAllowed = seq < this.#granted || (piece.kind === 'end' && seq === this.#granted)
    if (!isAllowed || seq < this.#expected || this.#early.has(seq)) {
      // Repeated, or beyond what was allowed: the other end has not heard our last word.
      this.#acknowledge()
      return
    }
    this.#early.set(seq, piece)
    const isGap = seq !== this.#expected
    for (;;) {
      const next = this.#early.get(this.#expected)
      if (next === undefined) break
      this.#early.delete(this.#expected)
      this.#expected += 1
      this.#sinceAck += 1
      this.#deliver(next)
      if (this.#isOver()) return
    }
    if (isGap || piece.kind === 'end' || this.#sinceAck >= ackEveryPieces) this.#acknowledge()
    else
      this.#cancelAck ??= this.#ports.clock.after(ackDelayMs, () => {
        this.#acknowledge()
      })
  }

  #deliver(piece: Piece): void {
    if (this.#otherEnded) return
    if (piece.kind === 'data') {
      // Whoever has closed reads no more.
      if (this.#state !== 'open') return
      this.#held += piece.bytes.length
      this.#ports.received(piece.bytes)
      return
    }
    this.#otherEnded = true
    this.#acknowledge()
    this.#dropQueue()
    this.#ports.ended()
    this.#over()
  }

  #acknowledged(next: number, limit: number): void {
    this.#answered = true
    if (next > this.#nextSeq) return
    const moved = next > this.#lastNext || limit > this.#limit
    for (let seq = this.#lastNext; seq < next; seq++) this.#unacknowledged.delete(seq)
    this.#lastNext = Math.max(this.#lastNext, next)
    this.#limit = Math.max(this.#limit, Math.min(limit, next + 2 * windowPieces))
    if (moved) {
      this.#repeats = 0
      this.#retryMs = firstRetryMs
      this.#cancelRetry?.()
      this.#cancelRetry = undefined
    } else if (this.#unacknowledged.size > 0) {
      this.#repeats += 1
      if (this.#repeats === repeatsThatTell) this.#resend(1)
    }
    if (this.#state === 'closing' && this.#unacknowledged.size === 0) {
      this.#over()
      return
    }
    this.#pump()
    this.#scheduleRetry()
  }

  #acknowledge(): void {
    this.#cancelAck?.()
    this.#cancelAck = undefined
    this.#sinceAck = 0
    this.#granted = Math.max(this.#granted, this.#limitNow())
    this.#ports.transmit({ kind: 'ack', next: this.#expected, limit: this.#granted })
  }

  #limitNow(): number {
    return this.#expected + Math.max(0, windowPieces - Math.ceil(this.#held / maxDataBytes))
  }

  #pump(): void {
    while (this.#state === 'open' && this.#nextSeq < this.#limit) {
      const next = this.#queue[0]
      if (next === undefined) return
      const end = Math.min(next.bytes.length, next.offset + maxDataBytes)
      this.#send({ kind: 'data', bytes: next.bytes.slice(next.offset, end) })
      next.offset = end
      if (end < next.bytes.length) continue
      this.#queue.shift()
      next.taken()
    }
    this.#scheduleRetry()
  }

  #send(piece: Piece): void {
    if (this.#unacknowledged.size === 0) this.#heardAtMs = Math.max(this.#heardAtMs, this.#ports.clock.now())
    const seq = this.#nextSeq
    this.#nextSeq += 1
    this.#unacknowledged.set(seq, piece)
    this.#ports.transmit({ ...piece, seq })
    this.#scheduleRetry()
  }

  #resend(count: number): void {
    let left = count
    for (const [seq, piece] of this.#unacknowledged) {
      if (left-- <= 0) return
      this.#ports.transmit({ ...piece, seq })
    }
  }

  #scheduleRetry(): void {
    const waits = this.#unacknowledged.size > 0 || this.#queue.length > 0 || !this.#answered
    if (this.#cancelRetry !== undefined || this.#state === 'over' || !waits) return
    this.#cancelRetry = this.#ports.clock.after(this.#retryMs, () => {
      this.#cancelRetry = undefined
      this.#retry()
    })
  }

  #retry(): void {
    const silentForMs = this.#ports.clock.now() - this.#heardAtMs
    if (silentForMs >= (this.#answered ? silenceMs : answerTimeoutMs)) {
      const ever = this.#answered
      this.#over()
      this.#ports.failed(ever)
      return
    }
    this.#retryMs = Math.min(2 * this.#retryMs, maxRetryMs)
    if (!this.#answered) this.#ports.unanswered()
    if (this.#unacknowledged.size > 0) this.#resend(resentAtOnce)
    else this.#ports.transmit({ kind: 'probe' })
    this.#scheduleRetry()
  }

  #dropQueue(): void {
    for (const { taken } of this.#queue.splice(0)) taken()
  }

  /** A listener may have closed it. */
  #isOver(): boolean {
    return this.#state === 'over'
  }

  #over(): void {
    if (this.#state === 'over') return
    this.#state = 'over'
    this.#cancelRetry?.()
    this.#cancelAck?.()
    this.#cancelLinger?.()
    this.#unacknowledged.clear()
    this.#early.clear()
    this.#dropQueue()
    this.#ports.released()
  }
}
