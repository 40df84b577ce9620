import { blockBytes, segmentBlocks } from '../limits.ts'
import type { Octets } from './source.ts'
import type { OpenedFile } from './view.ts'
import type { RangeReader } from './work/index.ts'

const segmentLength = segmentBlocks * blockBytes

/** An object as something to read. A stream holds one segment, and asks for the next when that was taken. */
export function openedFile(
  about: Pick<OpenedFile, 'name' | 'sizeBytes' | 'mediaType'>,
  reader: Pick<RangeReader, 'read'>,
  signal: AbortSignal,
): OpenedFile {
  const { sizeBytes } = about
  return {
    ...about,
    read: (start, end, mine) => reader.read(start, end, mine ? AbortSignal.any([signal, mine]) : signal),
    stream(options = {}) {
      const stop = new AbortController()
      const either = AbortSignal.any([signal, stop.signal])
      const end = Math.min(options.end ?? sizeBytes, sizeBytes)
      let at = options.start ?? 0
      return new ReadableStream<Octets>(
        {
          async pull(controller) {
            if (at < end) {
              // Up to the end of a segment, so that each is asked for once.
              const until = Math.min(end, (Math.floor(at / segmentLength) + 1) * segmentLength)
              const bytes = await reader.read(at, until, either)
              at = until
              controller.enqueue(bytes)
            }
            if (at >= end) controller.close()
          },
          cancel: () => stop.abort(),
        },
        { highWaterMark: 0 },
      )
    },
  }
}
