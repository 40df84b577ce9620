import type { NostrRelayLimits } from '../limits.ts'

/** Events to be counted or no longer to be counted: then both numbers are negative. */
export interface Change {
  readonly events: number
  readonly bytes: number
  /** Replaceable and addressable events last; the others pass. */
  readonly lasting: boolean
  readonly recipient: string | null
}

class Sum {
  events = 0
  bytes = 0

  change({ events, bytes }: Change): void {
    this.events += events
    this.bytes += bytes
  }
}

/** How much is stored: in all, and for each recipient of gift wraps. */
export class Tally {
  readonly #limits: NostrRelayLimits
  readonly #passing = new Sum()
  readonly #lasting = new Sum()
  readonly #recipients = new Map<string, Sum>()

  constructor(limits: NostrRelayLimits) {
    this.#limits = limits
  }

  get events(): number {
    return this.#passing.events + this.#lasting.events
  }

  get bytes(): number {
    return this.#passing.bytes + this.#lasting.bytes
  }

  get lastingOver(): boolean {
    const { maxReplaceableEvents, maxReplaceableBytes } = this.#limits
    return this.#lasting.events > maxReplaceableEvents || this.#lasting.bytes > maxReplaceableBytes
  }

  get passingOver(): boolean {
    const { maxStoredEvents, maxStoredBytes } = this.#limits
    return this.#passing.events > maxStoredEvents || this.#passing.bytes > maxStoredBytes
  }

  recipientOver(recipient: string): boolean {
    const { maxStoredPerRecipient, maxBytesPerRecipient } = this.#limits
    const sum = this.#recipients.get(recipient)
    return sum !== undefined && (sum.events > maxStoredPerRecipient || sum.bytes > maxBytesPerRecipient)
  }

  change(change: Change): void {
    const { lasting, recipient } = change
    const total = lasting ? this.#lasting : this.#passing
    total.change(change)
    if (recipient === null) return
    const sum = this.#recipients.get(recipient) ?? new Sum()
    sum.change(change)
    if (sum.events === 0) this.#recipients.delete(recipient)
    else this.#recipients.set(recipient, sum)
  }
}
