import { expect, test } from 'vitest'
import { fromHex, toHex } from '../bytes/index.ts'
import { aeadOpen, aeadSeal, importAeadKey } from '../crypto/index.ts'
import { privacyLevels } from '../ice/index.ts'
import { importSeed, roomIdentity } from '../identity/index.ts'
import {
  createRoomLink,
  deriveRoomKeys,
  encodeRoomLink,
  nextRoomSecret,
  parseRoomLink,
  standardPolicy,
  type RoomLink,
} from './index.ts'

const dayMs = 86_400_000
const seed = Uint8Array.from({ length: 32 }, (_, index) => index)
const link: RoomLink = {
  roomId: Uint8Array.from({ length: 16 }, (_, index) => 0xa0 + index),
  secret: Uint8Array.from({ length: 32 }, (_, index) => 0x40 + index),
  hostFingerprint: fromHex('65ca3f1a03a1722c32b7636c05a1b557'),
  policy: standardPolicy,
  history: undefined,
}

// Frozen: computed once by an independent implementation. A change here splits rooms between versions.
const frozen = {
  topicOfDay20000: '9c5b55173d7537bdf95b4b4f3aae20de45b2bce0dfcb2eafc157a5ae5f0cf76b',
  envelopeKey: 'a15e6122e87001fd0349f60be0879d84b89ee8c931e763caaa823139a14590f7',
  psk: '40a46a7727b20c24da47e0c5700414b87d5d6a3936ced2fcd5b674913a809fb1',
  logRoot: '0028407775e7ea17a3e9ff50a5e2ab6070333e029c8551987f3e241c9b64a3d7',
  nextSecret: 'f71940b678c2b19d5d6aae6949243f703e7a1d4658fe3cddd095a338e5f952d7',
  topicRootHash: '90917f930453054b455af803bfb79d5b8478819348fb599f5dff93ebe5524760',
}

test('one link gives the frozen keys', async () => {
  const keys = await deriveRoomKeys(link)
  expect(toHex(keys.psk)).toBe(frozen.psk)
  expect(toHex(keys.topicRootHash)).toBe(frozen.topicRootHash)
  expect(toHex(await keys.topic('dht', 20_000 * dayMs))).toBe(frozen.topicOfDay20000)
  expect(toHex(keys.logRoot)).toBe(frozen.logRoot)
  expect(toHex(await nextRoomSecret(link.roomId, link.secret, new Uint8Array(32).fill(7)))).toBe(frozen.nextSecret)
  expect(keys.roomName).toBe('oKGio6SlpqeoqaqrrK2urw')
  expect(keys.roomId).toEqual(link.roomId)

  const nonce = new Uint8Array(12)
  const sealed = await aeadSeal(await keys.envelopeKey('dht'), nonce, nonce, seed)
  expect(await aeadOpen(await importAeadKey(fromHex(frozen.envelopeKey)), nonce, nonce, sealed)).toEqual(seed)
})

test('a topic lasts one UTC day, and its neighbours are reached by offset', async () => {
  const keys = await deriveRoomKeys(link)
  const at = async (nowMs: number, offset?: -1 | 0 | 1) => toHex(await keys.topic('dht', nowMs, offset))
  const noon = 20_000.5 * dayMs
  expect(await at(20_000 * dayMs)).toBe(await at(noon))
  expect(await at(20_001 * dayMs - 1)).toBe(await at(noon))
  expect(await at(20_001 * dayMs)).not.toBe(await at(noon))
  expect(await at(noon, 1)).toBe(await at(noon + dayMs))
  expect(await at(noon, -1)).toBe(await at(noon - dayMs))
  expect(await at(noon, 0)).toBe(await at(noon))
})

test('a clock that was never set names a day, too', async () => {
  const keys = await deriveRoomKeys(link)
  const topics = await Promise.all([keys.topic('dht', 0, -1), keys.topic('dht', 0), keys.topic('dht', -dayMs)])
  expect(toHex(topics[0])).toBe(toHex(topics[2]))
  expect(toHex(topics[0])).not.toBe(toHex(topics[1]))
})

test('links that differ in one bit of the secret or the room id, or in their policy, share nothing', async () => {
  const flipped = (bytes: Uint8Array<ArrayBuffer>) => bytes.map((byte, index) => (index === 0 ? byte ^ 1 : byte))
  const policies = privacyLevels.flatMap((privacy) => [
    { privacy, constantRate: false, keepChat: false },
    { privacy, constantRate: true, keepChat: false },
    { privacy, constantRate: false, keepChat: true },
    { privacy, constantRate: true, keepChat: true },
  ])
  const all = [
    ...policies.map((policy) => ({ ...link, policy })),
    { ...link, secret: flipped(link.secret) },
    { ...link, roomId: flipped(link.roomId) },
  ]
  const derived = await Promise.all(
    all.map(async (one) => {
      const keys = await deriveRoomKeys(one)
      return [keys.psk, keys.topicRootHash, await keys.topic('dht', 0)].map(toHex)
    }),
  )
  expect(new Set(derived.flat()).size).toBe(42)
})

test('the envelope key cannot be exported', async () => {
  const key = await (await deriveRoomKeys(link)).envelopeKey('dht')
  expect(key.extractable).toBe(false)
  await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow()
})

test('a new room has its creator as host and nobody else', async () => {
  const own = await importSeed(seed)
  let drawn = 0
  const random = { bytes: (length: number) => new Uint8Array(length).fill(++drawn) }
  const created = await createRoomLink(own, random, standardPolicy)
  expect(created.roomId).toEqual(new Uint8Array(16).fill(1))
  expect(created.secret).toEqual(new Uint8Array(32).fill(2))
  expect(await parseRoomLink(await encodeRoomLink(created))).toEqual(created)

  const { isHost } = await deriveRoomKeys(created)
  const host = await roomIdentity(own, created.roomId)
  const elsewhere = await roomIdentity(own, new Uint8Array(16))
  const other = await roomIdentity(await importSeed(new Uint8Array(32)), created.roomId)
  expect(await isHost(host.publicKey)).toBe(true)
  expect(await isHost(elsewhere.publicKey)).toBe(false)
  expect(await isHost(other.publicKey)).toBe(false)
  expect(await isHost(new Uint8Array(0))).toBe(false)
  expect(await isHost(created.hostFingerprint)).toBe(false)
})

test('the frozen link pins the frozen seed as host', async () => {
  const { isHost } = await deriveRoomKeys(link)
  const host = await roomIdentity(await importSeed(seed), link.roomId)
  expect(await isHost(host.publicKey)).toBe(true)
})
