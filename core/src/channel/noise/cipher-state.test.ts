import { describe, expect, it } from 'vitest'
import { AuthenticationError, LimitError } from '../../errors/index.ts'
import { CipherState } from './cipher-state.ts'
import { webSuite } from './web-suite.ts'

const empty = new Uint8Array(0)
const raw = new Uint8Array(32).fill(1)
const words = (text: string) => new TextEncoder().encode(text)

function cipher(limit?: bigint): CipherState {
  return new CipherState(webSuite, webSuite.cipherKey(raw), limit)
}

describe('CipherState', () => {
  it('gives overlapping calls nonces in their order', async () => {
    const [sender, receiver] = [cipher(), cipher()]
    const sealed = await Promise.all(['a', 'b', 'c'].map((text) => sender.encryptWithAd(empty, words(text))))
    for (const text of ['a', 'b', 'c']) {
      const message = sealed.shift() ?? empty
      expect(await receiver.decryptWithAd(empty, message)).toEqual(words(text))
    }
  })

  it('stays where it was after a message that is not genuine', async () => {
    const [sender, receiver] = [cipher(), cipher()]
    const sealed = await sender.encryptWithAd(empty, words('a'))
    await expect(receiver.decryptWithAd(empty, sealed.slice(1))).rejects.toBeInstanceOf(AuthenticationError)
    expect(await receiver.decryptWithAd(empty, sealed)).toEqual(words('a'))
  })

  it('B17: stops at the nonce limit in both directions and never wraps', async () => {
    const [sender, receiver] = [cipher(2n), cipher(2n)]
    const sealed = [await sender.encryptWithAd(empty, empty), await sender.encryptWithAd(empty, empty)]
    for (const message of sealed) await receiver.decryptWithAd(empty, message)
    for (let again = 0; again < 3; again++) {
      await expect(sender.encryptWithAd(empty, empty)).rejects.toMatchObject({ code: 'nonce-exhausted' })
      await expect(receiver.decryptWithAd(empty, sealed[0] ?? empty)).rejects.toBeInstanceOf(LimitError)
    }
    sender.rekey()
    await expect(sender.encryptWithAd(empty, empty)).rejects.toMatchObject({ code: 'nonce-exhausted' })
    const eager = cipher(2n)
    const overlapping = await Promise.allSettled([0, 1, 2].map(async () => eager.encryptWithAd(empty, empty)))
    expect(overlapping.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
  })

  it('keeps the last nonce of Noise for REKEY whatever limit is asked for', async () => {
    const never = new CipherState(webSuite, webSuite.cipherKey(raw), 2n ** 70n)
    await expect(never.encryptWithAd(empty, empty)).resolves.toHaveLength(16)
  })

  it('rekeys to the key of section 4.2 and goes on counting', async () => {
    const state = cipher()
    await state.encryptWithAd(empty, empty)
    state.rekey()
    const sealed = await state.encryptWithAd(empty, words('after'))
    const old = webSuite.cipherKey(raw)
    const next = webSuite.cipherKey((await old.encrypt(2n ** 64n - 1n, empty, new Uint8Array(32))).subarray(0, 32))
    expect(await next.decrypt(1n, empty, sealed)).toEqual(words('after'))
  })
})
