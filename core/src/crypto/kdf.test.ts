import { extract } from '@noble/hashes/hkdf.js'
import { sha256 as nobleSha256, sha512 } from '@noble/hashes/sha2.js'
import { expect, test } from 'vitest'
import { loadWycheproof } from '../../test/load-vectors.ts'
import { fromHex, toHex, utf8 } from '../bytes/index.ts'
import { hkdf, hkdfExpand, hmacSha256, importHkdfKey, sha256 } from './index.ts'

const noble = { 'SHA-256': nobleSha256, 'SHA-512': sha512 }

interface HkdfTest {
  readonly ikm: string
  readonly salt: string
  readonly info: string
  readonly size: number
  readonly okm: string
}

for (const hash of ['SHA-256', 'SHA-512'] as const) {
  const cases = loadWycheproof<object, HkdfTest>(`hkdf_${hash.toLowerCase().replace('-', '')}_test.json`)

  test.each(cases)(`Wycheproof HKDF ${hash} $tcId $comment`, async ({ ikm, salt, info, size, okm, result }) => {
    const inTwoSteps = async () =>
      hkdfExpand(hash, extract(noble[hash], fromHex(ikm), fromHex(salt)), fromHex(info), size)
    const inOneStep = async () => hkdf(hash, await importHkdfKey(fromHex(ikm)), fromHex(salt), fromHex(info), size)
    for (const derive of [inTwoSteps, inOneStep]) {
      if (result === 'valid') expect(toHex(await derive())).toBe(okm)
      else await expect(derive()).rejects.toMatchObject({ code: 'bad-length' })
    }
  })

  test(`HKDF ${hash} gives whole lengths within its range only`, async () => {
    const key = await importHkdfKey(new Uint8Array(32))
    for (const length of [0, -1, 1.5, Number.NaN, 255 * (hash === 'SHA-256' ? 32 : 64) + 1]) {
      await expect(hkdf(hash, key, utf8(''), utf8(''), length)).rejects.toMatchObject({ code: 'bad-length' })
      await expect(hkdfExpand(hash, utf8('prk'), utf8(''), length)).rejects.toMatchObject({ code: 'bad-length' })
    }
  })
}

const macCases = loadWycheproof<object, { key: string; msg: string; tag: string }>('hmac_sha256_test.json')

test.each(macCases)('Wycheproof HMAC-SHA-256 $tcId $comment', async ({ key, msg, tag, result }) => {
  expect(toHex(await hmacSha256(fromHex(key), fromHex(msg))) === tag).toBe(result === 'valid')
})

test('an empty HMAC key is a key of zeros', async () => {
  // RFC 2104 pads the key with zeros; the value is HMAC-SHA-256("", "").
  const expected = 'b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad'
  expect(toHex(await hmacSha256(new Uint8Array(0), new Uint8Array(0)))).toBe(expected)
})

test('SHA-256 of the FIPS 180-4 example and of a view into shared memory', async () => {
  const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  expect(toHex(await sha256(utf8('abc')))).toBe(expected)
  const shared = new Uint8Array(new SharedArrayBuffer(5), 1, 3)
  shared.set(utf8('abc'))
  expect(toHex(await sha256(shared))).toBe(expected)
})

test('derivation keys cannot be read', async () => {
  const key = await importHkdfKey(new Uint8Array(32))
  await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow()
})
