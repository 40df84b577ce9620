import { nip04 } from 'nostr-tools'
import { expect, it } from 'vitest'
import { fromHex } from '../bytes/index.ts'
import { webRandom } from '../runtime/platform/index.ts'
import { decrypt04, encrypt04, legacyKeyOf, maxLegacyBytes } from './nip04.ts'
import { signerFromScalar } from './signer.ts'

const [ada, bob] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
const publicKeyOf = (scalar: Uint8Array) => signerFromScalar(scalar).publicKey
const key = () => legacyKeyOf(ada, publicKeyOf(bob))

it.each(['', 'hello', 'é🙂'.repeat(500), 'x'.repeat(maxLegacyBytes)])('both sides read it', async (text) => {
  const content = await encrypt04(text, await key(), webRandom)
  expect(await decrypt04(content, await legacyKeyOf(bob, publicKeyOf(ada)))).toBe(text)
})

it('speaks with an independent client both ways', async () => {
  expect(nip04.decrypt(bob, publicKeyOf(ada), await encrypt04('from us', await key(), webRandom))).toBe('from us')
  expect(await decrypt04(nip04.encrypt(bob, publicKeyOf(ada), 'from them'), await key())).toBe('from them')
})

it.each([
  ['empty', ''],
  ['without a vector', 'AAAAAAAAAAAAAAAAAAAAAA=='],
  ['with a short vector', 'AAAAAAAAAAAAAAAAAAAAAA==?iv=AAAA'],
  ['with two vectors', 'AAAAAAAAAAAAAAAAAAAAAA==?iv=AAAAAAAAAAAAAAAAAAAAAA==?iv=AAAAAAAAAAAAAAAAAAAAAA=='],
  ['without ciphertext', '?iv=AAAAAAAAAAAAAAAAAAAAAA=='],
  ['of half a block', 'AAAAAAAAAAA=?iv=AAAAAAAAAAAAAAAAAAAAAA=='],
  ['of another key', 'AAAAAAAAAAAAAAAAAAAAAA==?iv=AAAAAAAAAAAAAAAAAAAAAA=='],
  ['of 10 MB', 'A'.repeat(10_000_000)],
])('refuses what is %s, with one error', async (_name, content) => {
  const one = { code: 'nip04-refused', message: 'this could not be read' }
  await expect(decrypt04(content, await key())).rejects.toMatchObject(one)
})

it('has bounds', async () => {
  await expect(encrypt04('x'.repeat(maxLegacyBytes + 1), await key(), webRandom)).rejects.toMatchObject({
    code: 'plaintext-size',
  })
  await expect(legacyKeyOf(ada, 'ff'.repeat(32))).rejects.toMatchObject({ code: 'bad-peer-key' })
  await expect(legacyKeyOf(fromHex('00'.repeat(32)), publicKeyOf(bob))).rejects.toMatchObject({ code: 'bad-peer-key' })
})

it('gives a key that cannot be taken away', async () => {
  await expect(crypto.subtle.exportKey('raw', await key())).rejects.toThrow()
})
