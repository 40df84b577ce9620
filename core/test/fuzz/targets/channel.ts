import { decodePayload, encodePayload } from '../../../src/channel/handshake-payload.ts'
import { Envelope } from '../../../src/channel/envelope.ts'
import { minPaddedBytes } from '../../../src/channel/limits.ts'
import { decodeCapabilities, encodeCapabilities, ourCapabilities } from '../../../src/channel/negotiation.ts'
import {
  decodeTransport,
  encodeTransport,
  type TransportMessage,
} from '../../../src/channel/transport/transport-message.ts'
import { pad, unpad } from '../../../src/codec/index.ts'
import { AuthenticationError, CodecError } from '../../../src/errors/index.ts'
import { webRandom } from '../../../src/runtime/platform/index.ts'
import { FrameReader, frameToBytes } from '../../../src/signalling/carriers/framing/frame-reader.ts'
import { fakeStreamPair, RoomFixture } from '../../../src/testing/index.ts'
import { target } from '../target.ts'

const bytes = (length: number, value = 7) => new Uint8Array(length).fill(value)

const messages: readonly (readonly TransportMessage[])[] = [
  [{ kind: 'data', body: bytes(40) }],
  [
    { kind: 'proof', signature: bytes(64) },
    { kind: 'data', body: bytes(0) },
  ],
  [{ kind: 'ping' }, { kind: 'rekey' }],
  [{ kind: 'close', reason: 'kicked' }],
]

/** Buckets are the sender's choice, so a padded form is not the only one. */
export const padding = target({
  name: 'padding',
  seeds: () => [pad(bytes(0)), pad(bytes(100)), pad(bytes(300))],
  decode: (input): Uint8Array => unpad(input),
  encode: (content) => pad(content),
  form: 'clean',
})

export const capabilities = target({
  name: 'capabilities',
  seeds: () =>
    [ourCapabilities, { lowestVersion: 1, highestVersion: 0x0300, suites: [1, 2, 3] }].map(encodeCapabilities),
  decode: decodeCapabilities,
  encode: encodeCapabilities,
})

export const handshakePayload = target({
  name: 'handshake-payload',
  // A hello of 4 KiB, padded.
  maxLength: 8_192,
  seeds: () =>
    [0, 60, 512].map((length) =>
      encodePayload({
        choice: { version: 0x0100, suite: 1 },
        publicKey: bytes(32),
        binding: bytes(64, 9),
        hello: bytes(length),
      }),
    ),
  decode: decodePayload,
  encode: encodePayload,
  form: 'clean',
})

export const transport = target({
  name: 'transport',
  seeds: () => messages.map((batch) => encodeTransport(batch)),
  decode: decodeTransport,
  encode: encodeTransport,
  form: 'clean',
})

/** What is inside the padding, so that chance does not have to keep zeros. */
export const transportContent = target({
  name: 'transport-content',
  seeds: () => messages.map((batch) => unpad(encodeTransport(batch))),
  decode: (content) => decodeTransport(pad(content, minPaddedBytes)),
  encode: (batch) => unpad(encodeTransport(batch)),
})

const opened = RoomFixture.create().then(async ({ keys }) => {
  const [, stream] = fakeStreamPair()
  return {
    envelope: await Envelope.of(stream, keys, webRandom, 'responder'),
    sender: await Envelope.of(stream, keys, webRandom, 'initiator'),
  }
})

export const envelope = target({
  name: 'envelope',
  seeds: async () => {
    const { sender } = await opened
    return Promise.all([0, 100, 600].map((length) => sender.seal(bytes(length))))
  },
  decode: async (frame) => (await opened).envelope.open(frame),
  refuses: [CodecError, AuthenticationError],
})

/** Bytes cut into pieces: each begins with its length. The frames must not depend on the cuts. */
export const frames = target({
  name: 'frames',
  seeds: () => [
    Uint8Array.of(5, ...frameToBytes(bytes(3)), 4, ...frameToBytes(bytes(2))),
    Uint8Array.of(1, 0, 1, 3, 2, 9, 9, 60, ...frameToBytes(bytes(30))),
  ],
  decode: (input) => {
    const pieces: Uint8Array<ArrayBuffer>[] = []
    for (let at = 0; at < input.length;) {
      const length = input[at] ?? 0
      pieces.push(input.slice(at + 1, at + 1 + length))
      at += 1 + length
    }
    const [cut, whole] = [readAll(pieces), readAll([new Uint8Array(Buffer.concat(pieces))])]
    if (Buffer.compare(Buffer.concat(cut), Buffer.concat(whole)) !== 0) throw new Error('frames depend on the cuts')
    return cut
  },
})

function readAll(pieces: readonly Uint8Array<ArrayBuffer>[]): readonly Uint8Array[] {
  const reader = new FrameReader()
  const read: Uint8Array[] = []
  for (const piece of pieces) {
    reader.push(piece)
    for (let frame = next(reader); frame !== undefined; frame = next(reader)) read.push(frameToBytes(frame))
  }
  return read
}

/** What came before an empty frame has been delivered when that one is found. */
function next(reader: FrameReader): Uint8Array | undefined {
  try {
    return reader.next()
  } catch (error) {
    if (!(error instanceof CodecError)) throw error
    return undefined
  }
}
