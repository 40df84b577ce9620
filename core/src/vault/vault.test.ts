import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakePasswordHash } from '../../test/fake-password-hash.ts'
import { toHex, utf8 } from '../bytes/index.ts'
import type { Random } from '../runtime/index.ts'
import { webRandom } from '../runtime/platform/index.ts'
import {
  addWrap,
  createVault,
  generateDeviceKey,
  maximumPassphraseParameters,
  maxSlotBytes,
  minimumPassphraseParameters,
  openVault,
  removeWrap,
  type KeySource,
  type NewKeySource,
  type VaultHeader,
  type VaultWrap,
} from './index.ts'

const random = webRandom
const locked = { code: 'vault-locked', name: 'AuthenticationError', message: 'the vault does not open' }
const notGenuine = { code: 'slot-not-genuine', name: 'AuthenticationError', message: 'the slot does not open' }
const plaintext = utf8('the seed and all that')

let fake: FakePasswordHash
beforeEach(() => {
  fake = new FakePasswordHash()
})
afterEach(() => {
  vi.restoreAllMocks()
})

const byPassphrase = (passphrase = 'correct horse') => ({ kind: 'passphrase', passphrase, hash: fake.hash }) as const
const byPasskey = (credential = 1) =>
  ({
    kind: 'passkey',
    credentialId: new Uint8Array(20).fill(credential),
    prfSalt: new Uint8Array(32).fill(credential),
    prfOutput: new Uint8Array(32).fill(100 + credential),
  }) as const
const byDevice = async () => ({ kind: 'device', key: await generateDeviceKey() }) as const

describe('a vault', () => {
  it('opens with each of its sources, and what was sealed then opens', async () => {
    const device = await byDevice()
    const { header, vault } = await createVault(random, device)
    const sealed = await vault.seal('identity', plaintext)
    const withPassphrase = await addWrap(random, header, device, byPassphrase())
    const whole = await addWrap(random, withPassphrase, byPassphrase(), byPasskey())
    expect(whole.wraps.map(({ kind }) => kind)).toEqual(['device', 'passphrase', 'passkey'])
    for (const source of [device, byPassphrase(), byPasskey()]) {
      const opened = await openVault(random, whole, source)
      expect(await opened.open('identity', sealed)).toEqual(plaintext)
    }
  })

  it('takes a passphrase typed on any keyboard', async () => {
    const { header } = await createVault(random, byPassphrase('Zu\u0308rich ﬁne'))
    await expect(openVault(random, header, byPassphrase('Z\u00fcrich fine'))).resolves.toBeDefined()
  })

  it('is hashed with what it says, the minimum unless told otherwise', async () => {
    const parameters = { memoryKiB: 131_072, iterations: 4, parallelism: 2 }
    const { header } = await createVault(random, byPassphrase())
    const dearer = await addWrap(random, header, byPassphrase(), { ...byPassphrase('another one'), parameters })
    await openVault(random, dearer, byPassphrase('another one'))
    expect(fake.asked).toEqual([minimumPassphraseParameters, minimumPassphraseParameters, parameters, parameters])
  })

  it('replaces a passphrase, a device key and a passkey of the same credential', async () => {
    const { header } = await createVault(random, byPassphrase('the first one'))
    const changed = await addWrap(random, header, byPassphrase('the first one'), byPassphrase('the second one'))
    expect(changed.wraps).toHaveLength(1)
    await expect(openVault(random, changed, byPassphrase('the first one'))).rejects.toMatchObject(locked)
    const two = await addWrap(random, changed, byPassphrase('the second one'), byPasskey(1))
    const three = await addWrap(random, two, byPasskey(1), byPasskey(2))
    const again = await addWrap(random, three, byPasskey(2), { ...byPasskey(1), prfOutput: new Uint8Array(32) })
    expect(again.wraps).toHaveLength(3)
    await expect(openVault(random, again, byPasskey(1))).rejects.toMatchObject(locked)
  })

  it('has at most eight ways to open it, and at least one', async () => {
    const first = await createVault(random, byPasskey(1))
    let { header } = first
    for (let credential = 2; credential <= 8; credential++) {
      header = await addWrap(random, header, byPasskey(1), byPasskey(credential))
    }
    const ninth = addWrap(random, header, byPasskey(1), byPasskey(9))
    await expect(ninth).rejects.toMatchObject({ code: 'too-many-wraps', name: 'LimitError' })
    const [kept] = header.wraps
    const one = removeWrap(header, (wrap) => wrap !== kept)
    expect(one.wraps).toEqual([kept])
    expect(() => removeWrap(one, () => true)).toThrow(expect.objectContaining({ code: 'last-wrap' }))
  })

  it('gives up the device key once a passphrase protects it', async () => {
    const device = await byDevice()
    const { header } = await createVault(random, device)
    const both = await addWrap(random, header, device, byPassphrase())
    const protectedOne = removeWrap(both, ({ kind }) => kind === 'device')
    await expect(openVault(random, protectedOne, device)).rejects.toMatchObject(locked)
    await expect(openVault(random, protectedOne, byPassphrase())).resolves.toBeDefined()
  })

  it('refuses new sources that protect nothing', async () => {
    const extractable = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt'])
    const weak = { ...minimumPassphraseParameters, iterations: 2 }
    const sources: readonly (readonly [NewKeySource, string])[] = [
      [byPassphrase('short'), 'passphrase-too-short'],
      [byPassphrase('🐦'.repeat(7)), 'passphrase-too-short'],
      [{ ...byPassphrase(), parameters: weak }, 'bad-parameters'],
      [{ ...byPassphrase(), parameters: { ...maximumPassphraseParameters, memoryKiB: 524_289 } }, 'bad-parameters'],
      [{ ...byPasskey(), prfOutput: new Uint8Array(31) }, 'bad-length'],
      [{ ...byPasskey(), prfSalt: new Uint8Array(31) }, 'bad-length'],
      [{ ...byPasskey(), credentialId: new Uint8Array(1_024) }, 'bad-length'],
      [{ kind: 'device', key: extractable }, 'extractable-key'],
    ]
    for (const [source, code] of sources) {
      await expect(createVault(random, source)).rejects.toMatchObject({ code, name: 'UsageError' })
    }
    expect(fake.asked).toEqual([])
  })
})

describe('a slot', () => {
  it('opens as it was sealed, padded, and never twice alike', async () => {
    const { vault } = await createVault(random, byPasskey())
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 1, maxLength: 20 }),
        fc.uint8Array({ maxLength: 600 }),
        async (slot, one) => {
          const sealed = await vault.seal(slot, one)
          expect(await vault.open(slot, sealed)).toEqual(new Uint8Array(one))
          expect((sealed.length - 1 - 12 - 4 - 16) % 256).toBe(0)
          expect(await vault.seal(slot, one)).not.toEqual(sealed)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('opens nowhere else, nor changed', async () => {
    const { vault } = await createVault(random, byPasskey())
    const { vault: other } = await createVault(random, byPasskey())
    const sealed = await vault.seal('identity', plaintext)
    await expect(vault.open('contacts', sealed)).rejects.toMatchObject(notGenuine)
    await expect(other.open('identity', sealed)).rejects.toMatchObject(notGenuine)
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = sealed.slice()
        changed[at] = (changed[at] ?? 0) ^ by
        await expect(vault.open('identity', changed)).rejects.toMatchObject(notGenuine)
      }),
    )
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (garbage) => {
        await expect(vault.open('identity', garbage)).rejects.toMatchObject(notGenuine)
      }),
    )
  })

  it('has a short name and a bounded size', async () => {
    const { vault } = await createVault(random, byPasskey())
    for (const slot of ['', 'x'.repeat(65)]) {
      await expect(vault.seal(slot, plaintext)).rejects.toMatchObject({ code: 'bad-slot' })
      await expect(vault.open(slot, plaintext)).rejects.toMatchObject({ code: 'bad-slot' })
    }
    const tooLarge = new Uint8Array(maxSlotBytes + 1)
    await expect(vault.seal('slot', tooLarge)).rejects.toMatchObject({ code: 'slot-too-large', name: 'LimitError' })
  })
})

describe('I1: a dump of a locked vault', () => {
  it('holds no piece of what was sealed', async () => {
    const secret = utf8('a rather particular secret')
    const { header, vault } = await createVault(random, byPassphrase())
    const dump = toHex(await vault.seal('identity', secret)) + header.wraps.map(({ sealed }) => toHex(sealed)).join('')
    for (let at = 0; at + 4 <= secret.length; at++) expect(dump).not.toContain(toHex(secret.subarray(at, at + 4)))
  })
})

describe('I3: a vault that must not open', () => {
  it('fails five wrong passphrases alike, and opens with the right one after them', async () => {
    const { header } = await createVault(random, byPassphrase())
    for (const wrong of ['', 'correct horse ', 'Correct horse', 'correct hors', 'x'.repeat(1000)]) {
      await expect(openVault(random, header, byPassphrase(wrong))).rejects.toMatchObject(locked)
    }
    await expect(openVault(random, header, byPassphrase())).resolves.toBeDefined()
  })

  it('fails alike without a wrap for the source, and with another key, credential or PRF output', async () => {
    const { header } = await createVault(random, byPasskey())
    const others: readonly KeySource[] = [
      byPassphrase(),
      await byDevice(),
      byPasskey(2),
      { ...byPasskey(), prfOutput: new Uint8Array(32) },
      { ...byPasskey(), prfOutput: new Uint8Array(0) },
    ]
    for (const source of others) await expect(openVault(random, header, source)).rejects.toMatchObject(locked)
    await expect(addWrap(random, header, byPassphrase(), byPasskey(3))).rejects.toMatchObject(locked)
  })

  it('fails with a device key of another kind', async () => {
    const { header } = await createVault(random, await byDevice())
    const key = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    await expect(openVault(random, header, { kind: 'device', key })).rejects.toMatchObject(locked)
  })

  it.each([
    ['passphrase', byPassphrase],
    ['passkey', byPasskey],
    ['device', byDevice],
  ] as const)('fails with the wrap (%s) of another vault, though the key is the same', async (_kind, makeSource) => {
    const source = await makeSource()
    const [mine, theirs] = [await createVault(random, source), await createVault(random, source)]
    const swapped: VaultHeader = { vaultId: mine.header.vaultId, wraps: theirs.header.wraps }
    await expect(openVault(random, swapped, source)).rejects.toMatchObject(locked)
    const renamed: VaultHeader = { vaultId: theirs.header.vaultId, wraps: mine.header.wraps }
    await expect(openVault(random, renamed, source)).rejects.toMatchObject(locked)
  })

  it('fails with any public part of a wrap changed', async () => {
    const parameters = { memoryKiB: 131_072, iterations: 4, parallelism: 2 }
    const { header } = await createVault(random, { ...byPassphrase(), parameters })
    // a hash that ignores its costs: only what the wrap is bound to can notice
    const hash: FakePasswordHash['hash'] = (passphrase, salt) => fake.hash(passphrase, salt, parameters)
    const change = (changes: object) =>
      openVault(
        random,
        { ...header, wraps: header.wraps.map((wrap) => ({ ...wrap, ...changes })) },
        { ...byPassphrase(), hash },
      )
    await expect(change({})).resolves.toBeDefined()
    for (const [name, value] of Object.entries(parameters)) {
      const cheaper = { ...parameters, [name]: value - 1 }
      await expect(change({ parameters: cheaper })).rejects.toMatchObject(locked)
    }
    await expect(change({ salt: new Uint8Array(16) })).rejects.toMatchObject(locked)

    const passkey = await createVault(random, byPasskey())
    const wraps = passkey.header.wraps.map((wrap) => ({ ...wrap, prfSalt: new Uint8Array(32) }) as VaultWrap)
    const otherSalt = { vaultId: passkey.header.vaultId, wraps }
    await expect(openVault(random, otherSalt, byPasskey())).rejects.toMatchObject(locked)
  })

  it.each([
    ['no memory', { memoryKiB: 65_535, iterations: 3, parallelism: 1 }],
    ['too few rounds', { memoryKiB: 65_536, iterations: 2, parallelism: 1 }],
    ['no lane', { memoryKiB: 65_536, iterations: 3, parallelism: 0 }],
    ['an hour', { memoryKiB: 65_536, iterations: 4_000_000_000, parallelism: 1 }],
    ['all memory', { memoryKiB: 4_000_000_000, iterations: 3, parallelism: 1 }],
    ['many lanes', { memoryKiB: 65_536, iterations: 3, parallelism: 5 }],
    ['not a number', { memoryKiB: Number.NaN, iterations: 3, parallelism: 1 }],
    ['a fraction', { memoryKiB: 65_536.5, iterations: 3, parallelism: 1 }],
  ])('fails with edited costs (%s) before anything is hashed', async (_name, parameters) => {
    const { header } = await createVault(random, byPassphrase())
    const asked = fake.asked.length
    const wraps = header.wraps.map((wrap) => ({ ...wrap, parameters }) as VaultWrap)
    await expect(openVault(random, { ...header, wraps }, byPassphrase())).rejects.toMatchObject(locked)
    expect(fake.asked).toHaveLength(asked)
  })

  it('tells a password hash that cannot run from a wrong passphrase', async () => {
    const { header } = await createVault(random, byPassphrase())
    const failure = new Error('no memory')
    const source: KeySource = { ...byPassphrase(), hash: () => Promise.reject(failure) }
    await expect(openVault(random, header, source)).rejects.toBe(failure)
  })
})

describe('I4: key material', () => {
  it('is imported so that it cannot be exported', async () => {
    const imported = vi.spyOn(crypto.subtle, 'importKey')
    const { header, vault } = await createVault(random, byPassphrase())
    await addWrap(random, header, byPassphrase(), byPasskey())
    expect(Object.values(vault).filter((value) => typeof value !== 'function')).toEqual([])
    expect(imported.mock.calls.length).toBeGreaterThan(3)
    for (const call of imported.mock.results) {
      const key = await (call.value as Promise<CryptoKey>)
      expect(key.extractable).toBe(false)
      await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow()
    }
    await expect(crypto.subtle.exportKey('raw', await generateDeviceKey())).rejects.toThrow()
  })

  it('is wiped from memory that is ours, whether opening works or not', async () => {
    const drawn: Uint8Array[] = []
    const watched: Random = {
      bytes(length) {
        const bytes = random.bytes(length)
        if (length === 32) drawn.push(bytes)
        return bytes
      },
    }
    const decrypted: ArrayBuffer[] = []
    const decrypt = crypto.subtle.decrypt.bind(crypto.subtle)
    vi.spyOn(crypto.subtle, 'decrypt').mockImplementation(async (...inputs) => {
      const opened = await decrypt(...inputs)
      decrypted.push(opened)
      return opened
    })
    const { header } = await createVault(watched, byPassphrase())
    await openVault(random, header, byPassphrase())
    await addWrap(random, header, byPassphrase(), byPasskey())
    await expect(openVault(random, header, byPassphrase('a wrong one'))).rejects.toMatchObject(locked)
    expect([drawn.length, decrypted.length]).toEqual([1, 2])
    const ours = [...drawn, ...decrypted.map((buffer) => new Uint8Array(buffer)), ...fake.passphrases, ...fake.outputs]
    for (const bytes of ours) expect(bytes.every((byte) => byte === 0)).toBe(true)
  })
})
