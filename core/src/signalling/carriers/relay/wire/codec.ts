import { Reader, Writer } from '../../../../codec/index.ts'
import { CodecError } from '../../../../errors/index.ts'
import {
  headerBytes,
  keyBytes,
  windowBounds,
  type Frame,
  type FrameType,
  type Network,
  type RefusalCode,
  type VersionRange,
} from './frames.ts'

const typeCodes: Readonly<Record<FrameType, number>> = {
  hello: 1,
  welcome: 2,
  network: 3,
  announce: 4,
  announced: 5,
  unannounce: 6,
  lookup: 7,
  peer: 8,
  done: 9,
  cancel: 10,
  connect: 11,
  open: 12,
  refused: 13,
  incoming: 14,
  data: 15,
  ack: 16,
  close: 17,
  ping: 18,
  pong: 19,
  'going-away': 20,
}
const typeOf = new Map(Object.entries(typeCodes).map(([type, code]) => [code, type as FrameType]))
const networks: readonly Network[] = ['public', 'local']
const refusals: readonly RefusalCode[] = ['refused', 'unreachable', 'limit', 'failed']

/** @throws {UsageError} `bad-value` when a number does not fit its field. */
export function encodeFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  if (frame.type === 'data') return encodeData(frame.id, frame.bytes)
  const writer = new Writer().u8(typeCodes[frame.type]).u32('id' in frame ? frame.id : 0)
  switch (frame.type) {
    case 'hello':
      writeRange(writer, frame.minors).u32(frame.windowBytes)
      break
    case 'welcome':
      writeRange(writer, frame.minors).u8(networks.indexOf(frame.network)).u32(frame.keepaliveMs)
      writer.u32(frame.windowBytes).u32(frame.maxDataBytes)
      writer.u16(frame.maxStreams).u16(frame.maxAnnouncements).u16(frame.maxLookups)
      break
    case 'network':
      writer.u8(networks.indexOf(frame.network))
      break
    case 'announce':
    case 'lookup':
      writer.fixed(frame.topic)
      break
    case 'announced':
    case 'peer':
    case 'connect':
      writer.fixed(frame.publicKey)
      break
    case 'refused':
      writer.u8(refusals.indexOf(frame.code))
      break
    case 'incoming':
      writer.u32(frame.announceId)
      break
    case 'ack':
      writer.u32(frame.credit)
      break
    default:
      break
  }
  return writer.finish()
}

/** The one frame whose speed matters. */
function encodeData(id: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(headerBytes + bytes.length)
  message[0] = typeCodes.data
  new DataView(message.buffer).setUint32(1, id)
  message.set(bytes, headerBytes)
  return message
}

/**
 * Reads one foreign message. `data` bytes are a view of it; all other fields are copies.
 * @throws {CodecError} `unknown-type`, `truncated`, `trailing`, `bad-value`; nothing else, whatever the bytes.
 */
export function decodeFrame(message: Uint8Array<ArrayBuffer>): Frame {
  const reader = new Reader(message)
  const type = typeOf.get(reader.u8())
  if (type === undefined) throw new CodecError('unknown-type', 'frame type not known')
  const id = reader.u32()
  if (type === 'data') {
    if (reader.remaining === 0 || id === 0) throw badValue()
    return { type, id, bytes: message.subarray(headerBytes) }
  }
  const frame = decodeRest(type, id, reader)
  // Later minor versions may add fields to the two frames that negotiate the version.
  if (type !== 'hello' && type !== 'welcome') reader.end()
  return frame
}

function decodeRest(type: Exclude<FrameType, 'data'>, id: number, reader: Reader): Frame {
  const aboutConnection = type === 'hello' || type === 'welcome' || type === 'network' || type === 'going-away'
  if (aboutConnection ? id !== 0 : id === 0 && type !== 'ping' && type !== 'pong') throw badValue()
  switch (type) {
    case 'hello':
      return { type, minors: readRange(reader), windowBytes: readWindow(reader) }
    case 'welcome':
      return {
        type,
        minors: readRange(reader),
        network: pick(networks, reader.u8()),
        keepaliveMs: atLeast(1_000, reader.u32()),
        windowBytes: readWindow(reader),
        maxDataBytes: atLeast(1, reader.u32()),
        maxStreams: reader.u16(),
        maxAnnouncements: reader.u16(),
        maxLookups: reader.u16(),
      }
    case 'network':
      return { type, network: pick(networks, reader.u8()) }
    case 'announce':
    case 'lookup':
      return { type, id, topic: reader.fixed(keyBytes) }
    case 'announced':
    case 'peer':
    case 'connect':
      return { type, id, publicKey: reader.fixed(keyBytes) }
    case 'refused':
      return { type, id, code: refusals[reader.u8()] ?? 'refused' }
    case 'incoming':
      return { type, id, announceId: reader.u32() }
    case 'ack':
      return { type, id, credit: atLeast(1, reader.u32()) }
    case 'unannounce':
    case 'done':
    case 'cancel':
    case 'open':
    case 'close':
    case 'ping':
    case 'pong':
      return { type, id }
    case 'going-away':
      return { type }
    default:
      return type satisfies never
  }
}

function writeRange(writer: Writer, range: VersionRange): Writer {
  return writer.u8(range.min).u8(range.max)
}

function readRange(reader: Reader): VersionRange {
  const min = reader.u8()
  return { min, max: atLeast(min, reader.u8()) }
}

function readWindow(reader: Reader): number {
  const bytes = atLeast(windowBounds.min, reader.u32())
  if (bytes > windowBounds.max) throw badValue()
  return bytes
}

function pick<T>(values: readonly T[], index: number): T {
  const value = values[index]
  if (value === undefined) throw badValue()
  return value
}

function atLeast(min: number, value: number): number {
  if (value < min) throw badValue()
  return value
}

function badValue(): CodecError {
  return new CodecError('bad-value', 'field out of its range')
}

/** The highest minor version in both ranges, if there is one. */
export function commonMinor(ours: VersionRange, theirs: VersionRange): number | undefined {
  const minor = Math.min(ours.max, theirs.max)
  return minor >= Math.max(ours.min, theirs.min) ? minor : undefined
}
