import { AuthenticationError, CodecError } from '../../../src/errors/index.ts'
import { openBatch, readBatchHeader, sealBatch } from '../../../src/files/journal/batch.ts'
import {
  decodeDriveRecord,
  readDriveRecord as openDriveRecord,
  signDriveRecord,
} from '../../../src/files/journal/drive-record.ts'
import { JournalReader, type Op } from '../../../src/files/journal/index.ts'
import { noHash } from '../../../src/files/journal/no-hash.ts'
import { decodeOps, encodeOps } from '../../../src/files/journal/op-codec.ts'
import { MasterRing, readReplicaCode, replicaCode } from '../../../src/files/keys/index.ts'
import { decodeRememberedFiles, encodeRememberedFiles } from '../../../src/files/memory.ts'
import { webRandom } from '../../../src/runtime/platform/index.ts'
import { author, drive, folder, id, journal, master, put, roomId } from '../../files/authors.ts'
import { batchHeader, batchKey, gcmSeal, sealContent } from '../../files/reference.ts'
import { bytesOf, target, textOf } from '../target.ts'

const refuses = [CodecError, AuthenticationError]
const deeds: readonly Op[] = [
  put,
  { ...put, replaces: undefined, name: '', mediaType: '' },
  folder(7),
  { kind: 'move', clock: 8, node: id(1), parent: id(0), name: '../x' },
  { kind: 'delete', clock: 9, node: id(1) },
  { kind: 'restore', clock: 10, node: id(1), object: undefined },
  { kind: 'restore', clock: 11, node: id(1), object: id(2) },
  { kind: 'purge', clock: 12, node: id(1), object: id(2) },
]

/** Ops as foreign bytes, whoever sealed them. */
export const ops = target({
  name: 'ops',
  seeds: () => [encodeOps([]), encodeOps(deeds), ...deeds.map((op) => encodeOps([op]))],
  decode: decodeOps,
  encode: encodeOps,
})

const place = { roomId, drive, number: 0, previous: noHash }
const world = Promise.all([author(1), master(1)]).then(([by, under]) => ({ by, under }))

async function sealed(all: readonly Op[]): Promise<Uint8Array> {
  const { by, under } = await world
  return (await sealBatch(by, place, under, all, webRandom)).bytes
}

export const batchHeaders = target({
  name: 'batch-header',
  seeds: async () => [await sealed([put])],
  decode: readBatchHeader,
})

/** A batch as a node gives it: what chance changes does not open. */
export const batch = target({
  name: 'batch',
  seeds: async () => [await sealed([put]), await sealed(deeds)],
  decode: async (input) => openBatch(place, (await world).under, input),
  refuses,
})

/** A batch of somebody who knows the master and seals and signs what they like: input = zeros more | content. */
export const signedContent = target({
  name: 'batch-content',
  seeds: () => [[put], deeds].map((all) => Buffer.concat([Buffer.of(0), Buffer.alloc(32), encodeOps(all)])),
  decode: async (input) => {
    const { by, under } = await world
    const content = input.subarray(1)
    const zeros = (input[0] ?? 0) * 16
    const options = zeros === 0 ? {} : { paddedBytes: 4 + content.length + zeros }
    return openBatch(place, under, await sealContent(by, place, under, content, options))
  },
  refuses,
})

/** The same for what is inside the encryption, lengths and signatures included. */
export const sealedBody = target({
  name: 'batch-body',
  seeds: async () => {
    const { by } = await world
    return [Buffer.concat([Buffer.alloc(512), by.publicKey, Buffer.alloc(64)])]
  },
  decode: async (input) => {
    const { under } = await world
    const salt = Buffer.alloc(16, 5)
    const header = batchHeader(under, salt)
    const bytes = Buffer.concat([header, gcmSeal(batchKey(under, place, salt), Buffer.alloc(12), header, input)])
    const step = await new JournalReader(roomId, drive).take(new Uint8Array(bytes), new MasterRing([under]))
    // Nobody has signed it, so that it is never read, and a journal never throws.
    if (step.kind === 'read') throw new Error('read what nobody signed')
    return step
  },
})

/** A journal of one drive, cut out of a stream: u16 length | batch, again and again. It never throws, whatever comes. */
export const journals = target({
  name: 'journal',
  seeds: async () => {
    const { batches } = await journal([[folder(1)], [folder(2)], [put]])
    return [Buffer.concat(batches.flatMap((one) => [Buffer.of(one.length >> 8, one.length & 0xff), one]))]
  },
  decode: async (input) => {
    const masters = new MasterRing([(await world).under])
    const reader = new JournalReader(roomId, drive)
    const kinds: string[] = []
    for (let at = 0; at + 2 <= input.length;) {
      const end = at + 2 + (input[at] ?? 0) * 256 + (input[at + 1] ?? 0)
      kinds.push((await reader.take(input.slice(at + 2, end), masters)).kind)
      at = end
    }
    if (reader.head.batches !== kinds.filter((kind) => kind === 'read').length)
      throw new Error('counts other than it reads')
    return kinds
  },
})

async function record(batches: number): Promise<Uint8Array> {
  const head = batches === 0 ? noHash : id(9, 32)
  return (await signDriveRecord((await world).by, roomId, { drive, batches, head })).bytes
}

export const driveRecordForm = target({
  name: 'drive-record-form',
  seeds: async () => [await record(0), await record(5)],
  decode: decodeDriveRecord,
  encode: ({ publicKey, fields, signature }) => Buffer.concat([publicKey, fields, signature]),
})

export const driveRecord = target({
  name: 'drive-record',
  seeds: async () => [await record(0), await record(5)],
  decode: (input) => openDriveRecord(roomId, input),
  encode: ({ bytes }) => bytes,
  refuses,
})

export const remembered = target({
  name: 'remembered-files',
  seeds: async () => {
    const { by, under } = await world
    const one = { drive, author: by.peerId, batches: 5, head: id(9, 32), record: new Uint8Array(await record(5)) }
    const none = { ...one, record: undefined }
    return [
      encodeRememberedFiles({ masters: [], drives: [], own: undefined }),
      encodeRememberedFiles({ masters: [under, under], drives: [one, none], own: drive }),
    ]
  },
  decode: decodeRememberedFiles,
  encode: encodeRememberedFiles,
})

/** Letters of a code: what chance changes is found out by the check. */
export const replicaCodes = target({
  name: 'replica-code',
  seeds: async () => [bytesOf(await replicaCode(new Uint8Array(32).fill(7)))],
  decode: (input) => readReplicaCode(textOf(input)),
  encode: async (secret) => bytesOf(await replicaCode(secret)),
  form: 'clean',
})
