import { AuthenticationError, CodecError } from '../../../src/errors/index.ts'
import { encodeBody, readUnverified } from '../../../src/identity/record-codec.ts'
import { readPresentation, readRecord, signPresentation, signRecord } from '../../../src/identity/index.ts'
import { decodeRingFrame, encodeRingFrame, type RingFrame } from '../../../src/ring/ring-frame.ts'
import { webRandom } from '../../../src/runtime/platform/index.ts'
import {
  decodeHeader,
  encodeHeader,
  minimumPassphraseParameters,
  openBackup,
  sealBackup,
  seedOf,
  wordsOf,
  type VaultWrap,
} from '../../../src/vault/index.ts'
import { FakePasswordHash } from '../../fake-password-hash.ts'
import { ada, entryOf, fieldsOf, laptop, phone } from '../../people.ts'
import { bytesOf, target, textOf } from '../target.ts'

const bytes = (length: number, value = 7) => new Uint8Array(length).fill(value)
const [roomId, roomKey] = [bytes(16), bytes(32)]

async function records() {
  const [identity, one, other] = await Promise.all([ada(), laptop(), phone()])
  return Promise.all([
    signRecord(identity, fieldsOf([entryOf(one)])),
    signRecord(identity, fieldsOf([entryOf(one), entryOf(other, 'Phone')], 8)),
  ])
}

/** The form alone: what a forger would have to get past first. */
export const recordForm = target({
  name: 'record-form',
  seeds: async () => (await records()).map(({ bytes: whole }) => whole),
  decode: readUnverified,
  encode: ({ body, nostrSignature, signature }) => Buffer.concat([encodeBody(body), nostrSignature, signature]),
})

export const record = target({
  name: 'record',
  seeds: async () => (await records()).map(({ bytes: whole }) => whole),
  decode: readRecord,
  encode: ({ bytes: whole }) => whole,
  refuses: [CodecError, AuthenticationError],
})

export const presentation = target({
  name: 'presentation',
  seeds: async () => {
    const device = await laptop()
    return Promise.all((await records()).map((one) => signPresentation(device, one, roomId, roomKey)))
  },
  decode: (input) => readPresentation(input, roomId, roomKey),
  refuses: [CodecError, AuthenticationError],
})

const wraps: readonly VaultWrap[] = [
  { kind: 'device', sealed: bytes(60) },
  { kind: 'passphrase', salt: bytes(16), parameters: minimumPassphraseParameters, sealed: bytes(60, 1) },
  { kind: 'passkey', credentialId: bytes(20), prfSalt: bytes(32), sealed: bytes(60, 2) },
]

export const vaultHeader = target({
  name: 'vault-header',
  seeds: () => wraps.map((_, index) => encodeHeader({ vaultId: bytes(16), wraps: wraps.slice(0, index + 1) })),
  decode: decodeHeader,
  encode: encodeHeader,
})

const { hash } = new FakePasswordHash()
const passphrase = 'correct horse battery staple'

/** Costs must be judged before anything is hashed: the fake hash would be the one to pay. */
export const backup = target({
  name: 'backup',
  seeds: async () => [
    await sealBackup(webRandom, passphrase, hash, bytes(40)),
    await sealBackup(webRandom, passphrase, hash, bytes(0), { memoryKiB: 131_072, iterations: 4, parallelism: 2 }),
  ],
  decode: (input) => openBackup(input, passphrase, hash),
  refuses: [CodecError, AuthenticationError],
})

export const recoveryWords = target({
  name: 'recovery-words',
  seeds: () => [bytesOf(wordsOf(bytes(32)).join(' ')), bytesOf(wordsOf(bytes(32, 200)).join('\n').toUpperCase())],
  words: ['abandon ', 'zoo ', ' ', '\u00a0', 'ﬁ'],
  decode: (input) => {
    const read = seedOf(textOf(input))
    return read.kind === 'seed' ? wordsOf(read.seed) : read.kind
  },
  refuses: [],
})

const ringFrames: readonly RingFrame[] = [
  { kind: 'ring', video: true, name: 'Ada' },
  { kind: 'ringing' },
  { kind: 'noted' },
  { kind: 'busy' },
  { kind: 'accept' },
  { kind: 'invitation', linkCode: 'AbC_-9' },
  { kind: 'decline' },
  { kind: 'cancel', reason: 'unanswered' },
]

export const ringFrame = target({
  name: 'ring-frame',
  seeds: () => ringFrames.map(encodeRingFrame),
  decode: decodeRingFrame,
  encode: encodeRingFrame,
  form: 'clean',
})
