import fc from 'fast-check'
import { expect, it } from 'vitest'
import { loadVectors } from '../../test/load-vectors.ts'
import { fromHex, toHex } from '../bytes/index.ts'
import { recoveryWordCount, seedOf, wordsOf } from './index.ts'

const published = loadVectors<{ entropy: string; words: string }[]>('bip39/english-256.json')

it.each(published)('BIP-39: $entropy', ({ entropy, words }) => {
  expect(wordsOf(fromHex(entropy)).join(' ')).toBe(words)
  const read = seedOf(words)
  expect(read.kind === 'seed' && toHex(read.seed)).toBe(entropy)
})

const [, example] = published
const words = example?.words.split(' ') ?? []

it('words are read however they are spaced and written', () => {
  const typed = `\n ${words.map((word) => word.toUpperCase()).join(' \t\n')}  `
  expect(seedOf(typed)).toEqual({ kind: 'seed', seed: fromHex(example?.entropy ?? '') })
})

it('slips are told apart', () => {
  expect(seedOf('')).toEqual({ kind: 'wrong-count', count: 0 })
  expect(seedOf(words.slice(1).join(' '))).toEqual({ kind: 'wrong-count', count: 23 })
  expect(seedOf([...words, 'zoo'].join(' '))).toEqual({ kind: 'wrong-count', count: 25 })
  expect(seedOf(words.with(4, 'pigeonn').join(' '))).toEqual({ kind: 'unknown-word', position: 5 })
  expect(seedOf(words.with(23, '').with(0, 'a').join(' '))).toEqual({ kind: 'wrong-count', count: 23 })
  expect(seedOf(words.with(23, 'zoo').join(' '))).toEqual({ kind: 'wrong-checksum' })
  const [first = '', second = ''] = words
  expect(seedOf(words.with(0, second).with(1, first).join(' '))).toEqual({ kind: 'wrong-checksum' })
})

it('any seed comes back, and any text has an answer', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (seed) => {
      const written = wordsOf(seed)
      expect(written).toHaveLength(recoveryWordCount)
      expect(seedOf(written.join(' '))).toEqual({ kind: 'seed', seed: new Uint8Array(seed) })
    }),
  )
  const kinds = ['seed', 'wrong-count', 'unknown-word', 'wrong-checksum']
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 3_000 }),
    fc.array(fc.constantFrom(...words), { minLength: 24, maxLength: 24 }).map((list) => list.join(' ')),
  )
  fc.assert(
    fc.property(text, (typed) => {
      expect(kinds).toContain(seedOf(typed).kind)
    }),
  )
  expect(() => wordsOf(new Uint8Array(16))).toThrow(expect.objectContaining({ code: 'bad-length' }))
})
