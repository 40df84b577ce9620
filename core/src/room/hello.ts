import { Reader, Writer } from '../codec/index.ts'
import { CodecError } from '../errors/index.ts'
import { cleanName, maxNameBytes } from './name.ts'

/** What a device says of itself inside the handshake. The other end believes the order of joining and the token, not more. */
export interface Hello {
  /** 16 random bytes of this page load: tells a reload from a second connection. */
  readonly instance: Uint8Array<ArrayBuffer>
  /** Unix milliseconds by the device's own clock. Ranks simultaneous joiners of a room that is almost full. */
  readonly joinedAtMs: number
  /** False for a headless peer: no media sections are negotiated with it. */
  readonly media: boolean
  /** Claims to be the host: then its key must be the one that the link pins. */
  readonly host: boolean
  /** As its owner wrote it, so that nobody is ever in a room without a name to see, a knocker included. */
  readonly name: string
  /** Of the invite that it came by, 16 bytes. */
  readonly token: Uint8Array<ArrayBuffer> | undefined
}

export const instanceBytes = 16
const tokenBytes = 16
/** 3: knows the road by members; 4: files of the room, and messages that speak of them. A session with one who does not would end at the first frame of it. */
const version = 4
const flag = { media: 1, host: 2, token: 4 } as const

export function encodeHello(hello: Hello): Uint8Array<ArrayBuffer> {
  const { media, host, token } = hello
  const flags = (media ? flag.media : 0) | (host ? flag.host : 0) | (token === undefined ? 0 : flag.token)
  const writer = new Writer()
    .u8(version)
    .fixed(hello.instance)
    .u64(hello.joinedAtMs)
    .u8(flags)
    .text16(cleanName(hello.name))
  return (token === undefined ? writer : writer.fixed(token)).finish()
}

/** Names come out clean. @throws {CodecError} on anything else than one whole hello of this version. */
export function decodeHello(bytes: Uint8Array): Hello {
  const reader = new Reader(bytes)
  if (reader.u8() !== version) throw new CodecError('bad-value', 'unknown version of hello')
  const instance = reader.fixed(instanceBytes)
  const joinedAtMs = reader.u53()
  const flags = reader.u8()
  if (flags > (flag.media | flag.host | flag.token)) throw new CodecError('bad-value', 'unknown flags in hello')
  const has = (bit: number): boolean => (flags & bit) !== 0
  const name = cleanName(reader.text16(maxNameBytes))
  const token = has(flag.token) ? reader.fixed(tokenBytes) : undefined
  reader.end()
  return { instance, joinedAtMs, media: has(flag.media), host: has(flag.host), name, token }
}
