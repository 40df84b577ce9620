import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ada, entryOf, fieldsOf, frozen, laptop, phone, startMs } from '../../test/people.ts'
import { fromHex, toHex } from '../bytes/index.ts'
import { schnorrSign, taggedHash } from '../crypto/secp256k1/index.ts'
import { AuthenticationError, CodecError } from '../errors/index.ts'
import {
  cleanDeviceName,
  importSeed,
  isInForce,
  maxRecordBytes,
  personalIdentity,
  readRecord,
  signRecord,
  successionOf,
  verifySignature,
  type DeviceEntry,
  type PersonalIdentity,
} from './index.ts'
import { encodeBody } from './record-codec.ts'
import { recordDomain } from './signed-record.ts'

const key = () => fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => new Uint8Array(bytes))
const device: fc.Arbitrary<DeviceEntry> = fc.record({
  publicKey: key(),
  noisePublicKey: key(),
  name: fc.string({ unit: 'binary', maxLength: 40 }).map(cleanDeviceName),
  addedAtMs: fc.maxSafeNat(),
})
const devices = fc.uniqueArray(device, { minLength: 1, maxLength: 8, selector: ({ publicKey }) => toHex(publicKey) })

describe('a record', () => {
  it('is the frozen one', async () => {
    const record = await signRecord(await ada(), fieldsOf([entryOf(await laptop())]))
    expect(toHex(record.bytes)).toBe(frozen.record)
    expect(await readRecord(record.bytes)).toEqual(record)
  })

  it('is read as it was signed, and fits', async () => {
    const identity = await ada()
    await fc.assert(
      fc.asyncProperty(devices, fc.maxSafeNat(), fc.maxSafeNat(), fc.nat(), async (list, seq, notBeforeMs, lasts) => {
        const notAfterMs = Math.min(notBeforeMs + lasts, Number.MAX_SAFE_INTEGER)
        const record = await signRecord(identity, { devices: list, seq, notBeforeMs, notAfterMs })
        const { id, publicKey, nostrPublicKey } = identity
        expect(record).toEqual({
          ...{ id, publicKey, nostrPublicKey, devices: list, seq, notBeforeMs, notAfterMs },
          bytes: record.bytes,
        })
        expect(await readRecord(record.bytes)).toEqual(record)
        expect(record.bytes.length).toBeLessThanOrEqual(maxRecordBytes)
      }),
      { numRuns: 25 },
    )
  })

  it('fits with eight devices and the longest names', async () => {
    const name = '💻'.repeat(32)
    const list = Array.from({ length: 8 }, (_, index) => ({
      publicKey: new Uint8Array(32).fill(10 + index),
      noisePublicKey: new Uint8Array(32).fill(20 + index),
      ...{ name, addedAtMs: startMs },
    }))
    const record = await signRecord(await ada(), fieldsOf(list))
    expect(record.bytes).toHaveLength(1_835)
    const ninth = { ...entryOf(await laptop()), name }
    await expect(signRecord(await ada(), fieldsOf([...list, ninth]))).rejects.toMatchObject({ code: 'bad-record' })
  })

  it('is refused after any change', async () => {
    const bytes = fromHex(frozen.record)
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = bytes.slice()
        changed[at] = (changed[at] ?? 0) ^ by
        await expectRefused(readRecord(changed))
      }),
      { numRuns: 300 },
    )
    for (let length = 0; length < bytes.length; length++) await expectRefused(readRecord(bytes.subarray(0, length)))
    await expect(readRecord(Uint8Array.of(...bytes, 0))).rejects.toMatchObject({ code: 'trailing' })
  })

  it('is nothing that garbage could be', async () => {
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 600 }),
      // past the version and the keys, so that the fields behind them are met
      fc.uint8Array({ minLength: 100, maxLength: 600 }).map((bytes) => {
        bytes.set(fromHex(frozen.record).subarray(0, 66))
        return bytes
      }),
    )
    await fc.assert(
      fc.asyncProperty(garbage, async (bytes) => {
        await expectRefused(readRecord(bytes))
      }),
      { numRuns: 500 },
    )
    await expect(readRecord(new Uint8Array(maxRecordBytes + 1))).rejects.toMatchObject({ code: 'too-long' })
    await expect(readRecord(Uint8Array.of(2))).rejects.toMatchObject({ code: 'record-version' })
  })

  it('is refused in a form that is not the one form, even signed', async () => {
    const first = entryOf(await laptop())
    const second = entryOf(await phone())
    const identity = await ada()
    const bad: readonly (readonly [string, Partial<DeviceEntry>[]])[] = [
      ['no device', []],
      ['a device twice', [first, first]],
      ['an Ed25519 key twice', [first, { ...second, publicKey: first.publicKey }]],
      ['an X25519 key twice', [first, { ...second, noisePublicKey: first.noisePublicKey }]],
      ['the identity as a device', [{ ...first, publicKey: identity.publicKey }]],
      ['an empty name', [{ ...first, name: '' }]],
      ['a hidden character', [{ ...first, name: 'Lap\u202etop' }]],
      ['two lines', [{ ...first, name: 'Lap\ntop' }]],
      ['white space at the edge', [{ ...first, name: ' Laptop' }]],
      ['a long name', [{ ...first, name: 'x'.repeat(33) }]],
      ['half a character', [{ ...first, name: 'x'.repeat(31) + '\ud800\ud800' }]],
      ['a short key', [{ ...first, publicKey: new Uint8Array(31) }]],
      [
        'keys whose lengths make up for each other',
        [{ ...first, publicKey: new Uint8Array(31), noisePublicKey: new Uint8Array(33) }],
      ],
      ['a time before the beginning', [{ ...first, addedAtMs: -1 }]],
    ]
    for (const [, list] of bad) {
      const signing = signRecord(identity, fieldsOf(list as DeviceEntry[]))
      await expect(signing).rejects.toMatchObject({ code: 'bad-record', name: 'UsageError' })
    }
    const fields = fieldsOf([first])
    for (const broken of [
      { ...fields, seq: -1 },
      { ...fields, seq: 2 ** 53 },
      { ...fields, notAfterMs: fields.notBeforeMs - 1 },
    ]) {
      await expect(signRecord(identity, broken)).rejects.toMatchObject({ code: 'bad-record' })
    }
    // the same rules hold for a record that somebody else's program signed
    const text = frozen.record
    for (const [from, to] of [
      ['064c6170746f70', '064c6170740a70'],
      ['064c6170746f70', '0620617074e282'],
      ['0116493fe5', '0216493fe5'],
      ['00000000000007', '40000000000007'],
    ] as const) {
      await expect(readRecord(fromHex(text.replace(from, to)))).rejects.toBeInstanceOf(CodecError)
    }
  })
})

describe('B10: the Nostr half of a record', () => {
  it('counts with its signature', async () => {
    const identity = await ada()
    const record = await signRecord(identity, fieldsOf([entryOf(await laptop())]))
    expect(record.nostrPublicKey).toEqual(identity.nostrPublicKey)
  })

  it.each([
    ['of zeros', async () => new Uint8Array(64)],
    ['by another key', async (digest: Uint8Array) => schnorrSign(new Uint8Array(32).fill(3), digest)],
    ['of another digest', async (_: Uint8Array, by: PersonalIdentity) => by.signNostr(new Uint8Array(32))],
    [
      'for another purpose',
      async (_: Uint8Array, by: PersonalIdentity) => by.signNostr(taggedHash('p2pigeon/v1/other', new Uint8Array(9))),
    ],
  ] as const)('is absent with a signature %s; all else holds', async (_name, forge) => {
    const identity = await ada()
    const forger = { ...identity, signNostr: (digest: Uint8Array) => forge(digest, identity) }
    const record = await signRecord(forger, fieldsOf([entryOf(await laptop())]))
    expect(record.nostrPublicKey).toBeUndefined()
    expect(record.id).toBe(identity.id)
    expect(await readRecord(record.bytes)).toEqual(record)
  })

  it('is absent when somebody else’s key, or none on the curve, is claimed', async () => {
    const identity = await ada()
    const other = await personalIdentity(await importSeed(new Uint8Array(32)))
    for (const nostrPublicKey of [other.nostrPublicKey, new Uint8Array(32).fill(0xff), new Uint8Array(32)]) {
      const record = await signRecord({ ...identity, nostrPublicKey }, fieldsOf([entryOf(await laptop())]))
      expect(record.nostrPublicKey).toBeUndefined()
    }
  })

  it('may be missing, but nobody can take it away or put another one there', async () => {
    const identity = await ada()
    const fields = fieldsOf([entryOf(await laptop())])
    const body = encodeBody({ ...fields, publicKey: identity.publicKey, nostrPublicKey: undefined })
    const signed = Uint8Array.of(...body, ...(await identity.sign(recordDomain, body)))
    expect(await readRecord(signed)).toMatchObject({ id: identity.id, nostrPublicKey: undefined })

    const { bytes } = await signRecord(identity, fields)
    const notGenuine = { code: 'record-not-genuine', name: 'AuthenticationError' }
    const without = Uint8Array.of(...body, ...bytes.subarray(-64))
    await expect(readRecord(without)).rejects.toMatchObject(notGenuine)
    const zeroed = bytes.slice().fill(0, -128, -64)
    await expect(readRecord(zeroed)).rejects.toMatchObject(notGenuine)
  })

  it('an older record never replaces a later one', async () => {
    const identity = await ada()
    const [one, two] = [entryOf(await laptop()), entryOf(await phone(), 'Phone')]
    const known = await signRecord(identity, fieldsOf([one], 7))
    expect(successionOf(known, await signRecord(identity, fieldsOf([one, two], 6)))).toBe('older')
    expect(successionOf(known, await signRecord(identity, fieldsOf([one, two], 8)))).toBe('newer')
    expect(successionOf(known, await signRecord(identity, fieldsOf([one], 7)))).toBe('same')
    expect(successionOf(known, await signRecord(identity, fieldsOf([two], 7)))).toBe('conflicting')
  })
})

it('A8: a record’s signatures serve nothing else, and no other signature serves a record', async () => {
  const identity = await ada()
  const body = encodeBody({
    ...fieldsOf([entryOf(await laptop())]),
    publicKey: identity.publicKey,
    nostrPublicKey: undefined,
  })
  for (const domain of ['p2pigeon/v1/binding', 'p2pigeon/v1/presentation', 'p2pigeon/v1/control', 'x']) {
    const replayed = Uint8Array.of(...body, ...(await identity.sign(domain, body)))
    await expect(readRecord(replayed)).rejects.toMatchObject({ code: 'record-not-genuine' })
    const signature = await identity.sign(recordDomain, body)
    expect(await verifySignature(identity.publicKey, domain, body, signature)).toBe(false)
  }
})

it('a record is in force for its time, give or take a day', async () => {
  const record = await signRecord(await ada(), fieldsOf([entryOf(await laptop())]))
  const dayMs = 86_400_000
  expect(isInForce(record, record.notBeforeMs - dayMs)).toBe(true)
  expect(isInForce(record, record.notBeforeMs - dayMs - 1)).toBe(false)
  expect(isInForce(record, record.notAfterMs + dayMs)).toBe(true)
  expect(isInForce(record, record.notAfterMs + dayMs + 1)).toBe(false)
})

it('a device has a name whatever was written', () => {
  expect(cleanDeviceName('  Ada’s\n laptop ')).toBe('Ada’s laptop')
  expect(cleanDeviceName('\u200b')).toBe('Device')
  expect([...cleanDeviceName('💻'.repeat(99))]).toHaveLength(32)
})

async function expectRefused(reading: Promise<unknown>): Promise<void> {
  const error: unknown = await reading.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error instanceof CodecError || error instanceof AuthenticationError).toBe(true)
}
