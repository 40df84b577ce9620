import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fromHex, toHex } from '../bytes/index.ts'
import { CodecError } from '../errors/index.ts'
import { decodeHeader, encodeHeader, maxHeaderBytes, type VaultHeader, type VaultWrap } from './index.ts'

const bytes = (minLength: number, maxLength = minLength) =>
  fc.uint8Array({ minLength, maxLength }).map((value) => new Uint8Array(value))
const sealed = bytes(60)
const passphrase: fc.Arbitrary<VaultWrap> = fc.record({
  kind: fc.constant('passphrase' as const),
  salt: bytes(16),
  parameters: fc.record({
    memoryKiB: fc.integer({ min: 65_536, max: 524_288 }),
    iterations: fc.integer({ min: 3, max: 10 }),
    parallelism: fc.integer({ min: 1, max: 4 }),
  }),
  sealed,
})
const device: fc.Arbitrary<VaultWrap> = fc.record({ kind: fc.constant('device' as const), sealed })
const passkey: fc.Arbitrary<VaultWrap> = fc.record({
  kind: fc.constant('passkey' as const),
  credentialId: bytes(1, 1_023),
  prfSalt: bytes(32),
  sealed,
})
const nameOf = (wrap: VaultWrap) => (wrap.kind === 'passkey' ? toHex(wrap.credentialId) : wrap.kind)
const header: fc.Arbitrary<VaultHeader> = fc.record({
  vaultId: bytes(16),
  wraps: fc.uniqueArray(fc.oneof(passphrase, device, passkey), { minLength: 1, maxLength: 8, selector: nameOf }),
})

// version, vault id, two wraps: a passphrase at the minimum, the device
const frozen =
  '01' + '0a'.repeat(16) + '02' + `01${'0b'.repeat(16)}000100000301${'0c'.repeat(60)}` + `03${'0d'.repeat(60)}`

it('a header is read as it was written, and fits', () => {
  fc.assert(
    fc.property(header, (written) => {
      const encoded = encodeHeader(written)
      expect(decodeHeader(encoded)).toEqual(written)
      expect(encoded.length).toBeLessThanOrEqual(maxHeaderBytes)
    }),
  )
})

it('a header has the frozen form', () => {
  expect(toHex(encodeHeader(decodeHeader(fromHex(frozen))))).toBe(frozen)
  expect(decodeHeader(fromHex(frozen)).wraps).toEqual([
    {
      kind: 'passphrase',
      salt: new Uint8Array(16).fill(0x0b),
      parameters: { memoryKiB: 65_536, iterations: 3, parallelism: 1 },
      sealed: new Uint8Array(60).fill(0x0c),
    },
    { kind: 'device', sealed: new Uint8Array(60).fill(0x0d) },
  ])
})

it('garbage, cuts and changes give a header in its one form or a CodecError', () => {
  const whole = fromHex(frozen)
  const inputs = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.nat(whole.length).map((length) => whole.subarray(0, length)),
    fc.tuple(fc.nat(whole.length - 1), fc.nat(255)).map(([at, value]) => whole.with(at, value)),
  )
  fc.assert(
    fc.property(inputs, (input) => {
      try {
        expect(toHex(encodeHeader(decodeHeader(input)))).toBe(toHex(input))
      } catch (error) {
        expect(error).toBeInstanceOf(CodecError)
      }
    }),
    { numRuns: 1_000 },
  )
})

it.each([
  ['a later version', `02${frozen.slice(2)}`, 'vault-version'],
  ['a byte more', `${frozen}00`, 'trailing'],
  ['no wrap', `01${'0a'.repeat(16)}00`, 'bad-value'],
  ['nine wraps', `01${'0a'.repeat(16)}09`, 'bad-value'],
  ['an unknown kind', `01${'0a'.repeat(16)}0104${'0d'.repeat(60)}`, 'bad-value'],
  ['two device wraps', `01${'0a'.repeat(16)}02${`03${'0d'.repeat(60)}`.repeat(2)}`, 'bad-value'],
  ['a passkey without a credential', `01${'0a'.repeat(16)}01020000${'0d'.repeat(92)}`, 'bad-value'],
  ['I3: too little memory', frozen.replace('000100000301', '0000ffff0301'), 'bad-value'],
  ['I3: too few rounds', frozen.replace('000100000301', '000100000201'), 'bad-value'],
  ['I3: more than a device bears', frozen.replace('000100000301', 'ffffffff0301'), 'bad-value'],
])('%s is refused', (_name, hex, code) => {
  expect(() => decodeHeader(fromHex(hex))).toThrow(expect.objectContaining({ code, name: 'CodecError' }))
})

it('what would not be read is not written', () => {
  const read = decodeHeader(fromHex(frozen))
  const [first] = read.wraps
  for (const wraps of [[], [first!, first!], [{ ...first!, sealed: new Uint8Array(59) }]]) {
    expect(() => encodeHeader({ ...read, wraps })).toThrow(expect.objectContaining({ code: 'bad-header' }))
  }
  expect(() => encodeHeader({ ...read, vaultId: new Uint8Array(15) })).toThrow()
})
