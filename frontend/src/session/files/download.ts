import type { Job, OpenedFile } from '@p2pigeon/core/files'
import type { Destination } from './disk.ts'

/** A version that is saved. After a pause it goes on where it was: what is written stays. */
export function downloadJob(id: string, open: () => Promise<OpenedFile>, file: OpenedFile, to: Destination): Job {
  const { name, sizeBytes } = file
  let at = 0
  let from: OpenedFile | undefined = file
  return {
    ...{ id, name, sizeBytes, direction: 'down' },
    async run(moved, signal) {
      moved(at, true)
      from ??= await open()
      const reader = from.stream({ start: at }).getReader()
      const stop = (): void => void reader.cancel().catch(() => undefined)
      signal.addEventListener('abort', stop, { once: true })
      try {
        for (let next = await reader.read(); !next.done; next = await reader.read()) {
          signal.throwIfAborted()
          await to.write(next.value)
          at += next.value.length
          moved(next.value.length)
        }
      } catch (error) {
        from = undefined
        throw error
      } finally {
        signal.removeEventListener('abort', stop)
      }
      signal.throwIfAborted()
      await to.finish()
    },
    cancelled: () => to.drop(),
  }
}
