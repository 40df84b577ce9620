import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '@p2pigeon/core/node'
import type { Logger } from '../platform/index.ts'
import type { BlobLimits } from './limits.ts'

/** Where the bytes of blobs are kept in pieces, if not in files: the data room of the node. What it refuses is an error with a `code`. */
export interface BlobObjects {
  readonly pieceBytes: number
  put(object: string, piece: number, bytes: Buffer): Promise<void>
  read(object: string, piece: number): Promise<AsyncIterable<Uint8Array>>
  clear(object: string): Promise<void>
  objects(): Promise<ReadonlySet<string>>
}

export interface BlobsOptions {
  /** Everything is kept below this folder, which exists. */
  readonly folder: string
  /** Largest blob, and all of them together, in bytes. */
  readonly maxBytes: number
  readonly totalBytes: number
  /** Undefined where there is no data room: then each blob is a file. */
  readonly objects?: BlobObjects | undefined
  readonly clock: Clock
  readonly log: Pick<Logger, 'warn'>
  readonly limits?: Partial<BlobLimits>
}

/** Who asks, as the door has found. */
export interface BlobVisitor {
  readonly address: string
  /** Where this store is as the visitor sees it, without a slash at the end. */
  readonly baseUrl: string
  /** A page of this node, or no browser: may bring blobs. */
  readonly mayUpload: boolean
  /** The origin that may read the answer, `*` for all; undefined for none. */
  readonly readers: string | undefined
}

/** Counts, nothing about any blob. */
export interface BlobStats {
  readonly blobs: number
  readonly bytes: number
  readonly uploads: number
  readonly downloads: number
  readonly refused: number
}

export interface Blobs {
  readonly maxBytes: number
  /** Answers a request whose path begins with `/blobs/`. */
  handle(request: IncomingMessage, response: ServerResponse, visitor: BlobVisitor): void
  stats(): BlobStats
  /** Takes nothing more, and resolves when no upload is left. */
  close(): Promise<void>
}
