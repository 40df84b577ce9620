import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../bytes/index.ts'
import { CodecError } from '../../errors/index.ts'
import type { PeerId } from '../../identity/index.ts'
import { maxKeptMessages, maxMessageBytes } from '../view.ts'
import { decodeKeptChat, encodeKeptChat, maxKeptChatBytes, type KeptMessage } from './kept-chat.ts'

const peer = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 43 }).map((text) => text as PeerId)
const time = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const message: fc.Arbitrary<KeptMessage> = fc.record({
  from: peer,
  instance: fc.uint8Array({ minLength: 16, maxLength: 16 }).map(toHex),
  seq: fc.nat(0xffff_ffff),
  lamport: time,
  sentAtMs: time,
  fromName: fc.string({ unit: 'grapheme', maxLength: 60 }),
  content: fc.string({ unit: 'grapheme', maxLength: 500 }),
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
    const whole = fc.array(message, { maxLength: 3 }).map(encodeKeptChat)
    fc.assert(
      fc.property(whole, fc.nat(), fc.nat(255), (bytes, at, value) => {
        const changed = bytes.with(at % bytes.length, value)
        try {
          expect(encodeKeptChat(decodeKeptChat(changed))).toEqual(changed)
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError)
        }
      }),
      { numRuns: 2_000 },
    )
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
