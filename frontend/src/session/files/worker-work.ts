import { workOver, type ObjectWork } from '@p2pigeon/core/files'
import type { Undo } from '../../state/index.ts'
import { vouchFor } from '../worker-url.ts'
import workerUrl from './object-worker.ts?worker&url'

let trustedUrl: string | URL | undefined

/** The work of one room in a worker, which lives until `end`. */
export function workerWork(): { readonly work: ObjectWork; readonly end: Undo } {
  trustedUrl ??= vouchFor(workerUrl)
  const worker = new Worker(trustedUrl, { type: 'module', name: 'objects' })
  const work = workOver(worker)
  // Whoever waits for it is told; the next room gets another worker.
  worker.addEventListener('error', () => work.end())
  return {
    work,
    end: () => {
      worker.terminate()
      work.end()
    },
  }
}
