import { concat } from '../../bytes/index.ts'
import { UsageError } from '../../errors/index.ts'
import type { DriveKey, ObjectId } from '../ids.ts'
import { layoutOf } from '../objects/index.ts'
import { missing, type ByteRange, type Octets, type Part, type Source } from './source.ts'
import type { KeptUpload } from './transfers/index.ts'
import { isUnreadable } from './unreadable.ts'
import type { FileBody } from './view.ts'
import type { ObjectWork } from './work/index.ts'

/** Files that are remembered for whoever asks: their handles cost little. */
const maxLent = 1_024
/** Hashes of their blocks, over all of them: of 32 GiB. */
const maxHashBytes = 16_777_216
/** Sealed segments that are kept for the next range of them, 4 MiB each. */
const maxSealed = 2

interface Lent {
  readonly upload: KeptUpload
  readonly body: FileBody
  /** Hashes of the segments that may have left this device. */
  readonly pledged: Map<number, Octets>
}

export interface LentObjectsPorts {
  readonly work: Pick<ObjectWork, 'write'>
  readonly store: Pick<Source, 'read'>
  /** Whether this device wrote that drive. */
  readonly isOwn: (drive: DriveKey) => boolean
}

/**
 * What members get from this device: files that it brings or brought to its node, from the file itself, and else what its node has of its own drive.
 *
 * A segment is sealed again with the key that it was sealed with, and only one whose hashes were pledged before: what comes out is what the node
 * has, byte for byte, or nothing. A file that has changed since is not sealed for anybody (`ObjectWriter`), and is forgotten here.
 */
export class LentObjects implements Pick<Source, 'read'> {
  readonly #ports: LentObjectsPorts
  readonly #lent = new Map<ObjectId, Lent>()
  readonly #sealed = new Map<string, Promise<Octets>>()
  #hashBytes = 0

  constructor(ports: LentObjectsPorts) {
    this.#ports = ports
  }

  /** Hashes of this segment are safe, so it may leave this device. */
  pledged(upload: KeptUpload, body: FileBody, segment: number, hashes: Octets): void {
    let lent = this.#lent.get(upload.object)
    if (lent?.body !== body) {
      this.forget(upload.object)
      lent = { upload, body, pledged: new Map() }
      this.#lent.set(upload.object, lent)
    }
    this.#hashBytes += hashes.length - (lent.pledged.get(segment)?.length ?? 0)
    lent.pledged.set(segment, hashes.slice())
    for (const oldest of this.#lent.keys()) {
      if (this.#lent.size <= maxLent && this.#hashBytes <= maxHashBytes) return
      this.forget(oldest)
    }
  }

  /** Nobody gets it from the file any more. */
  forget(object: ObjectId): void {
    const lent = this.#lent.get(object)
    if (lent === undefined) return
    for (const [segment, { length }] of lent.pledged) {
      this.#hashBytes -= length
      this.#sealed.delete(nameOf(object, segment))
    }
    this.#lent.delete(object)
  }

  /** @throws as a `Source`. */
  async read(
    drive: DriveKey,
    object: ObjectId,
    part: Part,
    range: ByteRange | undefined,
    signal: AbortSignal,
  ): Promise<Octets> {
    const lent = this.#lent.get(object)
    const bytes = lent?.upload.drive === drive ? await this.#fromFile(lent, part) : undefined
    signal.throwIfAborted()
    if (bytes !== undefined) {
      if (range !== undefined && range.end > bytes.length) throw missing()
      return range === undefined ? bytes : bytes.subarray(range.start, range.end)
    }
    if (!this.#ports.isOwn(drive)) throw missing()
    return this.#ports.store.read(drive, object, part, range, signal)
  }

  /** Undefined for what was not pledged, or cannot be made any more. */
  async #fromFile(lent: Lent, part: Part): Promise<Octets | undefined> {
    const { upload, pledged } = lent
    if (part === 'hashes') {
      const { segments } = layoutOf(upload.sizeBytes)
      const all = Array.from({ length: segments }, (_, segment) => pledged.get(segment) ?? [])
      return pledged.size === segments ? concat(...all.map((hashes) => new Uint8Array(hashes))) : undefined
    }
    const hashes = pledged.get(part)
    if (hashes === undefined) return undefined
    const name = nameOf(upload.object, part)
    const sealing = this.#sealed.get(name) ?? this.#seal(lent, part, hashes)
    this.#sealed.delete(name)
    this.#sealed.set(name, sealing)
    for (const oldest of this.#sealed.keys()) if (this.#sealed.size > maxSealed) this.#sealed.delete(oldest)
    try {
      return await sealing
    } catch (error) {
      this.#sealed.delete(name)
      if (!isUnreadable(error) && !(error instanceof UsageError && error.code === 'file-changed')) throw error
      this.forget(upload.object)
      return undefined
    }
  }

  async #seal({ upload, body }: Lent, segment: number, hashes: Octets): Promise<Octets> {
    const pledged = new Map([[segment, hashes]])
    const maker = await this.#ports.work.write(upload, (start, end) => body.slice(start, end), pledged)
    try {
      return (await maker.segment(segment)).bytes
    } finally {
      maker.close()
    }
  }
}

function nameOf(object: ObjectId, segment: number): string {
  return `${object}/${segment}`
}
