import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { ada, entryOf, fieldsOf, laptop, phone } from '../../test/people.ts'
import { importSeed, personalIdentity, signRecord, type IdentityRecord } from '../identity/index.ts'
import { safetyNumber } from './index.ts'

async function adaAndBob(): Promise<readonly [IdentityRecord, IdentityRecord]> {
  const [a, one, other] = await Promise.all([ada(), laptop(), phone()])
  const b = await personalIdentity(await importSeed(new Uint8Array(32).fill(9)))
  return Promise.all([signRecord(a, fieldsOf([entryOf(one)])), signRecord(b, fieldsOf([entryOf(other)]))])
}

/** The same rule, written a second time over another implementation of the hash. */
function halfOf({ publicKey, nostrPublicKey }: IdentityRecord): string {
  const keys = Buffer.concat([publicKey, nostrPublicKey ?? Buffer.alloc(32)])
  let digest = createHash('sha512').update('p2pigeon/v1/safety-number').update(keys).digest()
  for (let round = 0; round < 5_200; round++) digest = createHash('sha512').update(digest).update(keys).digest()
  return [0, 5, 10, 15, 20, 25]
    .map((at) => String(BigInt(`0x${digest.subarray(at, at + 5).toString('hex')}`) % 100_000n).padStart(5, '0'))
    .join('')
}

it('is the same at both ends, 60 digits, and the one of an independent implementation', async () => {
  const [one, other] = await adaAndBob()
  const number = await safetyNumber(one, other)
  expect(number).toMatch(/^\d{60}$/)
  expect(await safetyNumber(other, one)).toBe(number)
  expect(number).toBe([halfOf(one), halfOf(other)].sort().join(''))
})

it('changes with either key, and not with devices, time or seq', async () => {
  const [one, other] = await adaAndBob()
  const number = await safetyNumber(one, other)
  const newer = await signRecord(await ada(), fieldsOf([entryOf(await phone(), 'Phone')], 9))
  expect(await safetyNumber(newer, other)).toBe(number)
  expect(await safetyNumber({ ...one, nostrPublicKey: undefined }, other)).not.toBe(number)
  expect(await safetyNumber({ ...one, publicKey: other.publicKey }, other)).not.toBe(number)
})

it('two different people never share their half by swapping keys', async () => {
  const [one, other] = await adaAndBob()
  const swapped = { ...one, publicKey: one.nostrPublicKey ?? one.publicKey, nostrPublicKey: one.publicKey }
  expect(await safetyNumber(swapped, other)).not.toBe(await safetyNumber(one, other))
})
