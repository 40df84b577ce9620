import { blake3 as noble } from '@noble/hashes/blake3.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadVectors } from '../../../test/load-vectors.ts'
import { toHex } from '../../bytes/index.ts'
import { loadBlake3 } from './blake3.ts'

interface Vectors {
  readonly cases: readonly { readonly input_len: number; readonly hash: string }[]
}

const { cases } = loadVectors<Vectors>('blake3/test_vectors.json')

describe('BLAKE3', () => {
  it('has all published lengths', () => {
    expect(cases.length).toBe(35)
  })

  it.each(cases)('A6: of $input_len bytes is the published one, as one part and as several', async (vector) => {
    const { hash } = await loadBlake3()
    const input = new Uint8Array(vector.input_len).map((_, at) => at % 251)
    const third = Math.floor(input.length / 3)
    expect(toHex(hash(input))).toBe(vector.hash.slice(0, 64))
    expect(hash(input.subarray(0, third), new Uint8Array(0), input.subarray(third))).toEqual(hash(input))
  })

  it('A6: two implementations agree', async () => {
    const { hash } = await loadBlake3()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5_000 }), fc.uint8Array({ maxLength: 5_000 }), (one, other) => {
        expect(toHex(hash(one, other))).toBe(toHex(noble(Uint8Array.of(...one, ...other))))
      }),
    )
  })

  it('is one instance for everybody, which remembers nothing', async () => {
    const [one, other] = await Promise.all([loadBlake3(), loadBlake3()])
    const before = one.hash(Uint8Array.of(1))
    other.hash(new Uint8Array(70_000))
    expect(one.hash(Uint8Array.of(1))).toEqual(before)
  })
})
