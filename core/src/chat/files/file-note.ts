import { fileName } from '../../codec/index.ts'
import { CodecError } from '../../errors/index.ts'
import { isHex, tagValue, type Rumor } from '../../nostr/index.ts'
import { maxFileType, maxFileUrl, maxPictureSide } from './limits.ts'

/** What a message says of a file (NIP-17, kind 15). */
export interface FileNote {
  /** Where it is, sealed. */
  readonly url: string
  /** Safe to show and to save under; may be empty. */
  readonly name: string
  /** What its sender says that it is, never to be believed. */
  readonly type: string
  /** AES-256-GCM, hexadecimal. */
  readonly key: string
  readonly nonce: string
  /** SHA-256 of what is at `url`, hexadecimal, and of the file itself if that was said. */
  readonly hash: string
  readonly plainHash: string | undefined
  /** Of the file itself; undefined from clients that do not say. */
  readonly bytes: number | undefined
  /** Zeros follow the file inside of the ciphertext: `bytes` says where it ends. */
  readonly isPadded: boolean
  /** Of a picture, in pixels. */
  readonly width: number | undefined
  readonly height: number | undefined
}

const algorithm = 'aes-gcm'
const padding = 'padme'
const unknownType = 'application/octet-stream'
const typeForm = /^[a-z0-9][a-z0-9.+-]*\/[a-z0-9][a-z0-9.+-]*$/
const dimForm = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/
/** Other clients use nonces of 12 or of 16 bytes. */
const nonceLengths = [24, 32]

/** A media type as `type/subtype`; anything else is bytes. */
export function fileType(written: string): string {
  const type = written.split(';')[0]?.trim().toLowerCase() ?? ''
  return type.length <= maxFileType && typeForm.test(type) ? type : unknownType
}

/** A name as it is safe to show and to save under; empty where nobody gave one. */
export function noteName(written: string): string {
  return written === '' ? '' : fileName(written)
}

export function tagsOfFileNote(note: FileNote): string[][] {
  const tags = [
    ['file-type', note.type],
    ['encryption-algorithm', algorithm],
    ['decryption-key', note.key],
    ['decryption-nonce', note.nonce],
    ['x', note.hash],
  ]
  if (note.plainHash !== undefined) tags.push(['ox', note.plainHash])
  if (note.bytes !== undefined) tags.push(['size', String(note.bytes)])
  if (note.isPadded) tags.push(['padding', padding])
  if (note.name !== '') tags.push(['name', note.name])
  if (note.width !== undefined && note.height !== undefined) tags.push(['dim', `${note.width}x${note.height}`])
  return tags
}

/** @throws {CodecError} `bad-message` for a rumor of kind 15 that names no file which we could open. */
export function readFileNote(rumor: Pick<Rumor, 'tags' | 'content'>): FileNote {
  const said = (name: string): string => tagValue(rumor, name) ?? ''
  const [key, nonce, hash, plainHash] = [said('decryption-key'), said('decryption-nonce'), said('x'), said('ox')]
  const bytes = /^\d{1,12}$/.test(said('size')) ? Number(said('size')) : undefined
  const isPadded = said('padding') !== ''
  const [width, height] = sidesOf(said('dim'))
  const isReadable =
    said('encryption-algorithm').toLowerCase() === algorithm &&
    isHex(key, 64) &&
    nonceLengths.some((length) => isHex(nonce, length)) &&
    isHex(hash, 64) &&
    (plainHash === '' || isHex(plainHash, 64)) &&
    (!isPadded || (said('padding') === padding && bytes !== undefined)) &&
    isFileUrl(rumor.content)
  if (!isReadable) throw new CodecError('bad-message', 'this is no file that we can open')
  return {
    url: rumor.content,
    name: noteName(said('name')),
    type: fileType(said('file-type')),
    key,
    nonce,
    hash,
    plainHash: plainHash === '' ? undefined : plainHash,
    bytes,
    isPadded,
    width,
    height,
  }
}

function sidesOf(dim: string): readonly [number | undefined, number | undefined] {
  const found = dimForm.exec(dim)
  if (found === null) return [undefined, undefined]
  const [width, height] = [Number(found[1]), Number(found[2])]
  return width <= maxPictureSide && height <= maxPictureSide ? [width, height] : [undefined, undefined]
}

function isFileUrl(text: string): boolean {
  if (text.length > maxFileUrl || !/^https?:\/\/[^\s]+$/i.test(text) || !URL.canParse(text)) return false
  const { username, password, hostname } = new URL(text)
  return username === '' && password === '' && hostname !== ''
}
