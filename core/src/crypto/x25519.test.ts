import { expect, test } from 'vitest'
import { loadVectors, loadWycheproof } from '../../test/load-vectors.ts'
import { fromHex, toHex } from '../bytes/index.ts'
import { generateX25519, x25519, x25519FromSeed, x25519PublicBytes } from './index.ts'

const { x25519_rfc7748: published } = loadVectors<{
  x25519_rfc7748: { section: string; scalar: string; u: string; out: string }[]
}>('rfc/rfc7748-8032.json')

test.each(published)('RFC 7748 section $section', async ({ scalar, u, out }) => {
  const { privateKey } = await x25519FromSeed(fromHex(scalar))
  expect(toHex(await x25519(privateKey, fromHex(u)))).toBe(out)
})

const cases = loadWycheproof<object, { public: string; private: string; shared: string }>('x25519_test.json')

test.each(cases)('A1: Wycheproof X25519 $tcId $comment', async (vector) => {
  const { privateKey } = await x25519FromSeed(fromHex(vector.private))
  const agreement = x25519(privateKey, fromHex(vector.public))
  if (vector.flags.includes('ZeroSharedSecret')) await expect(agreement).rejects.toMatchObject(weakKey)
  else expect(toHex(await agreement)).toBe(vector.shared)
})

test('the vectors hold zero secrets and non-canonical keys', () => {
  expect(cases.filter(({ flags }) => flags.includes('ZeroSharedSecret')).length).toBe(31)
  expect(cases.filter(({ flags }) => flags.includes('NonCanonicalPublic')).length).toBe(19)
})

test('fresh pairs agree, differ, and hide their private half', async () => {
  const [alice, bob] = await Promise.all([generateX25519(), generateX25519()])
  const [alicePublic, bobPublic] = await Promise.all([
    x25519PublicBytes(alice.publicKey),
    x25519PublicBytes(bob.publicKey),
  ])
  expect(alicePublic).not.toEqual(bobPublic)
  expect(await x25519(alice.privateKey, bobPublic)).toEqual(await x25519(bob.privateKey, alicePublic))
  await expectHidden(alice.privateKey)
})

test('a pair from a seed is whole, hides its private half and leaves the seed alone', async () => {
  const seed = new Uint8Array(32).fill(7)
  const before = toHex(seed)
  const { publicKey, privateKey } = await x25519FromSeed(seed)
  expect(toHex(seed)).toBe(before)
  const other = await generateX25519()
  const publicBytes = await x25519PublicBytes(publicKey)
  expect(await x25519(other.privateKey, publicBytes)).toEqual(
    await x25519(privateKey, await x25519PublicBytes(other.publicKey)),
  )
  await expectHidden(privateKey)
})

test('keys and seeds of other lengths are refused', async () => {
  const { privateKey } = await generateX25519()
  for (const length of [0, 31, 33]) {
    await expect(x25519(privateKey, new Uint8Array(length))).rejects.toMatchObject({ code: 'bad-length' })
    await expect(x25519FromSeed(new Uint8Array(length))).rejects.toMatchObject({ code: 'bad-length' })
  }
})

async function expectHidden(key: CryptoKey): Promise<void> {
  for (const format of ['jwk', 'pkcs8', 'raw'] as const) {
    await expect(crypto.subtle.exportKey(format, key)).rejects.toThrow()
  }
}

const weakKey = { code: 'weak-key', name: 'AuthenticationError' }
