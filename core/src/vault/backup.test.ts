import fc from 'fast-check'
import { beforeEach, expect, it } from 'vitest'
import { FakePasswordHash } from '../../test/fake-password-hash.ts'
import { concat, toHex, utf8 } from '../bytes/index.ts'
import { AuthenticationError, CodecError } from '../errors/index.ts'
import { webRandom } from '../runtime/platform/index.ts'
import { maxBackupBytes, minimumPassphraseParameters, openBackup, sealBackup } from './index.ts'

const passphrase = 'correct horse'
const contents = utf8('all that is worth keeping')
const locked = { code: 'backup-locked', name: 'AuthenticationError', message: 'the backup does not open' }
const notABackup = { code: 'not-a-backup', name: 'CodecError' }
/** Magic, version, salt; then the costs. */
const costsAt = 9 + 1 + 16

let fake: FakePasswordHash
beforeEach(() => {
  fake = new FakePasswordHash()
})

it('a backup opens with its passphrase', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (kept) => {
      const file = await sealBackup(webRandom, passphrase, fake.hash, kept)
      expect(await openBackup(file, passphrase, fake.hash)).toEqual(new Uint8Array(kept))
      await expect(openBackup(file, 'correct house', fake.hash)).rejects.toMatchObject(locked)
    }),
    { numRuns: 30 },
  )
  for (const costs of fake.asked) expect(costs).toEqual(minimumPassphraseParameters)
})

it('a backup holds costs of its own, and no piece of its contents', async () => {
  const parameters = { memoryKiB: 100_000, iterations: 5, parallelism: 2 }
  const file = await sealBackup(webRandom, passphrase, fake.hash, contents, parameters)
  await openBackup(file, passphrase, fake.hash)
  expect(fake.asked).toEqual([parameters, parameters])
  expect(toHex(file)).not.toContain(toHex(contents.subarray(0, 4)))
  expect([...fake.passphrases, ...fake.outputs].every((bytes) => bytes.every((byte) => byte === 0))).toBe(true)
})

it('a changed backup does not open; garbage throws nothing else', async () => {
  const file = await sealBackup(webRandom, passphrase, fake.hash, contents)
  const change = fc.tuple(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, by]) => {
    const changed = file.slice()
    changed[at] = (changed[at] ?? 0) ^ by
    return changed
  })
  const garbage = fc.uint8Array({ maxLength: 200 })
  const behindMagic = garbage.map((bytes) => concat(file.subarray(0, 10), bytes))
  const cut = fc.nat(file.length - 1).map((length) => file.subarray(0, length))
  await fc.assert(
    fc.asyncProperty(fc.oneof(change, garbage, behindMagic, cut), async (bytes) => {
      const error: unknown = await openBackup(bytes, passphrase, fake.hash).then(
        () => undefined,
        (reason: unknown) => reason,
      )
      expect(error instanceof CodecError || error instanceof AuthenticationError).toBe(true)
    }),
    { numRuns: 400 },
  )
})

it('I3: edited costs are refused before anything is hashed', async () => {
  const file = await sealBackup(webRandom, passphrase, fake.hash, contents)
  const asked = fake.asked.length
  for (const costs of [
    [0, 0, 0xff, 0xff, 3, 1],
    [0, 1, 0, 0, 2, 1],
    [0, 1, 0, 0, 3, 0],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  ]) {
    const edited = file.slice()
    edited.set(costs, costsAt)
    await expect(openBackup(edited, passphrase, fake.hash)).rejects.toMatchObject(notABackup)
  }
  expect(fake.asked).toHaveLength(asked)
})

it('files of another kind, of a later version, cut or far too long are told apart from a wrong passphrase', async () => {
  const file = await sealBackup(webRandom, passphrase, fake.hash, contents)
  await expect(openBackup(utf8('PNG'), passphrase, fake.hash)).rejects.toMatchObject(notABackup)
  await expect(openBackup(file.subarray(0, 40), passphrase, fake.hash)).rejects.toMatchObject(notABackup)
  await expect(openBackup(file.with(9, 2), passphrase, fake.hash)).rejects.toMatchObject({ code: 'backup-version' })
  const endless = concat(file, new Uint8Array(maxBackupBytes + maxBackupBytes / 8 + 1_024))
  await expect(openBackup(endless, passphrase, fake.hash)).rejects.toMatchObject(notABackup)
})

it('what would not open or protects nothing is not sealed', async () => {
  const seal = (typed: string, kept: Uint8Array, parameters = minimumPassphraseParameters) =>
    sealBackup(webRandom, typed, fake.hash, kept, parameters)
  await expect(seal('short', contents)).rejects.toMatchObject({ code: 'passphrase-too-short' })
  const weak = { ...minimumPassphraseParameters, iterations: 1 }
  await expect(seal(passphrase, contents, weak)).rejects.toMatchObject({ code: 'bad-parameters' })
  const tooLarge = new Uint8Array(maxBackupBytes + 1)
  await expect(seal(passphrase, tooLarge)).rejects.toMatchObject({ code: 'backup-too-large', name: 'LimitError' })
  expect(fake.asked).toEqual([])
})
