import type { OpenedFile } from '@p2pigeon/core/files'
import type { Undo } from '../../state/index.ts'
import { maxAskBytes, maxAsks, type Answer, type Ask } from '../../viewers/index.ts'

/** Gives a frame bytes of this one file, within bounds: what is in the file decides what the frame asks for. */
export function serveRanges(port: MessagePort, file: Pick<OpenedFile, 'sizeBytes' | 'read'>): Undo {
  const over = new AbortController()
  let under = 0
  port.onmessage = ({ data }: MessageEvent<Partial<Ask>>) => {
    const { id, start, end } = data
    if (!Number.isSafeInteger(id) || id === undefined) return
    const answer = (bytes: Answer['bytes']): void => {
      if (!over.signal.aborted) port.postMessage({ id, bytes } satisfies Answer, bytes ? [bytes.buffer] : [])
    }
    if (under >= maxAsks || start === undefined || end === undefined || !isWithin(start, end, file.sizeBytes)) {
      answer(undefined)
      return
    }
    under += 1
    file
      .read(start, end, over.signal)
      .then(answer, () => answer(undefined))
      .finally(() => (under -= 1))
  }
  return () => {
    over.abort()
    port.close()
  }
}

function isWithin(start: number, end: number, sizeBytes: number): boolean {
  return (
    Number.isSafeInteger(start) &&
    Number.isSafeInteger(end) &&
    0 <= start &&
    start < end &&
    end <= sizeBytes &&
    end - start <= maxAskBytes
  )
}
