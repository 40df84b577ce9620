import type { Ranges } from './ranges.ts'

/** As much as is fetched at once: seldom asked for, and little of it for nothing after a jump. */
export const chunkBytes = 524_288
/** Kept in memory; the one used longest ago gives way. */
const maxChunks = 32

/** Small reads close to each other become few large ones. */
export function inChunks(ranges: Ranges, sizeBytes: number): Ranges {
  const chunks = new Map<number, Promise<Uint8Array<ArrayBuffer>>>()
  const chunk = (number: number): Promise<Uint8Array<ArrayBuffer>> => {
    const start = number * chunkBytes
    const known = chunks.get(number) ?? ranges.read(start, Math.min(sizeBytes, start + chunkBytes))
    chunks.delete(number)
    chunks.set(number, known)
    // What could not be had may be had later.
    known.catch(() => chunks.delete(number))
    for (const oldest of chunks.keys()) {
      if (chunks.size <= maxChunks) break
      chunks.delete(oldest)
    }
    return known
  }
  return {
    async read(start, end) {
      const bytes = new Uint8Array(end - start)
      for (let number = Math.floor(start / chunkBytes); number * chunkBytes < end; number += 1) {
        const from = number * chunkBytes
        const part = (await chunk(number)).subarray(Math.max(0, start - from), end - from)
        bytes.set(part, Math.max(0, from - start))
      }
      return bytes
    },
  }
}
