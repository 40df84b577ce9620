import { concat, fromHex, utf8 } from '../../bytes/index.ts'
import { Writer } from '../../codec/index.ts'
import { aeadNonceBytes, aeadOpen, aeadSeal, importAeadKey } from '../../crypto/index.ts'
import { AuthenticationError, UsageError } from '../../errors/index.ts'
import type { ObjectId } from '../ids.ts'
import type { Blake3 } from './blake3.ts'
import { blockLength, hashBytes, type ObjectLayout } from './layout.ts'

const blockContext = utf8('p2pigeon/v1/files/block')
const rootContext = utf8('p2pigeon/v1/files/root')

/**
 * The cipher of one object: AES-256-GCM for each block, with the block's number as nonce and all that the block must not be torn from as
 * associated data. A key that has sealed one content must never seal another: the nonces would come again. So every version has a fresh one.
 */
export class BlockCipher {
  readonly #key: CryptoKey
  readonly #object: Uint8Array
  readonly #layout: ObjectLayout

  private constructor(key: CryptoKey, object: Uint8Array, layout: ObjectLayout) {
    this.#key = key
    this.#object = object
    this.#layout = layout
  }

  /** @throws {UsageError} `bad-length` unless the key has 32 bytes. */
  static async of(fileKey: Uint8Array, object: ObjectId, layout: ObjectLayout): Promise<BlockCipher> {
    return new BlockCipher(await importAeadKey(fileKey), fromHex(object), layout)
  }

  /** @param plaintext of its whole length, padding included. @throws {UsageError} `bad-length` */
  async seal(block: number, plaintext: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    if (plaintext.length !== blockLength(this.#layout, block)) throw new UsageError('bad-length', 'not a whole block')
    return aeadSeal(this.#key, nonceOf(block), this.#adOf(block), plaintext)
  }

  /** @throws {AuthenticationError} `object-damaged` unless this is that block of this object. */
  async open(block: number, ciphertext: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    try {
      return await aeadOpen(this.#key, nonceOf(block), this.#adOf(block), ciphertext)
    } catch (cause) {
      throw damaged({ cause })
    }
  }

  #adOf(block: number): Uint8Array {
    const { blocks, paddedBytes } = this.#layout
    const final = block === blocks - 1 ? 1 : 0
    return new Writer().fixed(blockContext).fixed(this.#object).u64(block).u8(final).u64(paddedBytes).finish()
  }
}

/** What the author signs of an object: BLAKE3 over the hashes of all its sealed blocks. */
export function rootOf(blake3: Blake3, object: ObjectId, hashes: Uint8Array): Uint8Array<ArrayBuffer> {
  return blake3.hash(rootContext, fromHex(object), hashes)
}

/** Hashes of sealed blocks, one after the other. */
export function hashesOf(blake3: Blake3, blocks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concat(...blocks.map((block) => blake3.hash(block)))
}

export function hashAt(hashes: Uint8Array, block: number): Uint8Array {
  return hashes.subarray(block * hashBytes, (block + 1) * hashBytes)
}

export function damaged(options?: { cause?: unknown }): AuthenticationError {
  return new AuthenticationError('object-damaged', 'this is not what the author wrote', options)
}

function nonceOf(block: number): Uint8Array {
  const nonce = new Uint8Array(aeadNonceBytes)
  new DataView(nonce.buffer).setBigUint64(aeadNonceBytes - 8, BigInt(block))
  return nonce
}
