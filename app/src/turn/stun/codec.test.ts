import { readFileSync } from 'node:fs'
import { SocketAddress } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { longTermKey } from '../access/index.ts'
import {
  addressBytes,
  addressText,
  attributeTypes,
  channelHeader,
  decodeChannelData,
  decodeMessage,
  decodeXorAddress,
  encodeMessage,
  encodeXorAddress,
  notUnderstood,
  plainAddress,
  StreamSplitter,
  textOf,
  valueOf,
  verifyIntegrity,
  type StunClass,
  type TransportAddress,
} from './index.ts'

interface Vector {
  readonly name: string
  readonly key: { readonly username?: string; readonly realm?: string; readonly password: string }
  readonly fingerprint: boolean
  readonly class: StunClass
  readonly username?: string
  readonly mapped?: TransportAddress
  readonly bytes: string
}

const file = new URL('../../../test/vectors/rfc5769.json', import.meta.url)
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] }

const keyOf = ({ username, realm, password }: Vector['key']): Buffer =>
  username === undefined || realm === undefined ? Buffer.from(password) : longTermKey(username, realm, password)

describe('the vectors of RFC 5769', () => {
  it.each(vectors)('$name', (vector) => {
    const message = decodeMessage(Buffer.from(vector.bytes, 'hex'))
    expect(message).toMatchObject({ class: vector.class, method: 1, fingerprinted: vector.fingerprint })
    const key = keyOf(vector.key)
    expect(verifyIntegrity(message!, { algorithm: 'sha1', key })).toBe(true)
    expect(verifyIntegrity(message!, { algorithm: 'sha1', key: Buffer.from('another') })).toBe(false)
    expect(textOf(message!, attributeTypes.username)).toBe(vector.username)
    const mapped = valueOf(message!, attributeTypes.xorMappedAddress)
    expect(mapped && decodeXorAddress(mapped, message!.transactionId)).toEqual(vector.mapped)
  })

  it('fail when any one bit is another one', () => {
    for (const vector of vectors.filter(({ fingerprint }) => fingerprint)) {
      const bytes = Buffer.from(vector.bytes, 'hex')
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const changed = Buffer.from(bytes)
        changed[bit >> 3]! ^= 1 << (bit & 7)
        const message = decodeMessage(changed)
        const holds =
          message?.fingerprinted === true && verifyIntegrity(message, { algorithm: 'sha1', key: keyOf(vector.key) })
        expect(holds, `${vector.name}, bit ${String(bit)}`).toBe(false)
      }
    }
  })
})

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const reserved = [attributeTypes.messageIntegrity, attributeTypes.messageIntegritySha256, attributeTypes.fingerprint]
const content = fc.record({
  class: fc.constantFrom<StunClass>('request', 'indication', 'success', 'error'),
  method: fc.integer({ min: 0, max: 0xfff }),
  transactionId: bytes(12),
  attributes: fc.array(
    fc.record({
      type: fc.integer({ min: 0, max: 0xffff }).filter((type) => !reserved.includes(type as never)),
      value: fc.uint8Array({ maxLength: 40 }),
    }),
    { maxLength: 12 },
  ),
})
const protection = fc.record({
  integrity: fc.option(
    fc.record({ algorithm: fc.constantFrom('sha1' as const, 'sha256' as const), key: fc.uint8Array() }),
    { nil: undefined },
  ),
  fingerprint: fc.boolean(),
})
const address = fc.oneof(
  fc.record({ family: fc.constant(4 as const), address: fc.ipV4(), port: fc.nat(65_535) }),
  fc.record({ family: fc.constant(6 as const), address: bytes(16).map(addressText), port: fc.nat(65_535) }),
)
const plain = (value: Uint8Array): number[] => [...value]

describe('messages', () => {
  it('come back as they were written, protected as asked', () => {
    fc.assert(
      fc.property(content, protection, (written, protectedBy) => {
        const read = decodeMessage(encodeMessage(written, protectedBy))
        expect(read).toMatchObject({
          class: written.class,
          method: written.method,
          fingerprinted: protectedBy.fingerprint,
        })
        expect(plain(read!.transactionId)).toEqual(plain(written.transactionId))
        expect(read!.attributes.map(({ type, value }) => [type, plain(value)])).toEqual(
          written.attributes.map(({ type, value }) => [type, plain(value)]),
        )
        if (protectedBy.integrity) {
          expect(verifyIntegrity(read!, protectedBy.integrity)).toBe(true)
          const otherKey = Buffer.concat([protectedBy.integrity.key, Buffer.from([1])])
          expect(verifyIntegrity(read!, { ...protectedBy.integrity, key: otherKey })).toBe(false)
        } else expect([read!.integrityAt, read!.integritySha256At]).toEqual([undefined, undefined])
      }),
    )
  })

  it('take any bytes without an exception', () => {
    const nearly = fc
      .tuple(content, protection, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }))
      .map(([written, protectedBy, changes]) => {
        const message = encodeMessage(written, protectedBy)
        for (const [at, byte] of changes) message[at % message.length] = byte
        return message
      })
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), nearly), (input) => {
        const message = decodeMessage(input)
        if (message === undefined) return
        for (const algorithm of ['sha1', 'sha256'] as const) {
          expect(verifyIntegrity(message, { algorithm, key: Buffer.from('k') })).toBeTypeOf('boolean')
        }
        notUnderstood(message)
        for (const { value } of message.attributes) decodeXorAddress(value, message.transactionId)
        decodeChannelData(input)
      }),
      { numRuns: 2_000 },
    )
  })

  it('hide what stands behind their integrity, and end at their fingerprint', () => {
    const key = Buffer.from('k')
    const inner = encodeMessage(
      { class: 'request', method: 1, transactionId: Buffer.alloc(12), attributes: [] },
      { integrity: { algorithm: 'sha1', key } },
    )
    const added = Buffer.concat([inner, Buffer.from([0, 0x0d, 0, 4, 0, 0, 0, 9])])
    added.writeUInt16BE(added.length - 20, 2)
    const read = decodeMessage(added)
    expect(read?.attributes).toEqual([])
    expect(verifyIntegrity(read!, { algorithm: 'sha1', key })).toBe(true)

    const whole = encodeMessage(
      { class: 'request', method: 1, transactionId: Buffer.alloc(12), attributes: [] },
      { fingerprint: true },
    )
    const longer = Buffer.concat([whole, Buffer.from([0, 0x0d, 0, 4, 0, 0, 0, 9])])
    longer.writeUInt16BE(longer.length - 20, 2)
    expect(decodeMessage(longer)).toBeUndefined()
  })

  it('accept a SHA-256 integrity cut to 16 bytes, and none shorter', () => {
    const key = Buffer.from('k')
    const written = { class: 'request', method: 3, transactionId: Buffer.alloc(12), attributes: [] } as const
    const full = encodeMessage(written, { integrity: { algorithm: 'sha256', key } })
    // What a cut one covers has another length field, so it is computed anew: as the receiver does it.
    for (const [size, accepted] of [
      [16, true],
      [12, false],
    ] as const) {
      const cut = Buffer.from(full.subarray(0, 24 + size))
      cut.writeUInt16BE(4 + size, 2)
      cut.writeUInt16BE(size, 22)
      expect(decodeMessage(cut) !== undefined).toBe(accepted)
    }
  })
})

describe('addresses', () => {
  it('come back from their XORed form', () => {
    fc.assert(
      fc.property(address, bytes(12), (written, id) => {
        expect(decodeXorAddress(encodeXorAddress(written, id), id)).toEqual(written)
      }),
    )
  })

  it('have one text each, the one that the system gives', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const canonical = addressText(addressBytes(text)!)
        const system = new SocketAddress({ family: 'ipv6', address: text }).address
        expect(addressBytes(canonical)).toEqual(addressBytes(system))
        if (!system.includes('.')) expect(canonical).toBe(system)
      }),
    )
  })

  it.each([
    ['::', '::'],
    ['1::', '1::'],
    ['::1', '::1'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['10.0.0.1', '10.0.0.1'],
  ])('%s is plainly %s', (text, expected) => {
    expect(plainAddress(text, 7)).toEqual({ family: expected.includes(':') ? 6 : 4, address: expected, port: 7 })
  })

  it.each(['', 'x', '1.2.3', '::g', '1::2::3', '10.0.0.1:5'])('%j is none', (text) => {
    expect(plainAddress(text, 7)).toBeUndefined()
  })
})

describe('ChannelData', () => {
  it('comes back from a datagram, padded or not', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0x4000, max: 0x4fff }),
        fc.uint8Array({ maxLength: 99 }),
        fc.nat(3),
        (channel, data, pad) => {
          const datagram = Buffer.concat([channelHeader(channel, data.length), data, Buffer.alloc(pad)])
          const read = decodeChannelData(datagram)
          expect([read?.channel, plain(read!.data)]).toEqual([channel, plain(data)])
          expect(decodeChannelData(datagram.subarray(0, 3 + data.length))).toBeUndefined()
        },
      ),
    )
  })
})

describe('a stream', () => {
  const frames = fc.array(
    fc.oneof(
      content.map((one) => encodeMessage(one)),
      fc.uint8Array({ maxLength: 60 }).map((data) => {
        const padding = Buffer.alloc((4 - (data.length % 4)) % 4)
        return Buffer.concat([channelHeader(0x4001, data.length), data, padding])
      }),
    ),
    { maxLength: 8 },
  )

  it('is cut into the messages that were written, however it is chopped', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1 }), (written, sizes) => {
        const splitter = new StreamSplitter(4_096)
        const stream = Buffer.concat(written)
        const read: Buffer[] = []
        for (let at = 0, turn = 0; at < stream.length; turn += 1) {
          const end = at + (sizes[turn % sizes.length] ?? 1)
          read.push(...splitter.push(stream.subarray(at, end))!)
          at = end
        }
        expect(read.map(plain)).toEqual(written.map(plain))
      }),
    )
  })

  it('ends at what is no message, and at a message above the bound', () => {
    expect(new StreamSplitter(4_096).push(Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toBeUndefined()
    expect(new StreamSplitter(100).push(channelHeader(0x4000, 100))).toBeUndefined()
    expect(new StreamSplitter(104).push(channelHeader(0x4000, 100))).toEqual([])
  })
})
