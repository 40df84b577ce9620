import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromHex, toHex } from '../bytes/index.ts'
import { CodecError, UsageError } from '../errors/index.ts'
import { Reader, Writer } from './index.ts'

type Field =
  | { readonly kind: 'u8' | 'u16' | 'u32' | 'u53'; readonly value: number }
  | { readonly kind: 'u64'; readonly value: bigint }
  | { readonly kind: 'fixed' | 'bytes16' | 'bytes32'; readonly value: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'text16'; readonly value: string }

const someBytes = fc.uint8Array({ maxLength: 40 }).map((value) => new Uint8Array(value))
const field: fc.Arbitrary<Field> = fc.oneof(
  fc.record({ kind: fc.constant('u8' as const), value: fc.integer({ min: 0, max: 0xff }) }),
  fc.record({ kind: fc.constant('u16' as const), value: fc.integer({ min: 0, max: 0xffff }) }),
  fc.record({ kind: fc.constant('u32' as const), value: fc.integer({ min: 0, max: 0xffff_ffff }) }),
  fc.record({ kind: fc.constant('u53' as const), value: fc.maxSafeNat() }),
  fc.record({ kind: fc.constant('u64' as const), value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }),
  fc.record({ kind: fc.constantFrom('fixed' as const, 'bytes16' as const, 'bytes32' as const), value: someBytes }),
  fc.record({ kind: fc.constant('text16' as const), value: fc.string({ unit: 'binary', maxLength: 10 }) }),
)

test('a reader returns what a writer wrote, and any cut is noticed', () => {
  fc.assert(
    fc.property(fc.array(field, { maxLength: 8 }), fc.nat(), (fields, at) => {
      const message = fields.reduce(write, new Writer()).finish()
      const reader = new Reader(message)
      for (const one of fields) expect(read(reader, one)).toEqual(one.value)
      expect(reader.remaining).toBe(0)
      reader.end()

      if (message.length === 0) return
      const cut = new Reader(message.subarray(0, at % message.length))
      expect(() => fields.forEach((one) => read(cut, one))).toThrow(expect.objectContaining({ code: 'truncated' }))
    }),
  )
})

test('garbage throws nothing but CodecError', () => {
  const codes = ['truncated', 'trailing', 'too-long', 'bad-utf8', 'bad-value']
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.array(field, { maxLength: 5 }), (garbage, fields) => {
      try {
        const reader = new Reader(garbage)
        for (const one of fields) read(reader, one)
        reader.end()
      } catch (error) {
        expect(error).toBeInstanceOf(CodecError)
        expect(codes).toContain(error instanceof CodecError ? error.code : '')
      }
    }),
    { numRuns: 1000 },
  )
})

test('the wire form is big endian with the prefixes that the names tell', () => {
  const message = new Writer()
    .u8(1)
    .u16(0x0203)
    .u32(0x8405_0607)
    .u64(2 ** 53 - 1)
    .u64(2n ** 64n - 1n)
    .fixed(Uint8Array.of(0xaa))
    .bytes16(Uint8Array.of(0xbb))
    .bytes32(Uint8Array.of(0xcc))
    .text16('é')
    .finish()
  expect(toHex(message)).toBe('01020384050607001fffffffffffffffffffffffffffffaa0001bb00000001cc0002c3a9')
})

test.each([
  ['a u53 of 2^53', '0020000000000000', (reader: Reader) => reader.u53(), 'bad-value'],
  ['bytes16 above its limit', '0002aabb', (reader: Reader) => reader.bytes16(1), 'too-long'],
  ['bytes32 that claims 4 GiB', 'ffffffff', (reader: Reader) => reader.bytes32(100), 'too-long'],
  ['bytes32 longer than the message', '00000002aa', (reader: Reader) => reader.bytes32(100), 'truncated'],
  ['ill-formed text', '0001ff', (reader: Reader) => reader.text16(9), 'bad-utf8'],
  ['bytes after the end', '00', (reader: Reader) => reader.end(), 'trailing'],
])('%s is refused', (_name, hex, act, code) => {
  expect(() => act(new Reader(fromHex(hex)))).toThrow(expect.objectContaining({ code, name: 'CodecError' }))
})

test('fields are copies, at any offset of a larger buffer', () => {
  const buffer = Uint8Array.of(9, 9, 0, 2, 5, 6, 9)
  const reader = new Reader(buffer.subarray(2, 6))
  const value = reader.bytes16(2)
  buffer.fill(0)
  expect(value).toEqual(Uint8Array.of(5, 6))
  const source = Uint8Array.of(1)
  const writer = new Writer().fixed(source)
  source[0] = 2
  expect(writer.finish()).toEqual(Uint8Array.of(1))
})

test('a writer refuses what its fields cannot hold', () => {
  const attempts: readonly (readonly [() => Writer, string])[] = [
    [() => new Writer().u8(256), 'bad-value'],
    [() => new Writer().u8(-1), 'bad-value'],
    [() => new Writer().u16(0x1_0000), 'bad-value'],
    [() => new Writer().u32(2 ** 32), 'bad-value'],
    [() => new Writer().u32(1.5), 'bad-value'],
    [() => new Writer().u32(Number.NaN), 'bad-value'],
    [() => new Writer().u64(2 ** 53), 'bad-value'],
    [() => new Writer().u64(-1n), 'bad-value'],
    [() => new Writer().u64(2n ** 64n), 'bad-value'],
    [() => new Writer().bytes16(new Uint8Array(0x1_0000)), 'too-long'],
    [() => new Writer().text16('é'.repeat(0x8000)), 'too-long'],
  ]
  for (const [act, code] of attempts) {
    expect(act).toThrow(UsageError)
    expect(act).toThrow(expect.objectContaining({ code }))
  }
})

function write(writer: Writer, one: Field): Writer {
  switch (one.kind) {
    case 'u53':
    case 'u64':
      return writer.u64(one.value)
    case 'u8':
    case 'u16':
    case 'u32':
      return writer[one.kind](one.value)
    case 'text16':
      return writer.text16(one.value)
    default:
      return writer[one.kind](one.value)
  }
}

function read(reader: Reader, one: Field): unknown {
  switch (one.kind) {
    case 'fixed':
      return reader.fixed(one.value.length)
    case 'bytes16':
    case 'bytes32':
      return reader[one.kind](40)
    case 'text16':
      return reader.text16(40)
    default:
      return reader[one.kind]()
  }
}

test('a writer uses the scratch it is given while the message fits, and memory of its own beyond', () => {
  const memory = new Uint8Array(8).fill(9)
  const scratch = memory.subarray(2, 6)
  expect(new Writer(scratch).u8(1).text16('é').finish()).toEqual(Uint8Array.of(1, 0, 2, 0xc3, 0xa9))
  const fitting = new Writer(scratch).u16(5).u8(6).finish()
  expect(fitting.buffer).toBe(memory.buffer)
  expect(fitting).toEqual(Uint8Array.of(0, 5, 6))
  expect([...memory.subarray(0, 2), ...memory.subarray(6)]).toEqual([9, 9, 9, 9])
})
