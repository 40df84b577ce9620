import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, toHex } from '../../bytes/index.ts'
import { fileName, Writer } from '../../codec/index.ts'
import { CodecError } from '../../errors/index.ts'
import type { PeerId } from '../../identity/index.ts'
import { maxKeptMessages, maxMessageBytes, maxMessageFiles, type MessageFile } from '../view.ts'
import { decodeKeptChat, encodeKeptChat, maxKeptChatBytes, type KeptMessage } from './kept-chat.ts'

const peer = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 43 }).map((text) => text as PeerId)
const time = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const files = fc.array(
  fc.record({
    id: fc.uint8Array({ minLength: 16, maxLength: 16 }).map(toHex),
    name: fc.string({ unit: 'grapheme', maxLength: 40 }).map(fileName),
    sizeBytes: time,
    mediaType: fc.constantFrom('', 'image/png'),
  }),
  { maxLength: maxMessageFiles },
)
const message: fc.Arbitrary<KeptMessage> = fc.record({
  from: peer,
  instance: fc.uint8Array({ minLength: 16, maxLength: 16 }).map(toHex),
  seq: fc.nat(0xffff_ffff),
  lamport: time,
  sentAtMs: time,
  fromName: fc.string({ unit: 'grapheme', maxLength: 60 }),
  content: fc.string({ unit: 'grapheme', maxLength: 500 }),
  files,
  read: fc.boolean(),
  sent: fc.option(fc.record({ acknowledged: fc.nat(255), waiting: fc.array(peer, { maxLength: 7 }) }), {
    nil: undefined,
  }),
})

const plain: KeptMessage = {
  from: 'ada' as PeerId,
  instance: '00'.repeat(16),
  seq: 1,
  lamport: 1,
  sentAtMs: 0,
  fromName: 'Ada',
  content: 'hello',
  files: [],
  read: true,
  sent: undefined,
}

describe('a kept chat', () => {
  it('survives the round trip', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 20 }), (messages) => {
        expect(decodeKeptChat(encodeKeptChat(messages))).toEqual(messages)
      }),
    )
  })

  it('has one form: what is taken is written the same again, and garbage meets a CodecError at most', () => {
    // What is said of files is cleaned as it is read, so that it has many.
    const withoutFiles = message.map((one) => ({ ...one, files: [] }))
    const whole = fc.array(withoutFiles, { maxLength: 3 }).map(encodeKeptChat)
    fc.assert(
      fc.property(whole, fc.nat(), fc.nat(255), (bytes, at, value) => {
        const changed = bytes.with(at % bytes.length, value)
        try {
          const read = decodeKeptChat(changed)
          fc.pre(read.every((one) => one.files.length === 0))
          expect(encodeKeptChat(read)).toEqual(changed)
        } catch (error) {
          if (error instanceof fc.PreconditionFailure) throw error
          expect(error).toBeInstanceOf(CodecError)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('reads what was kept before messages had files', () => {
    const before = new Writer().u8(2).text16('ada').fixed(new Uint8Array(16)).u32(1).u64(1).u64(0)
    const bytes = concat(Uint8Array.of(1, 0, 0, 0, 1), before.text16('Ada').text16('hello').finish())
    expect(decodeKeptChat(bytes)).toEqual([plain])
    expect(encodeKeptChat([plain])).toEqual(bytes)
  })

  it('refuses a message that says it has files and has none', () => {
    const file: MessageFile = { id: '00'.repeat(16), name: 'a', sizeBytes: 0, mediaType: '' }
    const bytes = encodeKeptChat([{ ...plain, files: [file] }])
    const fileBytes = 16 + 8 + 2 + 1 + 2
    const without = bytes.slice(0, -fileBytes).with(-1, 0)
    expect(() => decodeKeptChat(without)).toThrow(CodecError)
  })

  it('keeps the latest messages, within the bounds in number and bytes', () => {
    const many = Array.from({ length: maxKeptMessages + 3 }, (_, seq) => ({ ...plain, seq }))
    expect(decodeKeptChat(encodeKeptChat(many)).map(({ seq }) => seq)).toEqual(many.slice(3).map(({ seq }) => seq))
    const large = Array.from({ length: 100 }, (_, seq) => ({ ...plain, seq, content: 'x'.repeat(maxMessageBytes) }))
    const bytes = encodeKeptChat(large)
    expect(bytes.length).toBeLessThanOrEqual(maxKeptChatBytes)
    expect(bytes.length).toBeGreaterThan(maxKeptChatBytes - maxMessageBytes - 200)
    expect(decodeKeptChat(bytes).at(-1)?.seq).toBe(99)
  })

  it.each([
    ['another version', Uint8Array.of(2, 0, 0, 0, 0)],
    ['more messages than are kept', Uint8Array.of(1, 0, 0, 0x7, 0xd1)],
    ['trailing bytes', Uint8Array.of(1, 0, 0, 0, 0, 0)],
    ['more bytes than are kept', new Uint8Array(maxKeptChatBytes + 1)],
  ])('refuses %s', (_what, bytes) => {
    expect(() => decodeKeptChat(bytes)).toThrow(CodecError)
  })
})
