import { Reader, Writer } from '../../../codec/index.ts'
import { CodecError } from '../../../errors/index.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Bytes that name a question or a stream. */
export const nameBytes = 16
/** Bytes of a public key, which is an address. */
export const keyBytes = 32
/** Largest payload of one cell: in base64 it fits what NIP-44 takes. */
export const maxDataBytes = 48_000

/** What devices say to each other inside gift wraps. */
export type Cell =
  /** To a topic's mailbox: who is here? Answer to `replyTo`. */
  | { readonly kind: 'seek'; readonly name: Bytes; readonly replyTo: Bytes }
  /** To whoever asked: somebody can be dialled at this address. */
  | { readonly kind: 'here'; readonly name: Bytes; readonly address: Bytes }
  /** To an address: a stream, whose other end is reached at `replyTo`. Repeated until it is acknowledged. */
  | { readonly kind: 'open'; readonly name: Bytes; readonly replyTo: Bytes }
  /** A piece of a stream. Pieces are counted from 0, the `end` included. */
  | { readonly kind: 'data'; readonly name: Bytes; readonly seq: number; readonly bytes: Bytes }
  | { readonly kind: 'end'; readonly name: Bytes; readonly seq: number }
  /** Every piece below `next` has come; those below `limit` may. */
  | { readonly kind: 'ack'; readonly name: Bytes; readonly next: number; readonly limit: number }
  /** Asks for an `ack`. */
  | { readonly kind: 'probe'; readonly name: Bytes }

const tag = { seek: 1, here: 2, open: 3, data: 4, end: 5, ack: 6, probe: 7 } as const

/** `u8 kind | 16 name | fields` */
export function encodeCell(cell: Cell): Bytes {
  const writer = new Writer().u8(tag[cell.kind]).fixed(cell.name)
  switch (cell.kind) {
    case 'seek':
    case 'open':
      return writer.fixed(cell.replyTo).finish()
    case 'here':
      return writer.fixed(cell.address).finish()
    case 'data':
      return writer.u32(cell.seq).fixed(cell.bytes).finish()
    case 'end':
      return writer.u32(cell.seq).finish()
    case 'ack':
      return writer.u32(cell.next).u32(cell.limit).finish()
    case 'probe':
      return writer.finish()
  }
}

/** @throws {CodecError} on anything that `encodeCell` does not produce. */
export function decodeCell(message: Uint8Array): Cell {
  const reader = new Reader(message)
  const kind = reader.u8()
  const name = reader.fixed(nameBytes)
  const cell = readFields(kind, name, reader)
  reader.end()
  return cell
}

function readFields(kind: number, name: Bytes, reader: Reader): Cell {
  switch (kind) {
    case tag.seek:
      return { kind: 'seek', name, replyTo: reader.fixed(keyBytes) }
    case tag.here:
      return { kind: 'here', name, address: reader.fixed(keyBytes) }
    case tag.open:
      return { kind: 'open', name, replyTo: reader.fixed(keyBytes) }
    case tag.data: {
      const seq = reader.u32()
      if (reader.remaining === 0 || reader.remaining > maxDataBytes) throw new CodecError('bad-value', 'no such piece')
      return { kind: 'data', name, seq, bytes: reader.fixed(reader.remaining) }
    }
    case tag.end:
      return { kind: 'end', name, seq: reader.u32() }
    case tag.ack:
      return { kind: 'ack', name, next: reader.u32(), limit: reader.u32() }
    case tag.probe:
      return { kind: 'probe', name }
    default:
      throw new CodecError('unknown-type', 'no such cell')
  }
}
