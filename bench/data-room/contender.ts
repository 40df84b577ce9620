import { randomBytes } from 'node:crypto'

/** Bytes of one segment as clients bring it (docs/protocol/files.md). */
export const segmentBytes = 64 * 65_552

/** A drive that is written at one machine and fetched at another one, both in this process, over a DHT on loopback. */
export interface Contender {
  /** Stores so many segments at the first machine. */
  write(segments: number): Promise<void>
  /** Lets the second machine fetch; resolves when it has everything. */
  fetch(): Promise<Fetched>
  close(): Promise<void>
}

export interface Fetched {
  readonly bytes: number
  /** From the first byte to the last one. */
  readonly ms: number
}

export const newSegment = (): Buffer => randomBytes(segmentBytes)

/** Looks every 5 ms at how many bytes there are, until there are `wanted`. */
export async function untilFetched(stored: () => number, wanted: number): Promise<Fetched> {
  const from = stored()
  let startedAt = 0
  for (;;) {
    const now = stored()
    if (startedAt === 0 && now > from) startedAt = performance.now()
    if (now >= wanted) return { bytes: now - from, ms: performance.now() - startedAt }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
