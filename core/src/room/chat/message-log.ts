import { maxKeptMessages, type DeliveryState, type MessageView } from '../view.ts'

export interface LogEntry {
  readonly lamport: number
  readonly seq: number
  view: MessageView
}

/** Messages in causal order: by Lamport clock, then sender, then the sender's count. Every member ends with one order. */
export class MessageLog {
  readonly #entries: LogEntry[] = []
  #views: readonly MessageView[] | undefined

  /** The messages, oldest first; a new array after a change, the same one otherwise. */
  messages(): readonly MessageView[] {
    this.#views ??= this.#entries.map(({ view }) => view)
    return this.#views
  }

  /** Adds a message in its place; returns the one that fell out at the old end, if any. */
  add(entry: LogEntry): LogEntry | undefined {
    let place = this.#entries.length
    while (place > 0 && isAfter(this.#entries[place - 1], entry)) place -= 1
    this.#entries.splice(place, 0, entry)
    this.#views = undefined
    return this.#entries.length > maxKeptMessages ? this.#entries.shift() : undefined
  }

  /** Changes how far a message of this log has come. */
  setDelivery(entry: LogEntry, delivery: DeliveryState): void {
    entry.view = { ...entry.view, delivery }
    this.#views = undefined
  }
}

function isAfter(a: LogEntry | undefined, b: LogEntry): boolean {
  if (a === undefined) return false
  if (a.lamport !== b.lamport) return a.lamport > b.lamport
  if (a.view.from !== b.view.from) return a.view.from > b.view.from
  return a.seq > b.seq
}
