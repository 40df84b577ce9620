import { expect, test } from 'vitest'
import { FakeFault } from '../../../session/testing/index.ts'
import { vaultText } from '../../../text/index.ts'
import { FileViewModel, type FilePorts } from './file-view-model.ts'
import { WordsViewModel } from './words-view-model.ts'

const words = Array.from({ length: 24 }, (_, index) => `word${index + 1}`)

function wordsModel(part: Partial<ConstructorParameters<typeof WordsViewModel>[0]> = {}) {
  const told = { done: 0 }
  const picks = [22, 0, 5]
  const model = new WordsViewModel({
    words: () => Promise.resolve(words),
    pick: (limit) => (picks.shift() ?? 0) % limit,
    done: () => told.done++,
    ...part,
  })
  return { model, told }
}

test('words are covered at first, and kept only while they are needed', async () => {
  const { model, told } = wordsModel()
  expect(model.state.get()).toMatchObject({ step: 'covered', words: [] })
  await model.show()
  expect(model.state.get()).toMatchObject({ step: 'shown', words })
  model.written()
  expect(model.state.get()).toMatchObject({ step: 'check', asked: [1, 7, 23] })
  model.check(['word1', ' WORD7 ', 'word23'])
  expect(model.state.get()).toMatchObject({ step: 'done', words: [] })
  expect(told.done).toBe(1)
})

test('a wrong answer names its place, and the words can be looked at again', async () => {
  const { model, told } = wordsModel()
  await model.show()
  model.written()
  model.check(['word1', 'word8', ''])
  expect(model.state.get()).toMatchObject({ step: 'check', wrong: [7, 23] })
  await model.show()
  expect(model.state.get()).toMatchObject({ step: 'shown', wrong: [] })
  expect(told.done).toBe(0)
})

test('three different words are asked for, whatever is drawn', async () => {
  for (const draw of [0, 1, 20, 23]) {
    const { model } = wordsModel({ pick: (limit) => Math.min(draw, limit - 1) })
    await model.show()
    model.written()
    const { asked } = model.state.get()
    expect(new Set(asked).size).toBe(3)
    expect(asked.every((position) => position >= 1 && position <= 24)).toBe(true)
    expect(asked).toEqual(asked.toSorted((one, other) => one - other))
  }
})

test('words that cannot be had are a fault in place', async () => {
  const { model } = wordsModel({ words: () => Promise.reject(new FakeFault('linked-device')) })
  await model.show()
  expect(model.state.get()).toMatchObject({ step: 'covered', busy: false })
  expect(model.state.get().fault?.body).toContain('not on this device')
})

function fileModel(part: Partial<FilePorts> = {}) {
  const told = { done: 0, saved: [] as string[] }
  const model = new FileViewModel({
    seal: () => Promise.resolve(new Uint8Array(10)),
    save: (file, name) => told.saved.push(`${name}:${file.length}`),
    done: () => told.done++,
    now: () => Date.UTC(2026, 10, 28, 12),
    ...part,
  })
  return { model, told }
}

test('a file is made once there is a passphrase, and counts once it was handed over', async () => {
  const { model, told } = fileModel()
  await model.save(undefined)
  expect(model.state.get()).toMatchObject({ tried: true, saved: undefined })
  await model.save('three grey pigeons')
  expect(told).toEqual({ done: 1, saved: ['p2pigeon-2026-11-28.backup:10'] })
  expect(model.state.get().saved).toBe('p2pigeon-2026-11-28.backup')
})

test('a file that cannot be made leaves the form, with words that help', async () => {
  const { model, told } = fileModel({ seal: () => Promise.reject(new FakeFault('hash-unavailable')) })
  await model.save('three grey pigeons')
  expect(told).toEqual({ done: 0, saved: [] })
  expect(model.state.get()).toMatchObject({ busy: false, saved: undefined })
  expect(model.state.get().fault?.title).toContain('passphrases')
})

test('no word of the vault is empty', () => {
  const check = (value: unknown, path: string): void => {
    if (typeof value === 'string') expect([path, value.trim().length > 0]).toEqual([path, true])
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) check(inner, `${path}.${key}`)
    }
  }
  check(vaultText, 'vaultText')
})
