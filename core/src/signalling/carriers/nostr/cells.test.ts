import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../../bytes/index.ts'
import { CodecError } from '../../../errors/index.ts'
import { decodeCell, encodeCell, keyBytes, maxDataBytes, nameBytes, type Cell } from './cells.ts'

const fixed = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => new Uint8Array(bytes))
const name = fixed(nameBytes)
const key = fixed(keyBytes)
const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
const piece = fc.uint8Array({ minLength: 1, maxLength: 600 }).map((bytes) => new Uint8Array(bytes))
const kind = <K extends Cell['kind']>(value: K) => fc.constant<K>(value)

const cell: fc.Arbitrary<Cell> = fc.oneof(
  fc.record({ kind: kind('seek'), name, replyTo: key }),
  fc.record({ kind: kind('here'), name, address: key }),
  fc.record({ kind: kind('open'), name, replyTo: key }),
  fc.record({ kind: kind('data'), name, seq: u32, bytes: piece }),
  fc.record({ kind: kind('end'), name, seq: u32 }),
  fc.record({ kind: kind('ack'), name, next: u32, limit: u32 }),
  fc.record({ kind: kind('probe'), name }),
)

const dataOf = (length: number): Cell => ({
  kind: 'data',
  name: new Uint8Array(nameBytes),
  seq: 7,
  bytes: new Uint8Array(length).fill(3),
})

describe('cells', () => {
  it('come back as they went', () => {
    fc.assert(
      fc.property(cell, (given) => {
        expect(decodeCell(encodeCell(given))).toEqual(given)
      }),
    )
  })

  it('have one encoding each: whatever is decoded encodes to the same bytes, all else is a CodecError', () => {
    const any = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      // Real kinds before garbage, so that fields are reached.
      fc.tuple(fc.integer({ min: 0, max: 9 }), fc.uint8Array({ maxLength: 80 })).map(([tag, rest]) => {
        return concat(new Uint8Array([tag]), rest)
      }),
    )
    fc.assert(
      fc.property(any, (bytes) => {
        let read: Cell
        try {
          read = decodeCell(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError)
          return
        }
        expect(encodeCell(read)).toEqual(new Uint8Array(bytes))
      }),
      { numRuns: 500 },
    )
  })

  it('are refused when they are cut short, and all but pieces when something follows', () => {
    fc.assert(
      fc.property(cell, fc.nat(), piece, (given, at, more) => {
        const bytes = encodeCell(given)
        const short = bytes.slice(0, at % bytes.length)
        // A shorter piece is a piece as well, as long as one byte of it is left.
        if (given.kind !== 'data' || short.length <= bytes.length - given.bytes.length) {
          expect(() => decodeCell(short)).toThrow(CodecError)
        }
        if (given.kind !== 'data') expect(() => decodeCell(concat(bytes, more))).toThrow(CodecError)
      }),
    )
  })

  it('hold a piece of 1 byte to the largest, and none beyond', () => {
    for (const length of [1, maxDataBytes]) expect(decodeCell(encodeCell(dataOf(length)))).toEqual(dataOf(length))
    for (const length of [0, maxDataBytes + 1]) {
      expect(() => decodeCell(encodeCell(dataOf(length)))).toThrow(CodecError)
    }
  })

  it('do not share memory with the message they were read from', () => {
    const message = encodeCell(dataOf(4))
    const read = decodeCell(message)
    message.fill(0xff)
    expect(read).toEqual(dataOf(4))
  })
})
