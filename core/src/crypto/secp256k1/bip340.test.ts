import fc from 'fast-check'
import { expect, it } from 'vitest'
import { loadTable } from '../../../test/load-vectors.ts'
import { concat, fromHex, toHex, utf8 } from '../../bytes/index.ts'
import { sha256 } from '../index.ts'
import { scalarOf, schnorrPublicKey, schnorrSign, schnorrVerify, taggedHash } from './index.ts'

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const cases = loadTable('bip340/test-vectors.csv').map((row) => ({
  index: row['index'] ?? '',
  comment: row['comment'] ?? '',
  valid: row['verification result'] === 'TRUE',
  secretKey: fromHex(row['secret key'] ?? ''),
  publicKey: fromHex(row['public key'] ?? ''),
  auxiliary: fromHex(row['aux_rand'] ?? ''),
  message: fromHex(row['message'] ?? ''),
  signature: fromHex(row['signature'] ?? ''),
}))

it.each(cases)('A5: BIP-340 case $index verifies as published $comment', ({ publicKey, signature, message, valid }) => {
  expect(schnorrVerify(publicKey, signature, message)).toBe(valid)
})

it.each(cases.filter(({ secretKey }) => secretKey.length > 0))('BIP-340 case $index signs as published', (vector) => {
  expect(toHex(schnorrPublicKey(vector.secretKey))).toBe(toHex(vector.publicKey))
  expect(toHex(schnorrSign(vector.secretKey, vector.message, vector.auxiliary))).toBe(toHex(vector.signature))
})

it('A5: the vectors hold ten that must not verify', () => {
  expect(cases).toHaveLength(19)
  expect(cases.filter(({ valid }) => !valid)).toHaveLength(10)
})

it('A5: any change to key, signature or message is refused, and garbage is no error', () => {
  const secretKey = new Uint8Array(32).fill(5)
  const message = taggedHash('test', utf8('message'))
  const [publicKey, signature] = [schnorrPublicKey(secretKey), schnorrSign(secretKey, message)]
  expect(schnorrVerify(publicKey, signature, message)).toBe(true)
  fc.assert(
    fc.property(fc.constantFrom(0, 1, 2), fc.nat(), fc.integer({ min: 1, max: 255 }), (which, at, by) => {
      const inputs = [publicKey.slice(), signature.slice(), message.slice()] as const
      const changed = inputs[which]
      const index = at % changed.length
      changed[index] = (changed[index] ?? 0) ^ by
      expect(schnorrVerify(...inputs)).toBe(false)
    }),
    { numRuns: 50 },
  )
  const anything = fc.uint8Array({ maxLength: 70 })
  fc.assert(
    fc.property(anything, anything, anything, (...inputs) => {
      expect(schnorrVerify(...inputs)).toBe(false)
    }),
  )
})

it('A8: a tag separates', async () => {
  const message = utf8('message')
  const tag = await sha256(utf8('one'))
  expect(taggedHash('one', message)).toEqual(await sha256(concat(tag, tag, message)))
  const secretKey = new Uint8Array(32).fill(5)
  const signature = schnorrSign(secretKey, taggedHash('one', message))
  expect(schnorrVerify(schnorrPublicKey(secretKey), signature, taggedHash('two', message))).toBe(false)
  expect(() => taggedHash('', message)).toThrow(expect.objectContaining({ code: 'bad-domain' }))
})

it('a scalar is the remainder of its bytes, from 1 to n - 1', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 48, maxLength: 48 }), (uniform) => {
      const expected = (BigInt(`0x${toHex(uniform)}`) % (order - 1n)) + 1n
      expect(toHex(scalarOf(uniform))).toBe(expected.toString(16).padStart(64, '0'))
    }),
  )
  expect(toHex(scalarOf(new Uint8Array(48)))).toBe('1'.padStart(64, '0'))
  const largest = fromHex((order - 2n).toString(16).padStart(96, '0'))
  expect(toHex(scalarOf(largest))).toBe((order - 1n).toString(16))
  for (const length of [0, 32, 47, 49]) {
    expect(() => scalarOf(new Uint8Array(length))).toThrow(expect.objectContaining({ code: 'bad-length' }))
  }
})

it.each([
  ['zero', '0'.repeat(64)],
  ['the order', order.toString(16)],
  ['above the order', 'f'.repeat(64)],
  ['short', '01'.repeat(31)],
  ['long', '01'.repeat(33)],
])('a scalar that is %s is no key', (_name, scalar) => {
  const bad = expect.objectContaining({ code: 'bad-key', name: 'UsageError' }) as Error
  expect(() => schnorrPublicKey(fromHex(scalar))).toThrow(bad)
  expect(() => schnorrSign(fromHex(scalar), new Uint8Array(32))).toThrow(bad)
})
