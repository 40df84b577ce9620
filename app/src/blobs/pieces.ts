import { open } from 'node:fs/promises'
import { TransportError } from '@p2pigeon/core/node'
import type { BlobObjects } from './contract.ts'

/** Blobs as objects of the data room, each cut into pieces. The object of a blob is named by the first half of its hash. */
export class Pieces {
  readonly #objects: BlobObjects

  constructor(objects: BlobObjects) {
    this.#objects = objects
  }

  static nameOf(hash: string): string {
    return hash.slice(0, 32)
  }

  /** Objects that are there, whole or not. */
  async names(): Promise<Set<string>> {
    return new Set(await this.#objects.objects())
  }

  /** Keeps what is in a file, which has this hash. @throws what the file or the data room fails with. */
  async put(hash: string, path: string): Promise<void> {
    const { pieceBytes } = this.#objects
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      for (let at = 0; at < size; at += pieceBytes) {
        const piece = Buffer.alloc(Math.min(pieceBytes, size - at))
        for (let read = 0; read < piece.length;) {
          const { bytesRead } = await file.read(piece, read, piece.length - read, at + read)
          if (bytesRead === 0) throw new TransportError('file-gone', 'the file has become shorter')
          read += bytesRead
        }
        await this.#objects.put(Pieces.nameOf(hash), at / pieceBytes, piece)
      }
    } finally {
      await file.close()
    }
  }

  /** The bytes of a blob of this length. @throws what the data room refuses; what is given may fail so, too. */
  async read(hash: string, bytes: number): Promise<AsyncGenerator<Uint8Array>> {
    const objects = this.#objects
    const name = Pieces.nameOf(hash)
    const first = await objects.read(name, 0)
    return (async function* () {
      yield* first
      for (let piece = 1; piece * objects.pieceBytes < bytes; piece++) yield* await objects.read(name, piece)
    })()
  }

  async drop(name: string): Promise<void> {
    await this.#objects.clear(name)
  }
}
