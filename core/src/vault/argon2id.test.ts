import { argon2id as nobleArgon2id } from '@noble/hashes/argon2.js'
import { argon2id } from 'hash-wasm'
import { expect, it } from 'vitest'
import { toHex, unshared, utf8 } from '../bytes/index.ts'
import { webRandom } from '../runtime/platform/index.ts'
import { createVault, minimumPassphraseParameters, openVault, type PasswordHash } from './index.ts'

/** The hash as the page has it: WebAssembly, here without its worker. */
const hash: PasswordHash = async (password, salt, { memoryKiB, iterations, parallelism }) => {
  const costs = { memorySize: memoryKiB, iterations, parallelism, hashLength: 32 }
  return unshared(await argon2id({ password, salt, ...costs, outputType: 'binary' }))
}

it('Argon2id of RFC 9106 section 5.3, and WebAssembly gives what that implementation gives', async () => {
  // The RFC's example has associated data, which the WebAssembly does not take: so it vouches for a second implementation.
  const [password, salt] = [new Uint8Array(32).fill(1), new Uint8Array(16).fill(2)]
  const inputs = { key: new Uint8Array(8).fill(3), personalization: new Uint8Array(12).fill(4) }
  const published = '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659'
  expect(toHex(nobleArgon2id(password, salt, { m: 32, t: 3, p: 4, dkLen: 32, ...inputs }))).toBe(published)
  for (const [memoryKiB, iterations, parallelism] of [
    [32, 3, 4],
    [1_024, 3, 1],
    [333, 4, 2],
  ] as const) {
    const expected = nobleArgon2id(password, salt, { m: memoryKiB, t: iterations, p: parallelism, dkLen: 32 })
    expect(toHex(await hash(password, salt, { memoryKiB, iterations, parallelism }))).toBe(toHex(expected))
  }
})

it('the reference implementation’s example with 64 MiB', async () => {
  // github.com/P-H-C/phc-winner-argon2, src/test.c: version 0x13, t = 2, m = 2^16 KiB, p = 1
  const expected = '09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7'
  const costs = { memoryKiB: 65_536, iterations: 2, parallelism: 1 }
  expect(toHex(await hash(utf8('password'), utf8('somesalt'), costs))).toBe(expected)
})

it('a vault opens with the real hash at its minimum', async () => {
  const source = { kind: 'passphrase', passphrase: 'correct horse battery', hash } as const
  const { header, vault } = await createVault(webRandom, source)
  expect(header.wraps).toMatchObject([{ parameters: minimumPassphraseParameters }])
  const sealed = await vault.seal('identity', utf8('secret'))
  const opened = await openVault(webRandom, header, source)
  expect(await opened.open('identity', sealed)).toEqual(utf8('secret'))
  const wrong = openVault(webRandom, header, { ...source, passphrase: 'correct horse batterie' })
  await expect(wrong).rejects.toMatchObject({ code: 'vault-locked' })
})
