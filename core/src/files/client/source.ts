import { TransportError } from '../../errors/index.ts'

/** A piece of an object: a segment by its number, or its block hashes. */
export type Part = number | 'hashes'

export interface JournalPage {
  readonly batches: readonly Uint8Array<ArrayBuffer>[]
  /** How many batches the drive has, as whoever answers says. */
  readonly length: number
}

/** From byte `start` of a piece up to `end`, exclusive. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * Where drives are read: a node, a member over a data channel, or memory in tests. It is believed in nothing: what it gives is checked by
 * whoever asked. Drives and objects are named in hex.
 *
 * @throws {TransportError} `object-missing` for what it has not got and cannot get, `node-unreachable` when nobody answers; what `signal` says
 * when it aborts.
 */
export interface Source {
  /** Batches from number `from` on, as many as fit into one answer; none when there are no more. */
  journal(drive: string, from: number, signal: AbortSignal): Promise<JournalPage>
  /** One piece, or a range of it. A shorter answer than asked for is `object-missing`. */
  read(drive: string, object: string, part: Part, range: ByteRange | undefined, signal: AbortSignal): Promise<Octets>
}

/** A member who may have objects: asked before the node is, and of what it gives wrong never again. */
export interface NearSource extends Pick<Source, 'read'> {
  /** What it gave of this object is not what the author signed. */
  gaveWrong(drive: string, object: string): void
}

export type Octets = Uint8Array<ArrayBuffer>

export interface Quota {
  readonly usedBytes: number
  readonly quotaBytes: number
}

/**
 * Where this device's own drives are written: its node. Whatever resolves is kept through a crash.
 *
 * @throws what `Source` throws, and {TransportError} `quota-exceeded`, `disk-full`, `session-refused`.
 */
export interface DriveStore extends Source {
  /** Makes sure that it answers and knows us. */
  open(signal: AbortSignal): Promise<Quota>
  createDrive(signal: AbortSignal): Promise<string>
  /** Storing a piece again changes nothing. */
  put(drive: string, object: string, part: Part, bytes: Octets, signal: AbortSignal): Promise<void>
  /** Segments of an object that are stored: where an upload goes on. */
  stored(drive: string, object: string, signal: AbortSignal): Promise<readonly number[]>
  drop(drive: string, object: string, signal: AbortSignal): Promise<void>
  /** Appends a batch. `next` is its number when it is not the next one: then nothing was written. */
  append(drive: string, n: number, batch: Octets, signal: AbortSignal): Promise<{ readonly next?: number }>
  /** Keeps copies of these drives from now on. */
  follow(drives: readonly string[], signal: AbortSignal): Promise<void>
}

export function missing(): TransportError {
  return new TransportError('object-missing', 'nobody who answers has it')
}

export function unreachable(cause?: unknown): TransportError {
  return new TransportError('node-unreachable', 'the node does not answer', { cause })
}
