import { hkdfSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replicaCode as reference, sha256 } from '../../../test/files/reference.ts'
import { toHex } from '../../bytes/index.ts'
import { importSeed } from '../../identity/index.ts'
import { readReplicaCode, replicaCode, replicaSecret } from './replica.ts'

const secrets = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => new Uint8Array(bytes))
const seed = new Uint8Array(32).fill(1)
const roomId = new Uint8Array(16).fill(7)

describe('a replica code', () => {
  it('is what the page describes, and is read back', async () => {
    await fc.assert(
      fc.asyncProperty(secrets, async (secret) => {
        const code = await replicaCode(secret)
        expect(code).toBe(reference(secret))
        expect(await readReplicaCode(code)).toEqual(secret)
      }),
      { numRuns: 50 },
    )
  })

  it('with any one letter wrong, left out or added is refused', async () => {
    const code = await replicaCode(new Uint8Array(32).map((_, at) => at))
    for (let at = 0; at < code.length; at++) {
      const other = code[at] === 'A' ? 'B' : 'A'
      for (const wrong of [other, '', `${code[at] ?? ''}A`]) {
        const text = code.slice(0, at) + wrong + code.slice(at + 1)
        await expect(readReplicaCode(text), text).rejects.toMatchObject({ name: 'CodecError' })
      }
    }
  })

  it.each(['', 'A', '=', 'é', 'A'.repeat(50), 'A'.repeat(100_000)])('is not %j', async (text) => {
    await expect(readReplicaCode(text)).rejects.toMatchObject({ name: 'CodecError' })
  })

  it('of another version is refused, though it holds', async () => {
    const body = Uint8Array.of(2, ...seed)
    const check = sha256(Buffer.from('p2pigeon/v1/files/replica-code'), body)
    const code = Buffer.concat([body, check.subarray(0, 4)]).toString('base64url')
    await expect(readReplicaCode(code)).rejects.toMatchObject({ code: 'bad-value' })
  })
})

describe('the secret of somebody’s volunteers', () => {
  it('is what the page describes, the same on every device, and another one in each room and of each user', async () => {
    const info = Buffer.concat([Buffer.from('p2pigeon/v1/files/replica'), roomId])
    const derived = hkdfSync('sha512', seed, Buffer.from('p2pigeon/v1/identity'), info, 32)
    const ours = toHex(await replicaSecret(await importSeed(seed), roomId))
    expect(ours).toBe(Buffer.from(derived).toString('hex'))
    const elsewhere = await replicaSecret(await importSeed(seed), new Uint8Array(16).fill(8))
    const others = await replicaSecret(await importSeed(new Uint8Array(32).fill(2)), roomId)
    expect(new Set([ours, toHex(elsewhere), toHex(others)]).size).toBe(3)
  })
})
