import { concat, equal, fromHex, toHex, utf8 } from '../../bytes/index.ts'
import { padmeLength, Reader, unpad, Writer } from '../../codec/index.ts'
import {
  aeadNonceBytes,
  aeadOpen,
  aeadSeal,
  aeadTagBytes,
  hkdf,
  importAeadKey,
  importHkdfKey,
  sha256,
} from '../../crypto/index.ts'
import { AuthenticationError, CodecError, UsageError } from '../../errors/index.ts'
import { peerIdOf, verifySignature, type PeerId, type RoomIdentity } from '../../identity/index.ts'
import type { Random } from '../../runtime/index.ts'
import { idBytes, type DriveKey, type MasterId } from '../ids.ts'
import type { Master } from '../keys/index.ts'
import { maxBatchBytes } from '../limits.ts'
import { decodeOps, encodeOp, encodeOps } from './op-codec.ts'
import type { Batch, Op } from './op.ts'

/*
 * sealed  = header | AES-256-GCM(body, aad = header)
 * header  = version u8 | master 16 | epoch u32 | salt 16
 * body    = length u32 | content | zeros | author 32 | signature 64
 * content = hash of the sealed batch before 32 | ops
 *
 * The signature is over the header, too, and there are just as many zeros as the content's length asks for: what an author signed has one
 * sealed form, so that nobody else who knows the master can make another one of another hash.
 */
const version = 1
const saltBytes = 16
const headerBytes = 1 + idBytes + 4 + saltBytes
const hashBytes = 32
const authorBytes = 32
const signatureBytes = 64
const trailerBytes = authorBytes + signatureBytes
const lengthBytes = 4
/** One deed is of one size, whatever it is and however long the name in it. */
const minPaddedBytes = 512
const maxContentBytes = maxBatchBytes - headerBytes - aeadTagBytes - trailerBytes - lengthBytes
const domain = 'p2pigeon/v1/files/batch'
const context = utf8('p2pigeon/v1/files/journal')
/** The salt makes a key for this batch alone. */
const nonce = new Uint8Array(aeadNonceBytes)

/** Where a batch stands. */
export interface BatchPlace {
  readonly roomId: Uint8Array
  readonly drive: DriveKey
  readonly number: number
  /** Hash of the sealed batch before; `noHash` for the first. */
  readonly previous: string
}

/** A batch as it is appended to a drive. */
export interface SealedBatch {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly hash: string
}

/**
 * Seals and signs ops as one batch, at most `maxBatchBytes`; `splitOps` says how many fit.
 * @throws {UsageError} `too-long`, and `bad-value` for no ops at all.
 */
export async function sealBatch(
  author: Pick<RoomIdentity, 'publicKey' | 'sign'>,
  place: BatchPlace,
  master: Master,
  ops: readonly Op[],
  random: Random,
): Promise<SealedBatch> {
  if (ops.length === 0) throw new UsageError('bad-value', 'a batch has ops')
  const content = concat(fromHex(place.previous), encodeOps(ops))
  if (content.length > maxContentBytes) throw new UsageError('too-long', 'ops do not fit into a batch')
  const salt = random.bytes(saltBytes)
  const header = new Writer().u8(version).fixed(fromHex(master.id)).u32(master.epoch).fixed(salt).finish()
  const signature = await author.sign(domain, signedBytes(place, header, content))
  const body = concat(padded(content), author.publicKey, signature)
  const sealed = await aeadSeal(await batchKey(master, place, salt), nonce, header, body)
  body.fill(0)
  const bytes = concat(header, sealed)
  return { bytes, hash: toHex(await sha256(bytes)) }
}

/**
 * Which master a sealed batch needs, before it is opened.
 * @throws {CodecError} `too-long`, `truncated` if no batch is so short, `bad-value` for an unknown version.
 */
export function readBatchHeader(bytes: Uint8Array): { readonly master: MasterId; readonly epoch: number } {
  if (bytes.length > maxBatchBytes) throw new CodecError('too-long', 'no batch is that long')
  const reader = new Reader(bytes)
  if (reader.u8() !== version) throw new CodecError('bad-value', 'unknown version of batch')
  const master = toHex(reader.fixed(idBytes))
  const epoch = reader.u32()
  reader.fixed(saltBytes + aeadTagBytes)
  return { master, epoch }
}

/**
 * Opens a batch in its place and verifies who signed it. That the author may write is the business of `batchStanding`.
 * @throws {CodecError} for bytes that are no batch. {AuthenticationError} `batch-damaged` if it is another drive's, another place's, not
 * signed, or altered.
 */
export async function openBatch(place: BatchPlace, master: Master, bytes: Uint8Array): Promise<Batch> {
  const { epoch } = readBatchHeader(bytes)
  const header = bytes.subarray(0, headerBytes)
  const salt = header.subarray(headerBytes - saltBytes)
  const body = await aeadOpen(await batchKey(master, place, salt), nonce, header, bytes.subarray(headerBytes)).catch(
    (cause: unknown) => {
      throw damaged({ cause })
    },
  )
  if (body.length < trailerBytes || master.epoch !== epoch) throw damaged()
  const content = unpad(body.subarray(0, body.length - trailerBytes))
  if (body.length !== paddedLength(content.length) + trailerBytes) throw damaged()
  const publicKey = body.subarray(body.length - trailerBytes, body.length - signatureBytes)
  const signature = body.subarray(body.length - signatureBytes)
  if (content.length < hashBytes || !equal(content.subarray(0, hashBytes), fromHex(place.previous))) throw damaged()
  if (!(await verifySignature(publicKey, domain, signedBytes(place, header, content), signature))) throw damaged()
  const ops = decodeOps(content.subarray(hashBytes))
  if (ops.length === 0) throw damaged()
  const author: PeerId = peerIdOf(publicKey)
  const hash = toHex(await sha256(bytes))
  return { drive: place.drive, author, number: place.number, epoch, master: master.id, hash, ops }
}

/** The ops in the same order, in as few groups as fit into batches. */
export function splitOps(ops: readonly Op[]): Op[][] {
  const countBytes = 2
  const groups: Op[][] = []
  let left = 0
  for (const op of ops) {
    const { length } = encodeOp(op)
    if (left < length) {
      groups.push([])
      left = maxContentBytes - hashBytes - countBytes
    }
    groups.at(-1)?.push(op)
    left -= length
  }
  return groups
}

function signedBytes({ roomId, drive, number }: BatchPlace, header: Uint8Array, content: Uint8Array): Uint8Array {
  return new Writer().fixed(roomId).fixed(fromHex(drive)).u32(number).fixed(header).fixed(content).finish()
}

/** A length, the content, and zeros up to PADMÉ of both; cut where a batch ends. */
function padded(content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(paddedLength(content.length))
  new DataView(bytes.buffer).setUint32(0, content.length)
  bytes.set(content, lengthBytes)
  return bytes
}

function paddedLength(contentLength: number): number {
  return Math.min(padmeLength(lengthBytes + contentLength, minPaddedBytes), lengthBytes + maxContentBytes)
}

async function batchKey({ secret }: Master, { drive, number }: BatchPlace, salt: Uint8Array): Promise<CryptoKey> {
  const info = new Writer().fixed(context).fixed(fromHex(drive)).u32(number).finish()
  const raw = await hkdf('SHA-256', await importHkdfKey(secret), salt, info, 32)
  const key = await importAeadKey(raw)
  raw.fill(0)
  return key
}

function damaged(options?: { cause?: unknown }): AuthenticationError {
  return new AuthenticationError('batch-damaged', 'this is not what the author wrote', options)
}
