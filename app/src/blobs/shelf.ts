import { createHash } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat, truncate, utimes, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { webRandom } from '@p2pigeon/core/node'
import type { BlobObjects } from './contract.ts'
import { Pieces } from './pieces.ts'

/** A file takes at least a block of the disk. */
const blockBytes = 4_096
/** A file is a blob; one whose name says a length, too, is empty and stands for a blob that is an object. */
const blobName = /^([0-9a-f]{64})(?:\.(\d{1,12}))?$/

export interface ShelfBounds {
  /** Of all blobs together, as the disk counts. */
  readonly totalBytes: number
  readonly maxBlobs: number
}

interface Blob {
  readonly bytes: number
  readonly atMs: number
  readonly isObject: boolean
}

/** Objects of blobs that are none, as crashes in the middle of uploads leave them. Of more it is their folder that is missing, or another one's is here. */
const maxOrphans = 64

/** How an upload ended. */
export type Taken = 'kept' | 'other-hash' | 'other-length' | 'disk-full' | 'busy'

/**
 * Blobs on the disk: `<first two digits>/<hash>`, each written beside them and put in its place in one step when it is whole. Its time is the file's own, so a
 * crash leaves nothing to be repaired but what was on its way, which is thrown away at the start.
 *
 * Where there is a data room the bytes are an object of it, and the file is an empty one, `<hash>.<bytes>`, put in its place once they are kept there. Of the two a
 * crash may leave the object, which goes at the start. A file whose object is not there is not given, and stays until it is over: the data room may be put back.
 * What was a file before is one until it is over or brought again.
 */
export class Shelf {
  readonly #folder: string
  readonly #totalBytes: number
  readonly #blobs = new Map<string, Blob>()
  readonly #maxBlobs: number
  readonly #pieces: Pieces | undefined
  /** Files without their objects. */
  readonly #astray = new Map<string, Blob>()
  #bytes = 0
  #reserved = 0
  #places = 0
  /** What puts a file in its place and what removes one follow each other: they may mean the same name. */
  #last: Promise<unknown> = Promise.resolve()

  private constructor(folder: string, { totalBytes, maxBlobs }: ShelfBounds, pieces: Pieces | undefined) {
    this.#folder = folder
    this.#totalBytes = totalBytes
    this.#maxBlobs = maxBlobs
    this.#pieces = pieces
  }

  /** Without `objects`, blobs that are objects are left alone and not given. */
  static async open(folder: string, bounds: ShelfBounds, objects?: BlobObjects): Promise<Shelf> {
    const pieces = objects && new Pieces(objects)
    const shelf = new Shelf(folder, bounds, pieces)
    const kept = await pieces?.names()
    await rm(shelf.#incoming, { recursive: true, force: true })
    await mkdir(shelf.#incoming, { recursive: true, mode: 0o700 })
    const files = new Map<string, string>()
    for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
      const [, hash, length] = (entry.isFile() ? blobName.exec(entry.name) : null) ?? []
      if (hash === undefined) continue
      const path = join(entry.parentPath, entry.name)
      const { size, mtimeMs } = await stat(path)
      if (length === undefined) {
        files.set(hash, path)
        if (!shelf.#blobs.has(hash)) shelf.#note(hash, { bytes: size, atMs: mtimeMs, isObject: false })
        continue
      }
      const blob = { bytes: Number(length), atMs: mtimeMs, isObject: true }
      if (kept?.delete(Pieces.nameOf(hash)) === true) shelf.#note(hash, blob)
      else if (kept !== undefined) shelf.#astray.set(hash, blob)
    }
    // Brought again as an object, and a crash came before the file went.
    for (const [hash, path] of files) if (shelf.#blobs.get(hash)?.isObject) await rm(path, { force: true })
    // What cannot be taken out now is at another start.
    if (kept !== undefined && kept.size <= maxOrphans)
      for (const name of kept) await pieces?.drop(name).catch(() => undefined)
    return shelf
  }

  get size(): number {
    return this.#blobs.size
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Keeps room for an upload until the undo; undefined where there is none. */
  reserve(bytes: number): (() => void) | undefined {
    const needed = taken(bytes)
    if (this.#bytes + this.#reserved + needed > this.#totalBytes) return undefined
    if (this.#blobs.size + this.#places >= this.#maxBlobs) return undefined
    this.#reserved += needed
    this.#places += 1
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      this.#reserved -= needed
      this.#places -= 1
    }
  }

  /** Keeps what comes if its hash is that one. Rejects with whatever the source, or a disk that is not merely full, fails with. */
  async take(hash: string, bytes: number, source: AsyncIterable<Uint8Array>, nowMs: number): Promise<Taken> {
    const path = join(this.#incoming, Buffer.from(webRandom.bytes(16)).toString('hex'))
    try {
      const outcome = await write(path, hash, bytes, source)
      if (outcome !== 'kept') return outcome
      const blob = { bytes, atMs: nowMs, isObject: this.#pieces !== undefined }
      await this.#inOrder(() => this.#place(path, hash, blob))
      return 'kept'
    } catch (fault) {
      if (isFull(fault)) return 'disk-full'
      if (codeOf(fault) === 'busy') return 'busy'
      throw fault
    } finally {
      await rm(path, { force: true })
    }
  }

  /** Length of a blob that came after `sinceMs`; undefined where there is none. */
  lengthOf(hash: string, sinceMs: number): number | undefined {
    const blob = this.#blobs.get(hash)
    return blob !== undefined && blob.atMs > sinceMs ? blob.bytes : undefined
  }

  /** @throws whatever opening it fails with. */
  async read(hash: string): Promise<Readable> {
    const blob = this.#blobs.get(hash)
    if (blob?.isObject && this.#pieces) return Readable.from(await this.#pieces.read(hash, blob.bytes))
    const file = await open(this.#pathOf(hash), 'r')
    return file.createReadStream()
  }

  /** Throws away what came before that moment. */
  async forgetBefore(sinceMs: number): Promise<void> {
    const old = [...this.#blobs].filter(([, { atMs }]) => atMs <= sinceMs)
    const removals = old.map(([hash, blob]) => this.#inOrder(() => this.#removeIf(hash, blob)))
    // One that cannot be removed keeps no other from it.
    const failed = (await Promise.allSettled(removals)).find(({ status }) => status === 'rejected')
    if (failed?.status === 'rejected') throw failed.reason
    for (const [hash, blob] of this.#astray) {
      if (blob.atMs > sinceMs) continue
      await rm(this.#pathOf(hash, blob), { force: true })
      this.#astray.delete(hash)
    }
  }

  async #place(path: string, hash: string, blob: Blob): Promise<void> {
    if (blob.isObject) await this.#putAway(path, hash)
    await utimes(path, blob.atMs / 1_000, blob.atMs / 1_000)
    await mkdir(this.#folderOf(hash), { recursive: true, mode: 0o700 })
    await rename(path, this.#pathOf(hash, blob))
    if (blob.isObject) await rm(this.#pathOf(hash), { force: true })
    await syncFolder(this.#folderOf(hash))
    await syncFolder(this.#folder)
    this.#note(hash, blob)
  }

  /** Its bytes become an object, and the file an empty one. */
  async #putAway(path: string, hash: string): Promise<void> {
    const isKnown = this.#blobs.get(hash)?.isObject === true
    try {
      await this.#pieces?.put(hash, path)
    } catch (fault) {
      // What cannot be taken out now is at the next start.
      if (!isKnown) await this.#pieces?.drop(Pieces.nameOf(hash)).catch(() => undefined)
      throw fault
    }
    await truncate(path)
  }

  /** Unless it was brought anew meanwhile. */
  async #removeIf(hash: string, blob: Blob): Promise<void> {
    if (this.#blobs.get(hash) !== blob) return
    if (blob.isObject) await this.#pieces?.drop(Pieces.nameOf(hash))
    await rm(this.#pathOf(hash, blob), { force: true })
    this.#forget(hash)
  }

  #inOrder<Done>(step: () => Promise<Done>): Promise<Done> {
    const done = this.#last.then(step, step)
    this.#last = done.catch(() => undefined)
    return done
  }

  #note(hash: string, blob: Blob): void {
    this.#forget(hash)
    this.#astray.delete(hash)
    this.#blobs.set(hash, blob)
    this.#bytes += taken(blob.bytes)
  }

  #forget(hash: string): void {
    const blob = this.#blobs.get(hash)
    if (blob !== undefined) this.#bytes -= taken(blob.bytes)
    this.#blobs.delete(hash)
  }

  get #incoming(): string {
    return join(this.#folder, 'incoming')
  }

  #folderOf(hash: string): string {
    return join(this.#folder, hash.slice(0, 2))
  }

  #pathOf(hash: string, blob?: Blob): string {
    return join(this.#folderOf(hash), blob?.isObject ? `${hash}.${String(blob.bytes)}` : hash)
  }
}

async function write(path: string, hash: string, bytes: number, source: AsyncIterable<Uint8Array>): Promise<Taken> {
  const file = await open(path, 'wx', 0o600)
  try {
    const digest = createHash('sha256')
    let written = 0
    for await (const chunk of source) {
      written += chunk.length
      if (written > bytes) return 'other-length'
      digest.update(chunk)
      await writeAll(file, chunk)
    }
    if (written !== bytes) return 'other-length'
    if (digest.digest('hex') !== hash) return 'other-hash'
    await file.sync()
    return 'kept'
  } finally {
    await file.close()
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length;) at += (await file.write(chunk, at)).bytesWritten
}

/** A name is on the disk for good only once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function taken(bytes: number): number {
  return Math.ceil(bytes / blockBytes) * blockBytes
}

/** Of the disk, and of the data room. */
const fullCodes: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'disk-full', 'quota-key', 'quota-all']

function isFull(fault: unknown): boolean {
  return fullCodes.includes(codeOf(fault))
}

function codeOf(fault: unknown): unknown {
  return fault instanceof Error && 'code' in fault ? fault.code : undefined
}
