import { expect, test } from 'vitest'
import { seedOf, wordsOf } from '@p2pigeon/core/people'
import type { Found } from '../../../session/index.ts'
import { FakeFault } from '../../../session/testing/index.ts'
import { FindViewModel, maxFileBytes, type FindPorts } from './find-view-model.ts'

const words = wordsOf(new Uint8Array(32).fill(5))

function setUp(part: Partial<FindPorts> = {}) {
  const found: Found[] = []
  const model = new FindViewModel({
    readWords: (typed) => Promise.resolve(seedOf(typed)),
    openFile: () => Promise.resolve({ seed: new Uint8Array(32), slots: new Map() }),
    found: (what) => found.push(what),
    ...part,
  })
  return { model, found }
}

test('the right words are found, however they are written', async () => {
  const { model, found } = setUp()
  await model.words(`  ${words.join('\n ').toUpperCase()} `)
  expect(found.map(({ seed }) => seed)).toEqual([new Uint8Array(32).fill(5)])
})

test('a slip is named with its place', async () => {
  const { model, found } = setUp()
  await model.words(words.with(6, 'pidgeon').join(' '))
  expect(model.state.get().fault?.body).toContain('Word 7')
  expect(model.state.get().fault?.body).toContain('pidgeon')
  await model.words(words.slice(1).join(' '))
  expect(model.state.get().fault?.body).toContain('23 of 24')
  await model.words([...words, 'zoo'].join(' '))
  expect(model.state.get().fault?.body).toContain('25 words')
  await model.words(words.with(0, words[0] === 'zoo' ? 'abandon' : 'zoo').join(' '))
  expect(model.state.get().fault?.body).toContain('not right')
  expect(found).toEqual([])
  model.edited()
  expect(model.state.get().fault).toBeUndefined()
})

const file = (size: number) => ({ size, arrayBuffer: () => Promise.resolve(new ArrayBuffer(size)) })

test('a file: none chosen, too large, a wrong passphrase, the right one', async () => {
  let fault: string | undefined = 'backup-locked'
  const { model, found } = setUp({
    openFile: () =>
      fault === undefined
        ? Promise.resolve({ seed: new Uint8Array(32), slots: new Map() })
        : Promise.reject(new FakeFault(fault)),
  })
  await model.file(undefined, 'x')
  expect(model.state.get().fault?.title).toContain('not a backup')
  await model.file({ ...file(1), size: maxFileBytes + 1 }, 'x')
  expect(model.state.get().fault?.title).toContain('too large')
  await model.file(file(9), 'x')
  expect(model.state.get().fault?.title).toContain('does not open')
  fault = undefined
  await model.file(file(9), 'x')
  expect(found).toHaveLength(1)
})
