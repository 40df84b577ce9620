import { utf8 } from '../../bytes/index.ts'
import { LimitError, TransportError } from '../../errors/index.ts'
import { freshSigner, signEvent } from '../../nostr/index.ts'
import type { Clock, Random } from '../../runtime/index.ts'
import { authorisationSeconds } from './limits.ts'
import type { Http, Passage } from './ports.ts'

/** Kind of event that authorises an upload (Blossom, BUD-01). */
const authorisationKind = 24_242

export interface UploadPorts {
  readonly http: Http
  readonly clock: Clock
  readonly random: Random
}

/**
 * Brings a sealed file to a store (BUD-02, `PUT /upload`) and returns where it is. The event that goes along is of a key that is thrown away: the store does not
 * learn whose file it is.
 * @throws {TransportError} `http-failed`, `store-busy`, `store-full`, `store-refused`; {LimitError} `file-too-large`.
 */
export async function upload(
  store: string,
  file: { readonly sealed: Uint8Array<ArrayBuffer>; readonly hash: string },
  { http, clock, random }: UploadPorts,
  passage: Passage,
): Promise<string> {
  const nowSeconds = Math.floor(clock.now() / 1_000)
  const tags = [
    ['t', 'upload'],
    ['x', file.hash],
    ['expiration', String(nowSeconds + authorisationSeconds)],
  ]
  const template = { kind: authorisationKind, created_at: nowSeconds, tags, content: 'Upload' }
  const event = await signEvent(template, freshSigner(random))
  const headers = {
    Authorization: `Nostr ${toBase64(utf8(JSON.stringify(event)))}`,
    'Content-Type': 'application/octet-stream',
  }
  const { status } = await http.put(`${store}/upload`, headers, file.sealed, passage)
  if (status === 200 || status === 201) return `${store}/${file.hash}`
  if (status === 413) throw new LimitError('file-too-large', 'the store takes no file of this size')
  if (status === 429 || status === 503) throw new TransportError('store-busy', 'the store takes nothing now')
  if (status === 507) throw new TransportError('store-full', 'the store has no room')
  throw new TransportError('store-refused', 'the store does not take this file')
}

/**
 * Fetches what is at an address that may be asked.
 * @throws {TransportError} `http-failed`, `file-gone`, `store-busy`, `store-refused`; {LimitError} `file-too-large`.
 */
export async function download(
  url: string,
  maxBytes: number,
  http: Http,
  passage: Passage,
): Promise<Uint8Array<ArrayBuffer>> {
  const { status, bytes } = await http.get(url, maxBytes, passage)
  if (status === 200) return bytes
  if (status === 404 || status === 410) throw new TransportError('file-gone', 'the file is not there any more')
  if (status === 429 || status === 503) throw new TransportError('store-busy', 'the store gives nothing now')
  throw new TransportError('store-refused', 'the store does not give this file')
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}
