import { existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import sirv from 'sirv'

/** Answers a GET or HEAD for a file of the page, or calls `next` when there is none. */
export type Assets = (request: IncomingMessage, response: ServerResponse, next: () => void) => void

/** Vite writes a hash of the content into the names of these, so that a name never changes its content. */
const hashedFolder = '/assets/'
const cacheForever = 'public, max-age=31536000, immutable'

/**
 * The built page in `folder`, or nothing when it is not built. The list of files is read once, at start: a request can
 * only name one of them, so no path leads out of the folder. Brotli and gzip twins are served when they lie beside a file.
 */
export function frontendAssets(folder: string): Assets | undefined {
  if (!existsSync(join(folder, 'index.html'))) return undefined
  const serve = sirv(folder, {
    etag: true,
    gzip: true,
    brotli: true,
    single: true,
    setHeaders: (response, path) => {
      response.setHeader('Cache-Control', path.startsWith(hashedFolder) ? cacheForever : 'no-cache')
    },
  })
  return (request, response, next) => {
    // Nothing here needs ranges, and the reader throws for an end before its start.
    delete request.headers.range
    // A file that went away since the start (a rebuild) errors in the reader, which has no other listener.
    response.once('pipe', (reader: Readable) => {
      reader.once('error', () => response.destroy())
    })
    serve(request, response, next)
  }
}
