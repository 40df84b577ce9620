import { concat, fromHex, toHex } from '../../bytes/index.ts'
import { Reader, Writer } from '../../codec/index.ts'
import { CodecError } from '../../errors/index.ts'
import type { PeerId } from '../../identity/index.ts'
import { instanceBytes } from '../hello.ts'
import { maxKeptMessages, maxMessageBytes, type MessageFile } from '../view.ts'
import { readMessageFiles, writeMessageFiles } from './message-files.ts'

/** One message as a device keeps it between visits. */
export interface KeptMessage {
  readonly from: PeerId
  /** The sender's page load, in hex, and the message's count in it: with the sender they are its id. */
  readonly instance: string
  readonly seq: number
  readonly lamport: number
  readonly sentAtMs: number
  /** As the sender was called when it wrote. */
  readonly fromName: string
  readonly content: string
  readonly files: readonly MessageFile[]
  /** Whether the user of this device has looked at it. */
  readonly read: boolean
  /** How far an own message has come; undefined for one that we received. */
  readonly sent: { readonly acknowledged: number; readonly waiting: readonly PeerId[] } | undefined
}

/** What a device keeps of one room's chat at most, beside `maxKeptMessages`: the whole is written anew after each change. */
export const maxKeptChatBytes = 524_288
const version = 1
/** A message without files is written as it was before there were any: what an earlier version of this page kept stays readable. */
const flag = { own: 1, read: 2, files: 4 } as const
/** 43 characters of base64url are a participant's key. */
const maxPeerIdBytes = 64
const maxNameBytes = 256
const headerBytes = 5

/** Writes the latest of these messages (oldest first) that the bounds have room for. */
export function encodeKeptChat(messages: readonly KeptMessage[]): Uint8Array<ArrayBuffer> {
  const latestFirst: Uint8Array<ArrayBuffer>[] = []
  let length = headerBytes
  for (const message of messages.slice(-maxKeptMessages).reverse()) {
    const bytes = encodeMessage(message)
    length += bytes.length
    if (length > maxKeptChatBytes) break
    latestFirst.push(bytes)
  }
  return concat(new Writer().u8(version).u32(latestFirst.length).finish(), ...latestFirst.reverse())
}

/** What is said of files comes out clean. @throws {CodecError} on anything that `encodeKeptChat` does not produce. */
export function decodeKeptChat(bytes: Uint8Array): readonly KeptMessage[] {
  if (bytes.length > maxKeptChatBytes) throw new CodecError('too-long', 'more than is ever kept')
  const reader = new Reader(bytes)
  if (reader.u8() !== version) throw new CodecError('bad-value', 'unknown version of a kept chat')
  const count = reader.u32()
  if (count > maxKeptMessages) throw new CodecError('too-long', 'more messages than are ever kept')
  const messages: KeptMessage[] = []
  while (messages.length < count) messages.push(readMessage(reader))
  reader.end()
  return messages
}

function encodeMessage(message: KeptMessage): Uint8Array<ArrayBuffer> {
  const { from, instance, seq, lamport, sentAtMs, fromName, content, files, read, sent } = message
  const writer = new Writer()
    .u8((sent === undefined ? 0 : flag.own) | (read ? flag.read : 0) | (files.length > 0 ? flag.files : 0))
    .text16(from)
    .fixed(fromHex(instance))
    .u32(seq)
    .u64(lamport)
    .u64(sentAtMs)
    .text16(fromName)
    .text16(content)
  if (files.length > 0) writeMessageFiles(writer, files)
  if (sent === undefined) return writer.finish()
  writer.u8(sent.acknowledged).u8(sent.waiting.length)
  for (const peer of sent.waiting) writer.text16(peer)
  return writer.finish()
}

function readMessage(reader: Reader): KeptMessage {
  const flags = reader.u8()
  if ((flags & ~(flag.own | flag.read | flag.files)) !== 0)
    throw new CodecError('bad-value', 'unknown flags of a kept message')
  return {
    from: peerId(reader),
    instance: toHex(reader.fixed(instanceBytes)),
    seq: reader.u32(),
    lamport: reader.u53(),
    sentAtMs: reader.u53(),
    fromName: reader.text16(maxNameBytes),
    content: reader.text16(maxMessageBytes),
    files: (flags & flag.files) === 0 ? [] : someFiles(reader),
    read: (flags & flag.read) !== 0,
    sent: (flags & flag.own) === 0 ? undefined : readSent(reader),
  }
}

function someFiles(reader: Reader): readonly MessageFile[] {
  const files = readMessageFiles(reader)
  if (files.length === 0) throw new CodecError('bad-value', 'a message of no files says so')
  return files
}

function readSent(reader: Reader): NonNullable<KeptMessage['sent']> {
  const acknowledged = reader.u8()
  const waiting: PeerId[] = []
  for (let count = reader.u8(); count > 0; count--) waiting.push(peerId(reader))
  return { acknowledged, waiting }
}

function peerId(reader: Reader): PeerId {
  return reader.text16(maxPeerIdBytes) as PeerId
}
