import { expect, test } from 'vitest'
import type { Found } from '../../../session/index.ts'
import { FakeFault } from '../../../session/testing/index.ts'
import { ForgottenViewModel, LockViewModel } from './lock-view-model.ts'

test('I3: five wrong passphrases are answered with the same words, and the sixth that is right opens', async () => {
  let opened = 0
  const model = new LockViewModel((credential) => {
    if (credential.kind === 'passphrase' && credential.passphrase === 'right') opened += 1
    else throw new FakeFault('vault-locked')
    return Promise.resolve()
  })
  const said = new Set<string>()
  for (let count = 0; count < 5; count++) {
    await model.unlock({ kind: 'passphrase', passphrase: `wrong ${count}` })
    said.add(JSON.stringify(model.state.get().fault))
  }
  expect(said.size).toBe(1)
  expect([...said][0]).not.toContain('wrong')
  await model.unlock({ kind: 'passphrase', passphrase: 'right' })
  expect(opened).toBe(1)
  expect(model.state.get()).toEqual({ busy: false, fault: undefined, trying: undefined })
})

test('one try at a time, and it is known which', async () => {
  let end = (): void => undefined
  let tries = 0
  const model = new LockViewModel(() => {
    tries += 1
    return new Promise((resolve) => (end = resolve))
  })
  const first = model.unlock({ kind: 'passkey' })
  await model.unlock({ kind: 'passphrase', passphrase: 'x' })
  expect(model.state.get()).toMatchObject({ busy: true, trying: 'passkey' })
  end()
  await first
  expect(tries).toBe(1)
})

const found: Found = { seed: new Uint8Array(32).fill(4), slots: new Map() }

function setUp(opens: boolean) {
  const told = { over: [] as (Found | undefined)[], reloads: 0, passphrases: [] as string[] }
  const model = new ForgottenViewModel({
    unlockWithSeed: (seed, passphrase) => {
      told.passphrases.push(passphrase)
      seed.fill(0)
      return Promise.resolve(opens)
    },
    startOver: (what) => Promise.resolve(void told.over.push(what)),
    reload: () => told.reloads++,
  })
  return { model, told }
}

test('the words of this vault open it under a new passphrase', async () => {
  const { model, told } = setUp(true)
  model.found(found)
  await model.renew(undefined)
  expect(model.state.get().tried).toBe(true)
  await model.renew('a new passphrase')
  expect(told).toEqual({ over: [], reloads: 0, passphrases: ['a new passphrase'] })
})

test('the words of another identity drop what is here only when asked again', async () => {
  const { model, told } = setUp(false)
  model.found(found)
  await model.renew('a new passphrase')
  expect(model.state.get().step.kind).toBe('lost')
  expect(told.over).toEqual([])
  await model.startOver()
  expect(told.over).toEqual([found])
  expect(told.over[0]?.seed[0]).toBe(4)
  expect(told.reloads).toBe(1)
})

test('starting over without anything is a step of its own', async () => {
  const { model, told } = setUp(false)
  await model.startOver()
  expect(told.over).toEqual([])
  model.go({ kind: 'nothing' })
  await model.startOver()
  expect(told).toMatchObject({ over: [undefined], reloads: 1 })
})
