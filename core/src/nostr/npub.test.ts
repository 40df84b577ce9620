import fc from 'fast-check'
import { nip19 } from 'nostr-tools'
import { expect, it } from 'vitest'
import { toHex } from '../bytes/index.ts'
import { npubOf, readPublicKey } from './npub.ts'

// The example of NIP-19.
const hex = '7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e'
const npub = 'npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg'

it.each([npub, npub.toUpperCase(), `nostr:${npub}`, ` ${npub}\n`, hex, hex.toUpperCase()])('reads %s', (text) => {
  expect(readPublicKey(text)).toBe(hex)
})

it.each([
  '',
  'npub1',
  npub.slice(0, -1),
  `${npub}q`,
  npub.replace('0elf', '0elg'),
  `N${npub.slice(1)}`,
  hex.slice(1),
  `${hex}0`,
  nip19.nsecEncode(new Uint8Array(32).fill(1)),
  nip19.noteEncode(hex),
  'b'.repeat(1_000_000),
])('%# is none', (text) => {
  expect(() => readPublicKey(text)).toThrow(expect.objectContaining({ code: 'bad-nostr-key' }))
})

it('goes there and back, and agrees with an independent implementation', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
      const key = toHex(Uint8Array.from(bytes))
      expect(npubOf(key)).toBe(nip19.npubEncode(key))
      expect(readPublicKey(npubOf(key))).toBe(key)
    }),
  )
})

it('notices every single wrong character', () => {
  const wrong = [...npub].flatMap((was, at) => {
    const other = was === 'q' ? 'p' : 'q'
    return at < 5 ? [] : [`${npub.slice(0, at)}${other}${npub.slice(at + 1)}`]
  })
  expect(wrong).toHaveLength(58)
  for (const text of wrong) expect(() => readPublicKey(text)).toThrow()
})

it('writes only keys', () => {
  expect(() => npubOf('abc')).toThrow()
  expect(() => npubOf('ab')).toThrow(expect.objectContaining({ code: 'bad-nostr-key' }))
})
