import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CodecError } from '../errors/index.ts'
import { decodePayload, encodePayload } from './handshake-payload.ts'
import { maxTransportBytes } from './limits.ts'
import {
  choose,
  decodeCapabilities,
  encodeCapabilities,
  isOffered,
  ourCapabilities,
  prologueOf,
} from './negotiation.ts'
import { closeReasons, maxChannelMessageBytes } from './secure-channel.ts'
import {
  decodeTransport,
  encodedBytes,
  encodeTransport,
  maxFrameContentBytes,
  maxMessagesPerFrame,
  type TransportMessage,
} from './transport/transport-message.ts'
import { RoomFixture } from '../testing/index.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((b) => Uint8Array.from(b))
const upTo = (maxLength: number) => fc.uint8Array({ maxLength }).map((b) => Uint8Array.from(b))
const u16 = fc.integer({ min: 0, max: 0xffff })

describe('what travels in a channel', () => {
  it('capabilities: reads what it writes', () => {
    const capabilities = fc
      .record({ a: u16, b: u16, suites: fc.array(u16, { minLength: 1, maxLength: 8 }) })
      .map(({ a, b, suites }) => ({ lowestVersion: Math.min(a, b), highestVersion: Math.max(a, b), suites }))
    fc.assert(
      fc.property(capabilities, (value) => {
        expect(decodeCapabilities(encodeCapabilities(value))).toEqual(value)
      }),
    )
  })

  it('handshake payload: reads what it writes', () => {
    const choice = fc.record({ version: u16, suite: u16 })
    const payload = fc.record({ choice, publicKey: bytes(32), binding: bytes(64), hello: upTo(4_096) })
    fc.assert(
      fc.property(payload, (value) => {
        expect(decodePayload(encodePayload(value))).toEqual(value)
      }),
    )
  })

  it('transport messages: reads what it writes', () => {
    const message: fc.Arbitrary<TransportMessage> = fc.oneof(
      upTo(2_000).map((body) => ({ kind: 'data' as const, body })),
      fc.constantFrom(...closeReasons).map((reason) => ({ kind: 'close' as const, reason })),
      bytes(64).map((signature) => ({ kind: 'proof' as const, signature })),
      fc.constantFrom({ kind: 'rekey' as const }, { kind: 'ping' as const }),
    )
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: maxMessagesPerFrame }), (values) => {
        fc.pre(values.reduce((sum, value) => sum + encodedBytes(value), 0) <= maxFrameContentBytes)
        const padded = encodeTransport(values)
        expect(decodeTransport(padded)).toEqual(values)
        expect(padded.length).toBeLessThanOrEqual(maxTransportBytes)
      }),
    )
  })

  it('the largest message fits, padded', () => {
    const padded = encodeTransport([{ kind: 'data', body: new Uint8Array(maxChannelMessageBytes) }])
    expect(padded.length).toBeLessThanOrEqual(maxTransportBytes)
  })

  it.each([
    ['capabilities', decodeCapabilities],
    ['handshake payload', decodePayload],
    ['transport message', decodeTransport],
  ] as const)('%s: arbitrary bytes give a value or a CodecError', (_, decode: (input: Uint8Array) => unknown) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (input) => {
        try {
          decode(input)
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('answers an offer with what is in it, or nothing', () => {
    const choice = choose(ourCapabilities)
    expect(choice).toEqual({ version: 0x0100, suite: 1 })
    expect(choose({ lowestVersion: 0x0100, highestVersion: 0x0200, suites: [7, 1] })).toEqual(choice)
    expect(choose({ lowestVersion: 0x0101, highestVersion: 0x0200, suites: [1] })).toBeUndefined()
    expect(choose({ ...ourCapabilities, suites: [2] })).toBeUndefined()
    expect(isOffered({ version: 0x0100, suite: 2 }, ourCapabilities)).toBe(false)
  })

  it('the prologue differs with each thing it holds', async () => {
    const { keys } = await RoomFixture.create()
    const offer = encodeCapabilities(ourCapabilities)
    const prologues = await Promise.all([
      prologueOf(keys, offer, 0x0100),
      prologueOf(keys, offer, 0x0101),
      prologueOf(keys, offer.slice(1), 0x0100),
      prologueOf({ ...keys, roomId: new Uint8Array(16) }, offer, 0x0100),
      prologueOf({ ...keys, topicRootHash: new Uint8Array(32) }, offer, 0x0100),
    ])
    expect(new Set(prologues.map(String)).size).toBe(prologues.length)
  })
})
