import type { Http } from '@p2pigeon/core/chat'

type Errors = typeof import('@p2pigeon/core/chat')

const quiet = { credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store', redirect: 'error' } as const

/** HTTP of the browser for files of conversations. `fetch` tells no progress of what is sent, and `XMLHttpRequest` follows redirects: each does what it can. */
export function pageHttp({ LimitError, TransportError }: Pick<Errors, 'LimitError' | 'TransportError'>): Http {
  const failed = () => new TransportError('http-failed', 'nobody answers')
  const tooLarge = () => new LimitError('file-too-large', 'there is more than was announced')
  return {
    // Only ever to our own node, which redirects nowhere.
    put: (url, headers, body, { signal, progress }) =>
      new Promise((resolve, reject) => {
        const request = new XMLHttpRequest()
        const abort = (): void => request.abort()
        request.open('PUT', url)
        for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
        request.upload.onprogress = ({ loaded, total }) => progress?.(total > 0 ? loaded / total : 0)
        request.onload = () => resolve({ status: request.status })
        request.onerror = request.ontimeout = request.onabort = () => reject(failed())
        request.onloadend = () => signal?.removeEventListener('abort', abort)
        if (signal?.aborted) {
          reject(failed())
          return
        }
        signal?.addEventListener('abort', abort)
        request.send(body)
      }),
    get: async (url, maxBytes, { signal, progress }) => {
      const reply = await fetch(url, { ...quiet, signal: signal ?? null }).catch(() => {
        throw failed()
      })
      if (reply.status !== 200) return { status: reply.status, bytes: new Uint8Array() }
      const announced = Number(reply.headers.get('content-length') ?? 0)
      if (announced > maxBytes) {
        await reply.body?.cancel()
        throw tooLarge()
      }
      const parts: Uint8Array[] = []
      let size = 0
      const reader = reply.body?.getReader()
      for (;;) {
        const read = await reader?.read().catch(() => {
          throw failed()
        })
        if (!read || read.done) break
        size += read.value.length
        if (size > maxBytes) {
          await reader?.cancel()
          throw tooLarge()
        }
        parts.push(read.value)
        progress?.(Math.min(1, size / Math.max(announced, 1)))
      }
      const bytes = new Uint8Array(size)
      let at = 0
      for (const part of parts) {
        bytes.set(part, at)
        at += part.length
      }
      return { status: 200, bytes }
    },
  }
}
