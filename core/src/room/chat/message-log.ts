import { maxKeptMessages, type DeliveryState, type MessageView } from '../view.ts'

export interface LogEntry {
  readonly lamport: number
  /** The sender's count of its messages in the page load `instance`. */
  readonly seq: number
  readonly instance: string
  /** Whether the user of this device has looked at it. */
  read: boolean
  view: MessageView
}

/** Messages in causal order: by Lamport clock, then sender, then the sender's count, then page load. Every member ends with one order. */
export class MessageLog {
  readonly #entries: LogEntry[] = []
  readonly #ids = new Set<string>()
  #views: readonly MessageView[] | undefined

  /** The messages, oldest first; a new array after a change, the same one otherwise. */
  messages(): readonly MessageView[] {
    this.#views ??= this.#entries.map(({ view }) => view)
    return this.#views
  }

  entries(): readonly LogEntry[] {
    return this.#entries
  }

  has(id: string): boolean {
    return this.#ids.has(id)
  }

  clear(): void {
    this.#entries.length = 0
    this.#ids.clear()
    this.#views = undefined
  }

  /** True if there was something that had not been read. */
  markRead(): boolean {
    const unread = this.#entries.filter(({ read }) => !read)
    for (const entry of unread) entry.read = true
    return unread.length > 0
  }

  /** Adds a message in its place; returns the one that fell out at the old end, if any. */
  add(entry: LogEntry): LogEntry | undefined {
    let place = this.#entries.length
    while (place > 0 && isAfter(this.#entries[place - 1], entry)) place -= 1
    this.#entries.splice(place, 0, entry)
    this.#ids.add(entry.view.id)
    this.#views = undefined
    const dropped = this.#entries.length > maxKeptMessages ? this.#entries.shift() : undefined
    if (dropped !== undefined) this.#ids.delete(dropped.view.id)
    return dropped
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
  if (a.seq !== b.seq) return a.seq > b.seq
  return a.instance > b.instance
}
