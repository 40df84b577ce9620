import { fromHex, toHex, utf8 } from '../../bytes/index.ts'
import { Reader, Writer } from '../../codec/index.ts'
import { CodecError, UsageError } from '../../errors/index.ts'
import { idBytes } from '../ids.ts'
import { wrappedKeyBytes } from '../keys/index.ts'
import { maxBatchBytes, maxMediaTypeBytes, maxObjectBytes, maxWrittenNameBytes } from '../limits.ts'
import type { Op } from './op.ts'

/*
 * op = kind u8 | clock u48 | node 16, then
 *   1 put      parent 16, name, replaced object, object 16, size u64, modified u64, media type, root 32, master 16, wrapped key 48
 *   2 folder   parent 16, name
 *   3 move     parent 16, name
 *   4 delete
 *   5 restore  restored object
 *   6 purge    object 16
 * name, media type = length u16 | UTF-8;  replaced, restored object = u8 0 | u8 1, 16
 */
const tag = { put: 1, folder: 2, move: 3, delete: 4, restore: 5, purge: 6 } as const
const rootBytes = 32

/** @throws {UsageError} `too-long`, `bad-value` for what nobody could read again: one such op would cost the drive all that comes after it. */
export function encodeOp(op: Op): Uint8Array<ArrayBuffer> {
  const writer = new Writer()
    .u8(tag[op.kind])
    .u16(Math.floor(op.clock / 2 ** 32))
    .u32(op.clock % 2 ** 32)
    .fixed(fromHex(op.node))
  switch (op.kind) {
    case 'put':
      if (op.sizeBytes > maxObjectBytes) throw new UsageError('too-long', 'no file is that large')
      writer.fixed(fromHex(op.parent))
      writeText(writer, op.name, maxWrittenNameBytes)
      writeOptional(writer, op.replaces)
      writer.fixed(fromHex(op.object)).u64(op.sizeBytes).u64(op.modifiedAtMs)
      writeText(writer, op.mediaType, maxMediaTypeBytes)
      return writer.fixed(op.root).fixed(fromHex(op.key.master)).fixed(op.key.sealed).finish()
    case 'folder':
    case 'move':
      writer.fixed(fromHex(op.parent))
      writeText(writer, op.name, maxWrittenNameBytes)
      return writer.finish()
    case 'delete':
      return writer.finish()
    case 'restore':
      writeOptional(writer, op.object)
      return writer.finish()
    case 'purge':
      return writer.fixed(fromHex(op.object)).finish()
  }
}

/** @throws {CodecError} on anything that `encodeOp` does not produce. */
function readOneOp(reader: Reader): Op {
  const kind = reader.u8()
  const clock = reader.u16() * 2 ** 32 + reader.u32()
  const node = idIn(reader)
  switch (kind) {
    case tag.put: {
      const parent = idIn(reader)
      const name = reader.text16(maxWrittenNameBytes)
      const replaces = optionalIn(reader)
      const object = idIn(reader)
      const sizeBytes = reader.u53()
      if (sizeBytes > maxObjectBytes) throw new CodecError('too-long', 'no file is that large')
      const modifiedAtMs = reader.u53()
      const mediaType = reader.text16(maxMediaTypeBytes)
      const root = reader.fixed(rootBytes)
      const key = { master: idIn(reader), sealed: reader.fixed(wrappedKeyBytes) }
      return { kind: 'put', clock, node, parent, name, replaces, object, sizeBytes, modifiedAtMs, mediaType, root, key }
    }
    case tag.folder:
    case tag.move: {
      const parent = idIn(reader)
      const name = reader.text16(maxWrittenNameBytes)
      return { kind: kind === tag.folder ? 'folder' : 'move', clock, node, parent, name }
    }
    case tag.delete:
      return { kind: 'delete', clock, node }
    case tag.restore:
      return { kind: 'restore', clock, node, object: optionalIn(reader) }
    case tag.purge:
      return { kind: 'purge', clock, node, object: idIn(reader) }
    default:
      throw new CodecError('bad-value', 'unknown op')
  }
}

/** `u16 count`, then the ops. */
export function encodeOps(ops: readonly Op[]): Uint8Array<ArrayBuffer> {
  const writer = new Writer().u16(ops.length)
  for (const op of ops) writer.fixed(encodeOp(op))
  return writer.finish()
}

/** @throws {CodecError} on anything that `encodeOps` does not produce. */
export function decodeOps(bytes: Uint8Array): Op[] {
  if (bytes.length > maxBatchBytes) throw new CodecError('too-long', 'no batch is that long')
  const reader = new Reader(bytes)
  const ops: Op[] = []
  for (let count = reader.u16(); count > 0; count--) ops.push(readOneOp(reader))
  reader.end()
  return ops
}

function writeText(writer: Writer, text: string, maxBytes: number): void {
  const bytes = utf8(text)
  if (bytes.length > maxBytes) throw new UsageError('too-long', 'text longer than its field')
  writer.bytes16(bytes)
}

function writeOptional(writer: Writer, id: string | undefined): void {
  writer.u8(id === undefined ? 0 : 1)
  if (id !== undefined) writer.fixed(fromHex(id))
}

function optionalIn(reader: Reader): string | undefined {
  const has = reader.u8()
  if (has > 1) throw new CodecError('bad-value', 'neither yes nor no')
  return has === 1 ? idIn(reader) : undefined
}

function idIn(reader: Reader): string {
  return toHex(reader.fixed(idBytes))
}
