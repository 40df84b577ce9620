import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { ada, entryOf, fieldsOf, frozen, laptop, phone } from '../../test/people.ts'
import { concat, toHex } from '../bytes/index.ts'
import { sha256 } from '../crypto/index.ts'
import { AuthenticationError, CodecError } from '../errors/index.ts'
import {
  importSeed,
  maxPresentationBytes,
  personalIdentity,
  readPresentation,
  signPresentation,
  signRecord,
  type DeviceIdentity,
  type IdentityRecord,
} from './index.ts'

const roomId = Uint8Array.from({ length: 16 }, (_, index) => 0xa0 + index)
const roomKey = new Uint8Array(32).fill(9)
let device: DeviceIdentity
let record: IdentityRecord
let presentation: Uint8Array<ArrayBuffer>

beforeAll(async () => {
  device = await laptop()
  record = await signRecord(await ada(), fieldsOf([entryOf(device)]))
  presentation = await signPresentation(device, record, roomId, roomKey)
})

it('is the frozen one, and is read where it was made for', async () => {
  expect(toHex(presentation)).toBe(`01012b${frozen.record}${frozen.presentationEnd}`)
  expect(await readPresentation(presentation, roomId, roomKey)).toEqual({ record, device: record.devices[0] })
})

it('names the device that shows itself', async () => {
  const second = await phone()
  const both = await signRecord(await ada(), fieldsOf([entryOf(device), entryOf(second, 'Phone')]))
  const shown = await readPresentation(await signPresentation(second, both, roomId, roomKey), roomId, roomKey)
  expect(shown.device.name).toBe('Phone')
})

it('proves nothing in another room or behind another key', async () => {
  const notGenuine = { code: 'presentation-not-genuine', name: 'AuthenticationError' }
  await expect(readPresentation(presentation, new Uint8Array(16), roomKey)).rejects.toMatchObject(notGenuine)
  await expect(readPresentation(presentation, roomId, new Uint8Array(32))).rejects.toMatchObject(notGenuine)
})

it('is not made by a device that the record does not list, and refused if it pretends to be', async () => {
  const stranger = await phone()
  await expect(signPresentation(stranger, record, roomId, roomKey)).rejects.toMatchObject({ code: 'device-not-listed' })
  const forged = { ...stranger, publicKey: device.publicKey }
  const bytes = await signPresentation(forged, record, roomId, roomKey)
  await expect(readPresentation(bytes, roomId, roomKey)).rejects.toMatchObject({ code: 'presentation-not-genuine' })
})

it('belongs to one record: a device that acts for two identities cannot lend one’s presentation to the other', async () => {
  const other = await personalIdentity(await importSeed(new Uint8Array(32)))
  const others = await signRecord(other, fieldsOf([entryOf(device)]))
  expect(others.bytes).toHaveLength(record.bytes.length)
  const swapped = presentation.slice()
  swapped.set(others.bytes, 3)
  await expect(readPresentation(swapped, roomId, roomKey)).rejects.toMatchObject({ code: 'presentation-not-genuine' })
})

it('A8: a signature of the device for another purpose is no presentation', async () => {
  const presented = concat(roomId, roomKey, await sha256(record.bytes))
  for (const domain of ['p2pigeon/v1/binding', 'p2pigeon/v1/channel', 'p2pigeon/v1/identity-record']) {
    const replayed = presentation.slice()
    replayed.set(await device.sign(domain, presented), replayed.length - 64)
    await expect(readPresentation(replayed, roomId, roomKey)).rejects.toMatchObject({
      code: 'presentation-not-genuine',
    })
  }
})

it('is refused after any change, cut or addition; garbage throws nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(presentation.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
      const changed = presentation.slice()
      changed[at] = (changed[at] ?? 0) ^ by
      await expectRefused(changed)
    }),
    { numRuns: 200 },
  )
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), expectRefused), { numRuns: 300 })
  for (let length = 0; length < presentation.length; length += 7) await expectRefused(presentation.subarray(0, length))
  const longer = concat(presentation, Uint8Array.of(0))
  await expect(readPresentation(longer, roomId, roomKey)).rejects.toMatchObject({ code: 'trailing' })
  await expect(readPresentation(Uint8Array.of(2), roomId, roomKey)).rejects.toMatchObject({
    code: 'presentation-version',
  })
  const tooLong = new Uint8Array(maxPresentationBytes + 1)
  await expect(readPresentation(tooLong, roomId, roomKey)).rejects.toMatchObject({ code: 'too-long' })
})

it('wrong arguments are refused', async () => {
  for (const [id, key] of [
    [new Uint8Array(15), roomKey],
    [roomId, new Uint8Array(31)],
  ] as const) {
    await expect(signPresentation(device, record, id, key)).rejects.toMatchObject({ code: 'bad-length' })
    await expect(readPresentation(presentation, id, key)).rejects.toMatchObject({ code: 'bad-length' })
  }
})

async function expectRefused(bytes: Uint8Array): Promise<void> {
  const error: unknown = await readPresentation(bytes, roomId, roomKey).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error instanceof CodecError || error instanceof AuthenticationError).toBe(true)
}
