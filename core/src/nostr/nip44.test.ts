import { describe, expect, it } from 'vitest'
import { loadVectors } from '../../test/load-vectors.ts'
import { fromHex, toHex } from '../bytes/index.ts'
import { sha256 } from '../crypto/index.ts'
import { utf8 } from '../bytes/index.ts'
import { conversationKeyOf, decrypt44, encrypt44, maxPlaintextBytes, paddedLength } from './nip44.ts'

interface Message {
  readonly sec1: string
  readonly sec2: string
  readonly conversation_key: string
  readonly nonce: string
  readonly plaintext: string
  readonly payload: string
}

const { v2 } = loadVectors<{
  v2: {
    valid: {
      get_conversation_key: readonly { sec1: string; pub2: string; conversation_key: string }[]
      calc_padded_len: readonly (readonly [number, number])[]
      encrypt_decrypt: readonly Message[]
      encrypt_decrypt_long_msg: readonly {
        conversation_key: string
        nonce: string
        pattern: string
        repeat: number
        plaintext_sha256: string
        payload_sha256: string
      }[]
    }
    invalid: {
      encrypt_msg_lengths: readonly number[]
      get_conversation_key: readonly { sec1: string; pub2: string; note: string }[]
      decrypt: readonly { conversation_key: string; payload: string; note: string }[]
    }
  }
}>('nostr/nip44.vectors.json')

const drawing = (nonce: string) => ({ bytes: () => fromHex(nonce) })

describe('NIP-44, official vectors', () => {
  it.each(v2.valid.get_conversation_key)('conversation key of $pub2', ({ sec1, pub2, conversation_key: key }) => {
    expect(toHex(conversationKeyOf(fromHex(sec1), pub2))).toBe(key)
  })

  it.each(v2.invalid.get_conversation_key)('no conversation key: $note', ({ sec1, pub2 }) => {
    expect(() => conversationKeyOf(fromHex(sec1), pub2)).toThrow(expect.objectContaining({ code: 'bad-peer-key' }))
  })

  it('pads as published', () => {
    for (const [length, padded] of v2.valid.calc_padded_len) expect(paddedLength(length)).toBe(padded)
  })

  it.each(v2.valid.encrypt_decrypt)('encrypts and opens $plaintext', ({ conversation_key: key, nonce, ...message }) => {
    expect(encrypt44(message.plaintext, fromHex(key), drawing(nonce))).toBe(message.payload)
    expect(decrypt44(message.payload, fromHex(key))).toBe(message.plaintext)
  })

  it.each(v2.valid.encrypt_decrypt_long_msg)('long: $pattern', async ({ conversation_key: key, nonce, ...long }) => {
    const plaintext = long.pattern.repeat(long.repeat)
    expect(toHex(await sha256(utf8(plaintext)))).toBe(long.plaintext_sha256)
    const payload = encrypt44(plaintext, fromHex(key), drawing(nonce))
    expect(toHex(await sha256(utf8(payload)))).toBe(long.payload_sha256)
    expect(decrypt44(payload, fromHex(key))).toBe(plaintext)
  })

  it.each(v2.invalid.decrypt)('G5: does not open: $note', ({ conversation_key: key, payload }) => {
    expect(() => decrypt44(payload, fromHex(key))).toThrow(expect.objectContaining({ code: 'nip44-refused' }))
  })

  it.each(v2.invalid.encrypt_msg_lengths)('G6: refuses to encrypt %s bytes', (length) => {
    expect(() => encrypt44('x'.repeat(length), new Uint8Array(32), drawing('00'.repeat(32)))).toThrow(
      expect.objectContaining({ code: 'plaintext-size' }),
    )
  })
})

it('G5: refuses before any sum what is empty, of another version or far too long, all with one error', () => {
  const one = expect.objectContaining({ code: 'nip44-refused', message: 'this could not be opened' }) as Error
  const key = new Uint8Array(32).fill(7)
  for (const payload of ['', '#', 'A', 'AQ==', 'A'.repeat(131), 'x'.repeat(10_000_000)]) {
    expect(() => decrypt44(payload, key)).toThrow(one)
  }
})

it('G6: the longest plaintext arrives', () => {
  const key = new Uint8Array(32).fill(7)
  const payload = encrypt44('é'.repeat(32_767) + 'x', key, drawing('05'.repeat(32)))
  expect(utf8(decrypt44(payload, key))).toHaveLength(maxPlaintextBytes)
})
