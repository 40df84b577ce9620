import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { describeFault } from '../platform/index.ts'
import { uploadsAllowedBy } from './authorisation.ts'
import type { Blobs, BlobsOptions, BlobStats, BlobVisitor } from './contract.ts'
import { Guests, type Guest } from './guests.ts'
import { defaultLimits, type BlobLimits } from './limits.ts'
import { Shelf, type Taken } from './shelf.ts'

const blobPath = /^\/blobs\/([0-9a-f]{64})(?:\.[a-z0-9]{1,16})?$/i
const uploadPath = '/blobs/upload'

/** An answer that is no blob: a status and, for people, why. */
interface Refusal {
  readonly status: number
  readonly message: string
}

const refusals = {
  nothing: { status: 404, message: 'There is nothing here.' },
  method: { status: 405, message: 'GET and HEAD for a blob, PUT for an upload.' },
  closing: { status: 503, message: 'This node is about to stop.' },
  foreignPage: { status: 403, message: 'Pages of other origins may not do this; see PIGEON_ORIGINS.' },
  tooMany: { status: 429, message: 'Too many requests, or too much at once. Try again later.' },
  busy: { status: 503, message: 'Too many transfers at once. Try again later.' },
  noLength: { status: 411, message: 'An upload needs a Content-Length.' },
  empty: { status: 400, message: 'There is nothing to keep.' },
  tooLarge: { status: 413, message: 'This is larger than what is kept here.' },
  notAllowed: { status: 401, message: 'An upload needs a genuine event of kind 24242 with t, x and expiration.' },
  full: { status: 507, message: 'There is no room left here.' },
  otherBytes: { status: 409, message: 'These are not the bytes that were announced.' },
  fault: { status: 500, message: 'The disk failed.' },
} as const satisfies Record<string, Refusal>

/** Opens the store: what an interrupted upload has left is removed, and what is there counted. Rejects with what the disk fails with. */
export async function openBlobs(options: BlobsOptions): Promise<Blobs> {
  const limits = limitsOf(options)
  const { folder, totalBytes, objects } = options
  const { maxBlobs } = limits
  return new BlobDesk(options, limits, await Shelf.open(folder, { totalBytes, maxBlobs }, objects))
}

/** An address that may bring less than one blob would be told to come again for ever. */
function limitsOf({ limits, maxBytes }: BlobsOptions): BlobLimits {
  const given = { ...defaultLimits, ...limits }
  const { uploadBurst, downloadBurst } = given
  return {
    ...given,
    uploadBurst: Math.max(uploadBurst, maxBytes),
    downloadBurst: Math.max(downloadBurst, maxBytes),
  }
}

class BlobDesk implements Blobs {
  readonly #options: BlobsOptions
  readonly #limits: BlobLimits
  readonly #shelf: Shelf
  readonly #guests: Guests
  readonly #uploads = new Set<Promise<void>>()
  readonly #totals = { uploads: 0, downloads: 0, refused: 0 }
  #downloads = 0
  #cancelSweep: () => void = () => undefined
  #isClosed = false

  constructor(options: BlobsOptions, limits: BlobLimits, shelf: Shelf) {
    this.#options = options
    this.#limits = limits
    this.#shelf = shelf
    this.#guests = new Guests(this.#limits, options.clock)
    this.#sweep()
  }

  get maxBytes(): number {
    return this.#options.maxBytes
  }

  stats(): BlobStats {
    return { blobs: this.#shelf.size, bytes: this.#shelf.bytes, ...this.#totals }
  }

  handle(request: IncomingMessage, response: ServerResponse, visitor: BlobVisitor): void {
    const path = (request.url ?? '').replace(/[?#].*$/s, '')
    const isUpload = path === uploadPath
    const hash = blobPath.exec(path)?.[1]?.toLowerCase()
    if (visitor.readers !== undefined) {
      response.setHeader('Access-Control-Allow-Origin', visitor.readers)
      response.setHeader('Vary', 'Origin')
    }
    if (request.method === 'OPTIONS') {
      preflight(response)
      return
    }
    if (this.#isClosed) {
      this.#refuse(request, response, refusals.closing)
      return
    }
    const guest = this.#guests.admit(visitor.address)
    if (guest === undefined) this.#refuse(request, response, refusals.tooMany)
    else if (isUpload && request.method === 'PUT') this.#upload(request, response, visitor, guest)
    else if (hash !== undefined && (request.method === 'GET' || request.method === 'HEAD')) {
      // Whoever knows the hash was told of the blob, but a page of somebody else shall not ask from a user's own machine.
      if (request.headers.origin !== undefined && visitor.readers === undefined)
        this.#refuse(request, response, refusals.foreignPage)
      else void this.#download(request, response, hash, guest)
    } else this.#refuse(request, response, isUpload || hash !== undefined ? refusals.method : refusals.nothing)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelSweep()
    await Promise.all(this.#uploads)
  }

  #upload(request: IncomingMessage, response: ServerResponse, visitor: BlobVisitor, guest: Guest): void {
    const { maxUploads, maxUploadsPerAddress } = this.#limits
    const length = lengthOf(request)
    if (!visitor.mayUpload) this.#refuse(request, response, refusals.foreignPage)
    else if (length === undefined) this.#refuse(request, response, refusals.noLength)
    else if (length === 0) this.#refuse(request, response, refusals.empty)
    else if (length > this.#options.maxBytes) this.#refuse(request, response, refusals.tooLarge)
    else if (this.#uploads.size >= maxUploads || guest.uploads >= maxUploadsPerAddress)
      this.#refuse(request, response, refusals.busy)
    else this.#receive(request, response, visitor, { guest, length })
  }

  #receive(
    request: IncomingMessage,
    response: ServerResponse,
    { baseUrl }: BlobVisitor,
    { guest, length }: { readonly guest: Guest; readonly length: number },
  ): void {
    const nowMs = this.#options.clock.now()
    const [hash, ...more] = uploadsAllowedBy(request.headers.authorization, Math.floor(nowMs / 1_000)) ?? []
    if (hash === undefined || more.length > 0 || !/^[0-9a-f]{64}$/.test(hash)) {
      this.#refuse(request, response, refusals.notAllowed)
      return
    }
    const release = this.#shelf.reserve(length)
    if (release === undefined) {
      this.#refuse(request, response, refusals.full)
      return
    }
    if (!guest.brought.take(length)) {
      release()
      this.#refuse(request, response, refusals.tooMany)
      return
    }
    guest.uploads += 1
    const upload = this.#shelf
      .take(hash, length, this.#unlessStalled(request), nowMs)
      .then(
        (outcome) => {
          if (outcome !== 'kept') this.#refuse(request, response, refusalOf(outcome))
          else {
            this.#totals.uploads += 1
            const uploaded = Math.floor(nowMs / 1_000)
            const type = 'application/octet-stream'
            answer(response, 200, { url: `${baseUrl}/${hash}`, sha256: hash, size: length, type, uploaded })
          }
        },
        (fault: unknown) => {
          // Whoever went away is told nothing, and is no fault of the disk.
          if (request.destroyed && !request.complete) return
          this.#options.log.warn(`A file could not be kept: ${describeFault(fault)}`)
          this.#refuse(request, response, refusals.fault)
        },
      )
      .finally(() => {
        release()
        guest.uploads -= 1
        this.#uploads.delete(upload)
      })
    this.#uploads.add(upload)
  }

  /** What comes; a sender that falls silent is cut off. The request outlives a reader that gives up, so that it can be answered. */
  async *#unlessStalled(request: IncomingMessage): AsyncGenerator<Uint8Array> {
    const { clock } = this.#options
    const watch = (): (() => void) => clock.after(this.#limits.stallMs, () => request.destroy())
    let cancel = watch()
    try {
      for await (const chunk of request.iterator({ destroyOnReturn: false })) {
        cancel()
        yield chunk as Uint8Array
        cancel = watch()
      }
    } finally {
      cancel()
    }
  }

  async #download(request: IncomingMessage, response: ServerResponse, hash: string, guest: Guest): Promise<void> {
    const length = this.#shelf.lengthOf(hash, this.#oldestMs)
    if (length === undefined) {
      this.#refuse(request, response, refusals.nothing)
      return
    }
    const isHead = request.method === 'HEAD'
    const { maxDownloads, maxDownloadsPerAddress } = this.#limits
    if (!isHead && (this.#downloads >= maxDownloads || guest.downloads >= maxDownloadsPerAddress)) {
      this.#refuse(request, response, refusals.busy)
      return
    }
    if (!isHead && !guest.fetched.take(length)) {
      this.#refuse(request, response, refusals.tooMany)
      return
    }
    const headers = {
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': 'attachment',
      'Content-Length': length,
      'Cache-Control': 'no-store',
    }
    if (isHead) {
      response.writeHead(200, headers).end()
      return
    }
    guest.downloads += 1
    this.#downloads += 1
    try {
      const file = await this.#shelf.read(hash)
      this.#totals.downloads += 1
      response.writeHead(200, headers)
      // Whichever end breaks, both are closed; there is nobody to tell.
      await this.#give(file, response).catch(() => undefined)
    } catch (fault) {
      this.#options.log.warn(`A file could not be read: ${describeFault(fault)}`)
      this.#refuse(request, response, refusals.nothing)
    } finally {
      guest.downloads -= 1
      this.#downloads -= 1
    }
  }

  /** A reader that takes nothing is cut off: it holds an open file. */
  async #give(file: Readable, response: ServerResponse): Promise<void> {
    const { clock } = this.#options
    const watch = (): (() => void) => clock.after(this.#limits.stallMs, () => response.destroy())
    let cancel = watch()
    try {
      const watched = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
        for await (const chunk of chunks) {
          cancel()
          cancel = watch()
          yield chunk
        }
      }
      await pipeline(file, watched, response)
    } finally {
      cancel()
    }
  }

  #refuse(request: IncomingMessage, response: ServerResponse, { status, message }: Refusal): void {
    this.#totals.refused += 1
    if (status === 405) response.setHeader('Allow', 'GET, HEAD, PUT')
    if (status === 429 || status === 503) response.setHeader('Retry-After', '30')
    if (hasMoreToCome(request)) this.#refuseSender(request, response, { status, message })
    else answer(response, status, { message })
  }

  /** A connection that is closed while its other end sends is reset, and the answer often lost with it: what comes is let pass for a while. */
  #refuseSender(request: IncomingMessage, response: ServerResponse, { status, message }: Refusal): void {
    response.setHeader('Connection', 'close')
    const end = (): void => {
      cancel()
      response.end()
    }
    const cancel = this.#options.clock.after(this.#limits.lingerMs, end)
    request.once('end', end).once('close', end).resume()
    response.write(head(response, status, { message }))
  }

  get #oldestMs(): number {
    return this.#options.clock.now() - this.#limits.retentionMs
  }

  #sweep(): void {
    const { clock, log } = this.#options
    this.#shelf.forgetBefore(this.#oldestMs).catch((fault: unknown) => {
      log.warn(`Old files could not be removed: ${describeFault(fault)}`)
    })
    this.#cancelSweep = clock.after(this.#limits.sweepMs, () => {
      this.#sweep()
    })
  }
}

function refusalOf(outcome: Exclude<Taken, 'kept'>): Refusal {
  if (outcome === 'busy') return refusals.busy
  return outcome === 'disk-full' ? refusals.full : refusals.otherBytes
}

/** A page of another port of this machine, or of another origin that may, asks first whether it may. */
function preflight(response: ServerResponse): void {
  response.writeHead(204, {
    'Access-Control-Allow-Methods': 'GET, HEAD, PUT',
    'Access-Control-Allow-Headers': 'Authorization, Content-Type',
    'Access-Control-Max-Age': '600',
  })
  response.end()
}

function answer(response: ServerResponse, status: number, value: object): void {
  response.end(head(response, status, value))
}

/** Writes the head of an answer, and returns its body. */
function head(response: ServerResponse, status: number, value: object): string {
  const body = JSON.stringify(value)
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  })
  return body
}

function hasMoreToCome({ complete, destroyed, headers }: IncomingMessage): boolean {
  const hasBody = headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
  return hasBody && !complete && !destroyed
}

function lengthOf(request: IncomingMessage): number | undefined {
  const text = request.headers['content-length']
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined
}
