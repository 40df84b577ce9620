import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** Standard input as lines. `take` gives the first one (a link), the iteration the rest; `close` ends both. */
export interface LineInput extends AsyncIterable<string> {
  take(): Promise<string | undefined>
  close(): void
}

export function lineInput(stream: Readable): LineInput {
  const reader = createInterface({ input: stream, crlfDelay: Infinity, terminal: false })
  const lines = reader[Symbol.asyncIterator]()
  return {
    async take() {
      const next: IteratorResult<string, unknown> = await lines.next()
      return next.done === true ? undefined : next.value
    },
    [Symbol.asyncIterator]: () => lines,
    close() {
      reader.close()
      // A pipe that stays open would keep the process alive.
      stream.destroy()
    },
  }
}
