import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../bytes/index.ts'
import { padmeLength } from '../../codec/index.ts'
import { sha256 } from '../../crypto/index.ts'
import { webRandom } from '../../runtime/platform/index.ts'
import type { FileNote } from './file-note.ts'
import { openSealed, sealedLength, sealFile } from './sealing.ts'

const damaged = { code: 'file-damaged' }

async function sealed(plain: Uint8Array, isPadded = true) {
  const file = await sealFile(plain, isPadded, webRandom)
  const rest = { url: 'https://node.example/1', name: '', type: 'a/b', width: undefined, height: undefined }
  return { sealed: file.sealed, note: { ...rest, ...file.secret } satisfies FileNote }
}

it('is opened as it was sealed, padded or not, and is as long as it was said to be', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 3_000 }), fc.boolean(), async (plain, isPadded) => {
      const file = await sealed(plain, isPadded)
      expect(file.sealed).toHaveLength(sealedLength(plain.length, isPadded))
      expect(file.note.hash).toBe(toHex(await sha256(file.sealed)))
      expect(await openSealed(file.note, file.sealed)).toEqual(new Uint8Array(plain))
    }),
    { numRuns: 50 },
  )
})

it('shows no more of the length than PADMÉ leaves, and never the same bytes, key or nonce twice', async () => {
  const files = await Promise.all([257, 260, 272].map((length) => sealed(new Uint8Array(length))))
  expect(new Set(files.map((file) => file.sealed.length))).toEqual(new Set([padmeLength(257) + 16]))
  for (const part of ['key', 'nonce', 'hash'] as const) {
    expect(new Set(files.map(({ note }) => note[part])).size, part).toBe(files.length)
  }
})

describe('what is not what was sent', () => {
  const plain = new Uint8Array(300).fill(9)

  it('is refused: changed, cut off, longer, or something else', async () => {
    const file = await sealed(plain)
    const changed = file.sealed.slice()
    changed[10] = (changed[10] ?? 0) ^ 1
    const longer = new Uint8Array([...file.sealed, 0])
    for (const bytes of [changed, file.sealed.slice(0, -1), new Uint8Array(0), longer, (await sealed(plain)).sealed]) {
      await expect(openSealed(file.note, bytes)).rejects.toMatchObject(damaged)
    }
  })

  it('is refused where only the hash was made to fit', async () => {
    const file = await sealed(plain)
    const changed = file.sealed.slice()
    changed[10] = (changed[10] ?? 0) ^ 1
    const note = { ...file.note, hash: toHex(await sha256(changed)) }
    await expect(openSealed(note, changed)).rejects.toMatchObject(damaged)
  })

  it.each([
    ['key', 'd'.repeat(64)],
    ['nonce', 'd'.repeat(24)],
    ['nonce', 'd'.repeat(32)],
    ['plainHash', 'd'.repeat(64)],
    ['bytes', 299],
    ['bytes', 301],
    ['bytes', 10 ** 11],
    ['isPadded', false],
  ] as const)('is refused with another %s', async (part, value) => {
    const file = await sealed(plain)
    await expect(openSealed({ ...file.note, [part]: value }, file.sealed)).rejects.toMatchObject(damaged)
  })

  it('is refused where something hides in the padding', async () => {
    const whole = new Uint8Array(padmeLength(300)).fill(9)
    const file = await sealed(whole, false)
    const note = { ...file.note, isPadded: true, bytes: 300, plainHash: undefined }
    await expect(openSealed(note, file.sealed)).rejects.toMatchObject(damaged)
  })
})

it('reads what other clients seal: a nonce of 16 bytes, no padding, no size', async () => {
  const [key, nonce] = [webRandom.bytes(32), webRandom.bytes(16)]
  const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
  const plain = new TextEncoder().encode('from elsewhere')
  const bytes = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, imported, plain))
  const note: FileNote = {
    url: 'https://node.example/1',
    name: '',
    type: 'a/b',
    key: toHex(key),
    nonce: toHex(nonce),
    hash: toHex(await sha256(bytes)),
    plainHash: undefined,
    bytes: undefined,
    isPadded: false,
    width: undefined,
    height: undefined,
  }
  expect(new TextDecoder().decode(await openSealed(note, bytes))).toBe('from elsewhere')
})
