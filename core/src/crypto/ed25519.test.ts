import { ed25519 as noble, ED25519_TORSION_SUBGROUP as torsionPoints } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadVectors, loadWycheproof } from '../../test/load-vectors.ts'
import { fromHex, toHex, utf8 } from '../bytes/index.ts'
import { isInPrimeSubgroup } from './edwards-subgroup.ts'
import { ed25519FromSeed, ed25519Sign, ed25519Verify } from './index.ts'

const { ed25519_rfc8032: published } = loadVectors<{
  ed25519_rfc8032: { name: string; sk: string; pk: string; msg: string; sig: string }[]
}>('rfc/rfc7748-8032.json')

test.each(published)('RFC 8032 section 7.1 $name', async ({ sk, pk, msg, sig }) => {
  const { publicKey, privateKey } = await ed25519FromSeed(fromHex(sk))
  expect(toHex(publicKey)).toBe(pk)
  expect(toHex(await ed25519Sign(privateKey, fromHex(msg)))).toBe(sig)
  expect(await ed25519Verify(publicKey, fromHex(sig), fromHex(msg))).toBe(true)
})

const cases = loadWycheproof<{ publicKey: { pk: string } }, { msg: string; sig: string }>('ed25519_test.json')

test.each(cases)('A2: Wycheproof Ed25519 $tcId $comment', async ({ publicKey, msg, sig, result }) => {
  expect(await ed25519Verify(fromHex(publicKey.pk), fromHex(sig), fromHex(msg))).toBe(result === 'valid')
})

const zip215 = loadVectors<{ vk_bytes: string; sig_bytes: string }[]>('ed25519/zip215.json')

test.each(zip215)('A2: small-order or non-canonical: key $vk_bytes is refused', async ({ vk_bytes, sig_bytes }) => {
  expect(await ed25519Verify(fromHex(vk_bytes), fromHex(sig_bytes), utf8('Zcash'))).toBe(false)
})

const edgeCases = loadVectors<{ message: string; pub_key: string; signature: string }[]>('ed25519/edge-cases.json')

test.each(edgeCases.map((vector, index) => ({ ...vector, index })))(
  'A2: Taming the many EdDSAs, case $index, is refused',
  async ({ message, pub_key, signature }) => {
    expect(await ed25519Verify(fromHex(pub_key), fromHex(signature), fromHex(message))).toBe(false)
  },
)

test('the platform alone accepts some of these, so our own checks do work', async () => {
  const accepted = async (key: string, signature: string, message: Uint8Array<ArrayBuffer>) => {
    const imported = await crypto.subtle.importKey('raw', fromHex(key), 'Ed25519', false, ['verify'])
    return crypto.subtle.verify('Ed25519', imported, fromHex(signature), message)
  }
  const [mixedOrder] = edgeCases.slice(3)
  if (mixedOrder === undefined) throw new Error('vectors are incomplete')
  expect(await accepted(mixedOrder.pub_key, mixedOrder.signature, fromHex(mixedOrder.message))).toBe(true)
})

test('membership of the prime-order group agrees with another implementation', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 2n ** 250n }), fc.constantFrom(...torsionPoints), (scalar, torsion) => {
      const sum = noble.Point.BASE.multiply(scalar).add(noble.Point.fromHex(torsion))
      expect(isInPrimeSubgroup(sum.toBytes())).toBe(sum.isTorsionFree())
    }),
    { numRuns: 40 },
  )
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (encoded) => {
      expect(isInPrimeSubgroup(encoded)).toBe(nobleSays(encoded))
    }),
    { numRuns: 60 },
  )
})

test('A2: any change to a signature, key or message is refused; S + L is, too', async () => {
  const message = utf8('message')
  const { publicKey, privateKey } = await ed25519FromSeed(new Uint8Array(32).fill(5))
  const signature = await ed25519Sign(privateKey, message)
  expect(noble.verify(signature, message, publicKey, { zip215: false })).toBe(true)
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(0, 1, 2), fc.nat(), fc.integer({ min: 1, max: 255 }), async (which, at, by) => {
      const inputs = [publicKey.slice(), signature.slice(), message.slice()] as const
      const changed = inputs[which]
      const index = at % changed.length
      changed[index] = (changed[index] ?? 0) ^ by
      expect(await ed25519Verify(...inputs)).toBe(false)
    }),
  )
  const malleable = signature.slice()
  malleable.set(littleEndian(fromLittleEndian(signature.subarray(32)) + noble.Point.Fn.ORDER), 32)
  expect(await ed25519Verify(publicKey, malleable, message)).toBe(false)
})

test('wrong lengths are false, not an error', async () => {
  const { publicKey, privateKey } = await ed25519FromSeed(new Uint8Array(32))
  const signature = await ed25519Sign(privateKey, utf8(''))
  expect(await ed25519Verify(publicKey.subarray(1), signature, utf8(''))).toBe(false)
  expect(await ed25519Verify(publicKey, signature.subarray(1), utf8(''))).toBe(false)
  expect(await ed25519Verify(new Uint8Array(0), new Uint8Array(0), utf8(''))).toBe(false)
  await expect(ed25519FromSeed(new Uint8Array(31))).rejects.toMatchObject({ code: 'bad-length' })
})

test('the private half cannot be read', async () => {
  const { privateKey } = await ed25519FromSeed(new Uint8Array(32))
  for (const format of ['jwk', 'pkcs8', 'raw'] as const) {
    await expect(crypto.subtle.exportKey(format, privateKey)).rejects.toThrow()
  }
})

function nobleSays(encoded: Uint8Array): boolean {
  try {
    return noble.Point.fromBytes(encoded).isTorsionFree()
  } catch {
    return false
  }
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn))
}
