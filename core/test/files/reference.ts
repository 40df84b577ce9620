import { createCipheriv, createDecipheriv, createHash, createPublicKey, hkdfSync, verify } from 'node:crypto'
import { blake3 } from '@noble/hashes/blake3.js'
import type { Op } from '../../src/files/journal/index.ts'

/*
 * The formats of the data room a second time: written from docs/protocol/files.md alone, with Node's OpenSSL and noble's BLAKE3, each step as the page
 * says it and nothing shared with core/src. What both agree on is what the page describes.
 */

const text = (value: string): Buffer => Buffer.from(value, 'utf8')
const hex = (value: string): Buffer => Buffer.from(value, 'hex')
const zeroNonce = Buffer.alloc(12)

/** A number of so many bytes, the highest first. */
export function uint(value: number, bytes: number): Buffer {
  return hex(value.toString(16).padStart(2 * bytes, '0'))
}

export function sha256(...parts: readonly Uint8Array[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest()
}

export function gcmSeal(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aad)
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

function gcmOpen(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Buffer {
  const cipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(aad).setAuthTag(sealed.subarray(-16))
  return Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()])
}

function hkdf(secret: Uint8Array, salt: Uint8Array, info: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, 32))
}

/** PADMÉ as its paper gives it: the last E - S bits of the length become zero. At least 1. */
export function padme(length: number): number {
  if (length < 2) return 1
  const exponent = length.toString(2).length - 1
  const kept = exponent === 0 ? 0 : exponent.toString(2).length
  const mask = (1n << BigInt(Math.max(0, exponent - kept))) - 1n
  return Number((BigInt(length) + mask) & ~mask)
}

export function masterId(epoch: number, secret: Uint8Array): string {
  return sha256(text('p2pigeon/v1/files/master'), uint(epoch, 4), secret).toString('hex', 0, 16)
}

const blockBytes = 65_536

/** Block `index` of an object whose padded content has `paddedBytes`. */
export function sealBlock(
  fileKey: Uint8Array,
  object: string,
  paddedBytes: number,
  index: number,
  plaintext: Uint8Array,
): Buffer {
  const isFinal = (index + 1) * blockBytes >= paddedBytes
  const aad = [text('p2pigeon/v1/files/block'), hex(object), uint(index, 8), uint(isFinal ? 1 : 0, 1)]
  return gcmSeal(fileKey, uint(index, 12), Buffer.concat([...aad, uint(paddedBytes, 8)]), plaintext)
}

export interface ReferenceObject {
  readonly segments: readonly Buffer[]
  readonly hashes: Buffer
  readonly root: Buffer
}

export function sealObject(fileKey: Uint8Array, object: string, content: Uint8Array): ReferenceObject {
  const padded = Buffer.alloc(padme(content.length))
  padded.set(content)
  const blocks: Buffer[] = []
  for (let at = 0; at < padded.length; at += blockBytes) {
    blocks.push(sealBlock(fileKey, object, padded.length, blocks.length, padded.subarray(at, at + blockBytes)))
  }
  const segments: Buffer[] = []
  for (let at = 0; at < blocks.length; at += 64) segments.push(Buffer.concat(blocks.slice(at, at + 64)))
  const hashes = Buffer.concat(blocks.map((block) => blake3(block)))
  const root = Buffer.from(blake3(Buffer.concat([text('p2pigeon/v1/files/root'), hex(object), hashes])))
  return { segments, hashes, root }
}

export function wrapKey(
  master: { readonly epoch: number; readonly secret: Uint8Array },
  place: { readonly drive: string; readonly node: string; readonly object: string },
  fileKey: Uint8Array,
): Buffer {
  const info = Buffer.concat([text('p2pigeon/v1/files/wrap'), hex(place.drive)])
  const key = hkdf(master.secret, hex(place.object), info)
  return gcmSeal(key, zeroNonce, Buffer.concat([hex(place.node), hex(masterId(master.epoch, master.secret))]), fileKey)
}

const prefixed = (value: string): Buffer => Buffer.concat([uint(text(value).length, 2), text(value)])
const optional = (id: string | undefined): Buffer =>
  id === undefined ? uint(0, 1) : Buffer.concat([uint(1, 1), hex(id)])

function encodeOp(op: Op): Buffer {
  const head = (kind: number): Buffer => Buffer.concat([uint(kind, 1), uint(op.clock, 6), hex(op.node)])
  switch (op.kind) {
    case 'put': {
      const place = [hex(op.parent), prefixed(op.name), optional(op.replaces), hex(op.object)]
      const about = [uint(op.sizeBytes, 8), uint(op.modifiedAtMs, 8), prefixed(op.mediaType), op.root]
      return Buffer.concat([head(1), ...place, ...about, hex(op.key.master), op.key.sealed])
    }
    case 'folder':
      return Buffer.concat([head(2), hex(op.parent), prefixed(op.name)])
    case 'move':
      return Buffer.concat([head(3), hex(op.parent), prefixed(op.name)])
    case 'delete':
      return head(4)
    case 'restore':
      return Buffer.concat([head(5), optional(op.object)])
    case 'purge':
      return Buffer.concat([head(6), hex(op.object)])
  }
}

export function encodeOps(ops: readonly Op[]): Buffer {
  return Buffer.concat([uint(ops.length, 2), ...ops.map(encodeOp)])
}

/** What an author signs under a domain. */
export function signedBytes(domain: string, message: Uint8Array): Buffer {
  return Buffer.concat([text(domain), uint(0, 1), uint(message.length, 4), message])
}

export interface ReferencePlace {
  readonly roomId: Uint8Array
  readonly drive: string
  readonly number: number
  readonly previous: string
}

interface ReferenceMaster {
  readonly epoch: number
  readonly secret: Uint8Array
}

const maxBody = 61_440 - 37 - 16

export function batchKey(master: ReferenceMaster, place: ReferencePlace, salt: Uint8Array): Buffer {
  const info = Buffer.concat([text('p2pigeon/v1/files/journal'), hex(place.drive), uint(place.number, 4)])
  return hkdf(master.secret, salt, info)
}

export function batchHeader(master: ReferenceMaster, salt: Uint8Array): Buffer {
  return Buffer.concat([uint(1, 1), hex(masterId(master.epoch, master.secret)), uint(master.epoch, 4), salt])
}

/** What the author of a batch signs, without the domain. */
export function batchMessage(place: ReferencePlace, header: Uint8Array, content: Uint8Array): Buffer {
  return Buffer.concat([place.roomId, hex(place.drive), uint(place.number, 4), header, content])
}

/** A batch of just this content, which need not be one that anybody would write. */
export async function sealContent(
  author: ReferenceAuthor,
  place: ReferencePlace,
  master: ReferenceMaster,
  content: Uint8Array,
  options: { readonly salt?: Uint8Array; readonly paddedBytes?: number; readonly claims?: Uint8Array } = {},
): Promise<Buffer> {
  const salt = options.salt ?? Buffer.alloc(16, 5)
  const header = batchHeader(master, salt)
  const signature = await author.sign('p2pigeon/v1/files/batch', new Uint8Array(batchMessage(place, header, content)))
  const padded = Buffer.alloc(options.paddedBytes ?? Math.min(Math.max(512, padme(4 + content.length)), maxBody - 96))
  padded.set(uint(content.length, 4))
  padded.set(content, 4)
  const body = Buffer.concat([padded, options.claims ?? author.publicKey, signature])
  return Buffer.concat([header, gcmSeal(batchKey(master, place, salt), zeroNonce, header, body)])
}

export interface ReferenceAuthor {
  readonly publicKey: Uint8Array
  sign(domain: string, message: Uint8Array): Promise<Uint8Array>
}

/** The content and author of a batch that holds. */
export function openBatch(
  place: ReferencePlace,
  master: ReferenceMaster,
  sealed: Uint8Array,
): { readonly author: Buffer; readonly previous: string; readonly ops: Buffer; readonly paddedBytes: number } {
  const header = sealed.subarray(0, 37)
  const salt = header.subarray(21)
  if (!batchHeader(master, salt).equals(header)) throw new Error('not under this master')
  const body = gcmOpen(batchKey(master, place, salt), zeroNonce, header, sealed.subarray(37))
  const content = body.subarray(4, 4 + body.readUInt32BE(0))
  const author = body.subarray(-96, -64)
  if (!isSigned(author, 'p2pigeon/v1/files/batch', batchMessage(place, header, content), body.subarray(-64))) {
    throw new Error('not signed')
  }
  const previous = content.toString('hex', 0, 32)
  return { author, previous, ops: content.subarray(32), paddedBytes: body.length - 96 }
}

/** Verifies by Node's OpenSSL. */
export function isSigned(publicKey: Uint8Array, domain: string, message: Uint8Array, signature: Uint8Array): boolean {
  const key = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') }
  return verify(undefined, signedBytes(domain, message), createPublicKey({ format: 'jwk', key }), signature)
}

export function replicaCode(secret: Uint8Array): string {
  const body = Buffer.concat([uint(1, 1), secret])
  return Buffer.concat([body, sha256(text('p2pigeon/v1/files/replica-code'), body).subarray(0, 4)]).toString(
    'base64url',
  )
}
