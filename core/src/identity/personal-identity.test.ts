import { expect, it } from 'vitest'
import { frozen, identitySeed, laptopSeed } from '../../test/people.ts'
import { toHex, utf8 } from '../bytes/index.ts'
import { x25519, x25519PublicBytes } from '../crypto/index.ts'
import { schnorrVerify, taggedHash } from '../crypto/secp256k1/index.ts'
import { decrypt04, encrypt04, freshSigner, isGenuine, signEvent } from '../nostr/index.ts'
import { webRandom } from '../runtime/platform/index.ts'
import { deviceIdentity, identityIdOf, importSeed, personalIdentity, roomIdentity, verifySignature } from './index.ts'

it('one seed gives the frozen keys', async () => {
  const identity = await personalIdentity(await importSeed(identitySeed))
  expect(toHex(identity.publicKey)).toBe(frozen.publicKey)
  expect(toHex(identity.nostrPublicKey)).toBe(frozen.nostrPublicKey)
  expect(identity.id).toBe(identityIdOf(identity.publicKey))
  expect(identity.id).toBe(Buffer.from(frozen.publicKey, 'hex').toString('base64url'))
})

it('one device seed gives the frozen keys', async () => {
  const device = await deviceIdentity(await importSeed(laptopSeed))
  expect(toHex(device.publicKey)).toBe(frozen.devicePublicKey)
  expect(toHex(device.noisePublicKey)).toBe(frozen.deviceNoiseKey)
  expect(await x25519PublicBytes(device.noiseStatic.publicKey)).toEqual(device.noisePublicKey)
})

it('A8: a signature holds for its key and domain only', async () => {
  const [identity, device] = await Promise.all([
    personalIdentity(await importSeed(identitySeed)),
    deviceIdentity(await importSeed(laptopSeed)),
  ])
  const message = utf8('message')
  for (const [signer, other] of [
    [identity, device],
    [device, identity],
  ] as const) {
    const signature = await signer.sign('p2pigeon/v1/one', message)
    expect(await verifySignature(signer.publicKey, 'p2pigeon/v1/one', message, signature)).toBe(true)
    expect(await verifySignature(signer.publicKey, 'p2pigeon/v1/two', message, signature)).toBe(false)
    expect(await verifySignature(other.publicKey, 'p2pigeon/v1/one', message, signature)).toBe(false)
    await expect(signer.sign('', message)).rejects.toMatchObject({ code: 'bad-domain' })
  }
  const digest = taggedHash('p2pigeon/v1/one', message)
  const signature = await identity.signNostr(digest)
  expect(schnorrVerify(identity.nostrPublicKey, signature, digest)).toBe(true)
  expect(schnorrVerify(identity.nostrPublicKey, signature, taggedHash('p2pigeon/v1/two', message))).toBe(false)
  await expect(identity.signNostr(message)).rejects.toMatchObject({ code: 'bad-length' })
})

it('is one key on Nostr, by which others are written to and read', async () => {
  const { nostr, nostrPublicKey, signNostr } = await personalIdentity(await importSeed(identitySeed))
  const peer = freshSigner(webRandom)
  expect(nostr.publicKey).toBe(toHex(nostrPublicKey))
  expect(nostr.sign).toBe(signNostr)
  expect(await nostr.conversationKey(peer.publicKey)).toEqual(await peer.conversationKey(nostr.publicKey))
  const event = await signEvent({ kind: 1, created_at: 1_700_000_000, tags: [], content: 'hello' }, nostr)
  expect(isGenuine(event)).toBe(true)
  const [ours, theirs] = await Promise.all([nostr.legacyKey?.(peer.publicKey), peer.legacyKey?.(nostr.publicKey)])
  if (ours === undefined || theirs === undefined) throw new Error('both speak NIP-04')
  expect(await decrypt04(await encrypt04('old', ours, webRandom), theirs)).toBe('old')
  await expect(nostr.conversationKey('f'.repeat(64))).rejects.toMatchObject({ code: 'bad-peer-key' })
})

it('one seed as identity, device and room shares no key', async () => {
  const seed = await importSeed(identitySeed)
  const [identity, device, room] = await Promise.all([
    personalIdentity(seed),
    deviceIdentity(seed),
    roomIdentity(seed, new Uint8Array(16)),
  ])
  const keys = [
    identity.publicKey,
    identity.nostrPublicKey,
    device.publicKey,
    device.noisePublicKey,
    room.publicKey,
    await x25519PublicBytes(room.noiseStatic.publicKey),
  ]
  expect(new Set(keys.map(toHex)).size).toBe(keys.length)
})

it('I4: no private key of an identity or a device can be reached or exported', async () => {
  const [identity, device] = await Promise.all([
    personalIdentity(await importSeed(identitySeed)),
    deviceIdentity(await importSeed(laptopSeed)),
  ])
  const { noiseStatic, ...rest } = device
  for (const reachable of [identity, rest]) {
    expect(Object.values(reachable).filter((value) => value instanceof CryptoKey)).toEqual([])
  }
  for (const format of ['raw', 'jwk', 'pkcs8'] as const) {
    await expect(crypto.subtle.exportKey(format, noiseStatic.privateKey)).rejects.toThrow()
  }
  // it is a key that works all the same
  expect(await x25519(noiseStatic.privateKey, device.noisePublicKey)).toHaveLength(32)
})

it('a key of another length names nobody', () => {
  expect(() => identityIdOf(new Uint8Array(31))).toThrow(expect.objectContaining({ code: 'bad-length' }))
})
