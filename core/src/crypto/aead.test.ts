import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadWycheproof } from '../../test/load-vectors.ts'
import { concat, fromHex } from '../bytes/index.ts'
import { aeadOpen, aeadSeal, importAeadKey } from './index.ts'

const cases = loadWycheproof<
  { ivSize: number; tagSize: number },
  { key: string; iv: string; aad: string; msg: string; ct: string; tag: string }
>('aes_gcm_test.json')

test.each(cases)('A3: Wycheproof AES-256-GCM $tcId $comment', async (vector) => {
  const { result, flags } = vector
  const [rawKey, nonce, ad, plaintext, ct, tag] = (['key', 'iv', 'aad', 'msg', 'ct', 'tag'] as const).map((name) =>
    fromHex(vector[name]),
  ) as [Bytes, Bytes, Bytes, Bytes, Bytes, Bytes]
  const key = await importAeadKey(rawKey)
  const sealed = concat(ct, tag)

  if (nonce.length !== 12) {
    await expect(aeadOpen(key, nonce, ad, sealed)).rejects.toMatchObject({ code: 'bad-length', name: 'UsageError' })
    await expect(aeadSeal(key, nonce, ad, plaintext)).rejects.toMatchObject({ code: 'bad-length' })
  } else if (result === 'valid') {
    expect(await aeadSeal(key, nonce, ad, plaintext)).toEqual(sealed)
    expect(await aeadOpen(key, nonce, ad, sealed)).toEqual(plaintext)
  } else {
    expect(flags).toContain('ModifiedTag')
    await expect(aeadOpen(key, nonce, ad, sealed)).rejects.toMatchObject(openFailed)
  }
})

test('the vectors hold nonces of both kinds and forged tags', () => {
  expect(cases.filter(({ ivSize }) => ivSize === 96).length).toBe(66)
  expect(cases.filter(({ ivSize }) => ivSize !== 96).length).toBe(39)
  expect(cases.filter(({ flags }) => flags.includes('ModifiedTag')).length).toBe(27)
})

test('A3: a change anywhere, in any of the four inputs, opens nothing', async () => {
  const rawKey = new Uint8Array(32).fill(1)
  const key = await importAeadKey(rawKey)
  const nonce = new Uint8Array(12).fill(2)
  const ad = Uint8Array.of(3, 4, 5)
  const sealed = await aeadSeal(key, nonce, ad, Uint8Array.of(6, 7, 8))
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(0, 1, 2, 3), fc.nat(), fc.integer({ min: 1, max: 255 }), async (which, at, by) => {
      const inputs = [rawKey.slice(), nonce.slice(), ad.slice(), sealed.slice()] as const
      const changed = inputs[which]
      const index = at % changed.length
      changed[index] = (changed[index] ?? 0) ^ by
      const opening = aeadOpen(await importAeadKey(inputs[0]), inputs[1], inputs[2], inputs[3])
      await expect(opening).rejects.toMatchObject(openFailed)
    }),
  )
})

test('A3: tags of 0 to 15 bytes are refused, as are keys of other sizes', async () => {
  const key = await importAeadKey(new Uint8Array(32))
  const nonce = new Uint8Array(12)
  const none = new Uint8Array(0)
  const sealed = await aeadSeal(key, nonce, none, none)
  expect(await aeadOpen(key, nonce, none, sealed)).toEqual(none)
  for (let length = 0; length < 16; length++) {
    await expect(aeadOpen(key, nonce, none, sealed.subarray(0, length))).rejects.toMatchObject(openFailed)
  }
  for (const length of [0, 16, 24, 31, 33]) {
    await expect(importAeadKey(new Uint8Array(length))).rejects.toMatchObject({ code: 'bad-length' })
  }
})

type Bytes = Uint8Array<ArrayBuffer>

const openFailed = { code: 'open-failed', name: 'AuthenticationError' }
