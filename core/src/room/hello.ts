import { Reader, Writer } from '../codec/index.ts'
import { CodecError } from '../errors/index.ts'

/** What a device says of itself inside the handshake. The other end believes the order of joining, not more. */
export interface Hello {
  /** 16 random bytes of this page load: tells a reload from a second connection. */
  readonly instance: Uint8Array<ArrayBuffer>
  /** Unix milliseconds by the device's own clock. Ranks simultaneous joiners of a room that is almost full. */
  readonly joinedAtMs: number
  /** False for a headless peer: no media sections are negotiated with it. */
  readonly media: boolean
  /** Claims to be the host: then its key must be the one that the link pins. */
  readonly host: boolean
}

export const instanceBytes = 16
const version = 1
const flag = { media: 1, host: 2 } as const

export function encodeHello(hello: Hello): Uint8Array<ArrayBuffer> {
  return new Writer()
    .u8(version)
    .fixed(hello.instance)
    .u64(hello.joinedAtMs)
    .u8((hello.media ? flag.media : 0) | (hello.host ? flag.host : 0))
    .finish()
}

/** @throws {CodecError} on anything else than one whole hello of this version. */
export function decodeHello(bytes: Uint8Array): Hello {
  const reader = new Reader(bytes)
  if (reader.u8() !== version) throw new CodecError('bad-value', 'unknown version of hello')
  const instance = reader.fixed(instanceBytes)
  const joinedAtMs = reader.u53()
  const flags = reader.u8()
  reader.end()
  if (flags > (flag.media | flag.host)) throw new CodecError('bad-value', 'unknown flags in hello')
  return { instance, joinedAtMs, media: (flags & flag.media) !== 0, host: (flags & flag.host) !== 0 }
}
