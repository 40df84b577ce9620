import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromHex, toHex, utf8 } from '../bytes/index.ts'
import { ed25519Verify, x25519PublicBytes } from '../crypto/index.ts'
import { contexts, seedSalt } from './contexts.ts'
import { importSeed, peerIdOf, roomIdentity, verifySignature } from './index.ts'
import { signedBytes } from './signature.ts'

const seed = Uint8Array.from({ length: 32 }, (_, index) => index)
const roomId = Uint8Array.from({ length: 16 }, (_, index) => 0xa0 + index)

// Frozen: computed once by an independent implementation. A change here is a change of everybody's identity.
const frozen = {
  publicKey: 'f965886a772232e1c2dc8517dc4da53ebac9d049347591b4407b985ebeb6ecfd',
  peerId: '-WWIanciMuHC3IUX3E2lPrrJ0Ek0dZG0QHuYXr627P0',
  noisePublic: 'beefdaf77d8d7cb89ee3696877757b35daaafe95975332d85fea57c74b34d27d',
  signature:
    '3db2bfc8fd0f3f74255d6eacb7442a374b6beb1bb3d7a3cf97384f12d6e3adfff20376cd597a587f5ea861cc1fda62ce0afafc70d1306ec755d22d1518579701',
}

test('one seed and room give the frozen keys, name and signature', async () => {
  const identity = await roomIdentity(await importSeed(seed), roomId)
  expect(toHex(identity.publicKey)).toBe(frozen.publicKey)
  expect(identity.peerId).toBe(frozen.peerId)
  expect(peerIdOf(identity.publicKey)).toBe(frozen.peerId)
  expect(toHex(await x25519PublicBytes(identity.noiseStatic.publicKey))).toBe(frozen.noisePublic)
  expect(toHex(await identity.sign('test', Uint8Array.of(1, 2, 3)))).toBe(frozen.signature)
})

test('the contexts are frozen, and none begins with another', () => {
  expect(seedSalt).toBe('p2pigeon/v1/identity')
  expect(contexts).toEqual({
    roomIdentity: 'p2pigeon/v1/room-identity',
    noiseStatic: 'p2pigeon/v1/x25519-noise-static',
    longTermIdentity: 'p2pigeon/v1/ed25519-identity',
    nostr: 'p2pigeon/v1/secp256k1-nostr',
    hyperswarm: 'p2pigeon/v1/hyperswarm-ed25519',
    localStorage: 'p2pigeon/v1/local-storage',
    device: 'p2pigeon/v1/ed25519-device',
    deviceNoise: 'p2pigeon/v1/x25519-device',
  })
  const all = Object.values(contexts)
  for (const one of all) expect(all.filter((other) => other.startsWith(one))).toEqual([one])
})

test('two rooms, or two seeds, share no key', async () => {
  const key = await importSeed(seed)
  const otherRoom = roomId.slice()
  otherRoom[15] = 0
  const identities = await Promise.all([
    roomIdentity(key, roomId),
    roomIdentity(key, otherRoom),
    roomIdentity(await importSeed(new Uint8Array(32)), roomId),
  ])
  const publicKeys = await Promise.all(
    identities.flatMap(({ publicKey, noiseStatic }) => [
      Promise.resolve(publicKey),
      x25519PublicBytes(noiseStatic.publicKey),
    ]),
  )
  expect(new Set(publicKeys.map(toHex)).size).toBe(6)
  expect(new Set(identities.map(({ peerId }) => peerId)).size).toBe(3)
})

test('I4: no private key can be exported, nor can the seed', async () => {
  const key = await importSeed(seed)
  const { noiseStatic, ...rest } = await roomIdentity(key, roomId)
  for (const secretKey of [key, noiseStatic.privateKey]) {
    expect(secretKey.extractable).toBe(false)
    for (const format of ['raw', 'jwk', 'pkcs8'] as const) {
      await expect(crypto.subtle.exportKey(format, secretKey)).rejects.toThrow()
    }
  }
  // The signing key is not even reachable: nothing else on the identity is a key.
  expect(Object.values(rest).filter((value) => value instanceof CryptoKey)).toEqual([])
})

test('a signature holds for its key, domain and message only', async () => {
  const key = await importSeed(seed)
  const [identity, other] = await Promise.all([roomIdentity(key, roomId), roomIdentity(key, new Uint8Array(16))])
  const message = utf8('message')
  const signature = await identity.sign('p2pigeon/v1/one', message)
  expect(await verifySignature(identity.publicKey, 'p2pigeon/v1/one', message, signature)).toBe(true)
  expect(await verifySignature(identity.publicKey, 'p2pigeon/v1/two', message, signature)).toBe(false)
  expect(await verifySignature(identity.publicKey, 'p2pigeon/v1/on', utf8('emessage'), signature)).toBe(false)
  expect(await verifySignature(identity.publicKey, 'p2pigeon/v1/one', utf8('messagE'), signature)).toBe(false)
  expect(await verifySignature(other.publicKey, 'p2pigeon/v1/one', message, signature)).toBe(false)
  expect(await ed25519Verify(identity.publicKey, signature, message)).toBe(false)
})

test('no two pairs of domain and message give the same signed bytes', () => {
  const domain = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }).filter((text) => !text.includes('\0'))
  const message = fc.uint8Array({ maxLength: 8 })
  fc.assert(
    fc.property(domain, message, domain, message, (domainA, messageA, domainB, messageB) => {
      const same = domainA === domainB && toHex(messageA) === toHex(messageB)
      expect(toHex(signedBytes(domainA, messageA)) === toHex(signedBytes(domainB, messageB))).toBe(same)
    }),
  )
  expect(signedBytes('test', Uint8Array.of(1, 2, 3))).toEqual(fromHex('746573740000000003010203'))
})

test('wrong arguments are refused', async () => {
  const key = await importSeed(seed)
  const identity = await roomIdentity(key, roomId)
  await expect(importSeed(new Uint8Array(31))).rejects.toMatchObject({ code: 'bad-length' })
  await expect(roomIdentity(key, new Uint8Array(15))).rejects.toMatchObject({ code: 'bad-length' })
  expect(() => peerIdOf(new Uint8Array(33))).toThrow(expect.objectContaining({ code: 'bad-length' }))
  for (const domain of ['', 'a\0b']) {
    await expect(identity.sign(domain, seed)).rejects.toMatchObject({ code: 'bad-domain' })
    await expect(verifySignature(identity.publicKey, domain, seed, seed)).rejects.toMatchObject({ code: 'bad-domain' })
  }
})
