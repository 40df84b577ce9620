import { concat, fromHex, toHex } from '../../bytes/index.ts'
import { padmeLength } from '../../codec/index.ts'
import { aeadNonceBytes, aeadTagBytes, sha256 } from '../../crypto/index.ts'
import { AuthenticationError } from '../../errors/index.ts'
import type { Random } from '../../runtime/index.ts'
import type { FileNote } from './file-note.ts'

const keyBytes = 32

export interface SealedFile {
  readonly sealed: Uint8Array<ArrayBuffer>
  readonly secret: Pick<FileNote, 'key' | 'nonce' | 'hash' | 'plainHash' | 'bytes' | 'isPadded'>
}

/** Length of a file of so many bytes, sealed. */
export function sealedLength(bytes: number, isPadded: boolean): number {
  return (isPadded ? padmeLength(bytes) : bytes) + aeadTagBytes
}

/** Seals a file by AES-256-GCM under a key that serves for it alone. Padding is zeros behind the file, which only clients that know the `padding` tag cut off. */
export async function sealFile(plain: Uint8Array, isPadded: boolean, random: Random): Promise<SealedFile> {
  const [key, nonce] = [random.bytes(keyBytes), random.bytes(aeadNonceBytes)]
  const padded = isPadded ? concat(plain, new Uint8Array(padmeLength(plain.length) - plain.length)) : concat(plain)
  const sealed = new Uint8Array(await crypto.subtle.encrypt(gcm(nonce), await imported(key, 'encrypt'), padded))
  const [hash, plainHash] = [toHex(await sha256(sealed)), toHex(await sha256(plain))]
  const secret = { key: toHex(key), nonce: toHex(nonce), hash, plainHash, bytes: plain.length, isPadded }
  return { sealed, secret }
}

/**
 * The file itself. Its hash is checked before anything is decrypted with a key that somebody chose.
 * @throws {AuthenticationError} `file-damaged`, whatever it was that did not hold.
 */
export async function openSealed(note: FileNote, sealed: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  if (toHex(await sha256(sealed)) !== note.hash) throw damaged()
  const padded = await decrypted(note, sealed)
  const plain = note.isPadded ? cut(padded, note.bytes ?? 0) : padded
  if (note.plainHash !== undefined && toHex(await sha256(plain)) !== note.plainHash) throw damaged()
  return plain
}

async function decrypted({ key, nonce }: FileNote, sealed: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const opened = crypto.subtle.decrypt(gcm(fromHex(nonce)), await imported(fromHex(key), 'decrypt'), concat(sealed))
    return new Uint8Array(await opened)
  } catch {
    throw damaged()
  }
}

function cut(padded: Uint8Array<ArrayBuffer>, bytes: number): Uint8Array<ArrayBuffer> {
  if (bytes > padded.length || padded.subarray(bytes).some((byte) => byte !== 0)) throw damaged()
  return padded.slice(0, bytes)
}

function gcm(nonce: Uint8Array<ArrayBuffer>): AesGcmParams {
  return { name: 'AES-GCM', iv: nonce, tagLength: 8 * aeadTagBytes }
}

function imported(key: Uint8Array<ArrayBuffer>, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', key, 'AES-GCM', false, [use])
}

function damaged(): AuthenticationError {
  return new AuthenticationError('file-damaged', 'the file is not what was sent')
}
