import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../../src/bytes/index.ts'
import { HandshakeState, webKeyPair, webSuite } from '../../src/channel/noise/index.ts'
import type {
  CipherState,
  DhKeyPair,
  HandshakeOptions,
  NoiseSuite,
  SymmetricState,
} from '../../src/channel/noise/index.ts'
import { x25519FromSeed } from '../../src/crypto/index.ts'
import { LegacyPskState } from './legacy-psk.ts'
import { nobleKeyPair, nobleSuite } from './noble-suites.ts'
import { patternNamed } from './patterns.ts'
import { readVectors, vectorFiles, type NoiseVector } from './vector.ts'

/** A suite under test and how it takes a private key. */
interface Engine {
  readonly suite: NoiseSuite
  pair(privateKey: Uint8Array): Promise<DhKeyPair>
}

const nobleEngine = (name: string): Engine => ({ suite: nobleSuite(name), pair: async (key) => nobleKeyPair(key) })
const webEngine: Engine = { suite: webSuite, pair: async (key) => webKeyPair(await x25519FromSeed(key)) }

const empty = new Uint8Array(0)
const noDerivation = () => undefined

for (const file of vectorFiles) {
  describe(`${file}, noble`, () => {
    it.each(readVectors(file).map((vector) => [vector.name, vector] as const))('%s', async (_, vector) => {
      await replay(vector, nobleEngine(vector.suite))
    })
  })
  describe(`${file}, production suite`, () => {
    const ours = readVectors(file).filter((vector) => vector.suite === webSuite.name)
    it.each(ours.map((vector) => [vector.name, vector] as const))('%s', async (_, vector) => {
      await replay(vector, webEngine)
    })
  })
}

it('counts the vectors, so that a lost file is noticed', () => {
  expect(vectorFiles.map((file) => readVectors(file).length)).toEqual([128, 112, 96, 16])
})

async function replay(vector: NoiseVector, engine: Engine): Promise<void> {
  if (vector.fallback) await replayFallback(vector, engine)
  else
    await replayMessages(vector, await party(vector, engine, 'initiator'), await party(vector, engine, 'responder'), 0)
}

/**
 * The initiator tries IK with a key that is not the responder's; the responder starts XXfallback over, with the ephemeral
 * key of that first message as a pre-message.
 */
async function replayFallback(vector: NoiseVector, engine: Engine): Promise<void> {
  const attempt = { ...vector, pattern: 'IK', fallback: false }
  const first = message(vector, 0)
  const sent = await (await party(attempt, engine, 'initiator')).writeMessage(first.payload)
  expect(toHex(sent)).toBe(toHex(first.ciphertext))
  const refuser = await party(attempt, engine, 'responder')
  await expect(refuser.readMessage(sent)).rejects.toMatchObject({ code: 'handshake-failed' })

  const e = await engine.pair(fromHex(vector.initiator.ephemeral))
  const re = sent.slice(0, 32)
  const starter = await party(vector, engine, 'responder', { role: 'initiator', re })
  const follower = await party(vector, engine, 'initiator', { role: 'responder', e })
  await replayMessages(vector, starter, follower, 1)
}

async function replayMessages(vector: NoiseVector, first: HandshakeState, second: HandshakeState, from: number) {
  let [writer, reader] = [first, second]
  let next = from
  for (; !first.finished; next++) {
    const { payload, ciphertext } = message(vector, next)
    const sent = await writer.writeMessage(payload)
    expect(toHex(sent)).toBe(toHex(ciphertext))
    expect(toHex(await reader.readMessage(sent))).toBe(toHex(payload))
    ;[writer, reader] = [reader, writer]
  }
  expect(second.finished).toBe(true)
  if (vector.handshakeHash !== undefined) {
    for (const end of [first, second]) expect(toHex(end.handshakeHash())).toBe(vector.handshakeHash)
  }
  const ends = await Promise.all([first.split(2n ** 64n, noDerivation), second.split(2n ** 64n, noDerivation)])
  let [sender, receiver] = writer === first ? ends : [ends[1], ends[0]]
  for (; next < vector.messages.length; next++) {
    const { payload, ciphertext } = message(vector, next)
    expect(toHex(await encrypt(sender.send, payload))).toBe(toHex(ciphertext))
    expect(toHex(await receiver.receive.decryptWithAd(empty, ciphertext))).toBe(toHex(payload))
    ;[sender, receiver] = [receiver, sender]
  }
}

async function encrypt(cipher: CipherState, payload: Uint8Array): Promise<Uint8Array> {
  return cipher.encryptWithAd(empty, payload)
}

async function party(
  vector: NoiseVector,
  engine: Engine,
  side: 'initiator' | 'responder',
  change: Partial<HandshakeOptions> = {},
): Promise<HandshakeState> {
  const keys = vector[side]
  const legacyPsk = vector.prefix === 'NoisePSK'
  const e = await engine.pair(fromHex(keys.ephemeral))
  const suite: NoiseSuite = { ...engine.suite, generateKeyPair: async () => e }
  const pattern = patternNamed(vector.pattern, legacyPsk)
  const prologue = fromHex(keys.prologue)
  const psks = keys.psks.map(fromHex)
  const options: HandshakeOptions = {
    suite,
    pattern,
    role: side,
    prologue,
    ...(keys.static === undefined ? {} : { s: await engine.pair(fromHex(keys.static)) }),
    ...(keys.remoteStatic === undefined ? {} : { rs: fromHex(keys.remoteStatic) }),
    psks: legacyPsk ? [] : psks,
    ...change,
  }
  if (!legacyPsk) return HandshakeState.initialize(options)
  // The failed attempt of a fallback vector is named like the fallback in the file.
  const protocolName = `NoisePSK_${pattern.name}_${suite.name}`
  const symmetric: SymmetricState = await LegacyPskState.start(suite, protocolName, prologue, psks[0] ?? empty)
  return HandshakeState.initialize(options, symmetric)
}

function message(vector: NoiseVector, index: number) {
  const { payload, ciphertext } = vector.messages[index] ?? { payload: '', ciphertext: '' }
  return { payload: fromHex(payload), ciphertext: fromHex(ciphertext) }
}
