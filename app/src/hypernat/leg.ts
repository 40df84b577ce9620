/**
 * One end of a relayed stream: a client's, or the DHT's. Two legs are joined, and each hands the other what came from
 * its own side.
 */
export interface Leg {
  /** Bytes for this side, in order. The other leg hears `consumed` when they are out of the way. */
  write(bytes: Uint8Array<ArrayBuffer>): void
  /** `count` bytes that came from this side are out of the way: as many more may come. */
  consumed(count: number): void
  /** The other side has ended: after the bytes that were written, this one ends too. */
  finish(): void
}
