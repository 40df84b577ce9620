import type { OpenedFile } from '@p2pigeon/core/files'
import { previewOf, type PreviewKind } from './preview-kind.ts'

/** What a preview shows, fetched and checked. */
export type Content =
  | { readonly kind: 'text'; readonly text: string; readonly isCut: boolean; readonly shownBytes: number }
  | { readonly kind: 'image' | 'audio' | 'video'; readonly blob: Blob }

const megabyte = 1_000_000
/** Of a text only the beginning is fetched, however long it is. */
const maxTextBytes = megabyte

/** The largest file of a kind that is shown where a frame has to hold it whole. */
export function maxPreviewBytes(kind: PreviewKind): number {
  switch (kind) {
    case 'text':
    case 'pdf':
      return Number.POSITIVE_INFINITY
    case 'image':
      return 100 * megabyte
    case 'audio':
    case 'video':
      return 500 * megabyte
    case 'none':
      return 0
  }
}

/** @throws what reading the file throws; `AbortError` when `signal` aborts. */
export async function fetchPreview(
  file: OpenedFile,
  progress: (doneBytes: number) => void,
  signal: AbortSignal,
): Promise<Content> {
  const { kind, type } = previewOf(file.name)
  if (kind !== 'image' && kind !== 'audio' && kind !== 'video') {
    const shownBytes = Math.min(file.sizeBytes, maxTextBytes)
    const bytes = await file.read(0, shownBytes, signal)
    return { kind: 'text', text: new TextDecoder().decode(bytes), isCut: shownBytes < file.sizeBytes, shownBytes }
  }
  const parts: Uint8Array<ArrayBuffer>[] = []
  let done = 0
  const reader = file.stream().getReader()
  const stop = (): void => void reader.cancel(signal.reason).catch(() => undefined)
  signal.addEventListener('abort', stop, { once: true })
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      parts.push(next.value)
      done += next.value.length
      progress(done)
    }
  } finally {
    signal.removeEventListener('abort', stop)
  }
  signal.throwIfAborted()
  return { kind, blob: new Blob(parts, { type }) }
}
