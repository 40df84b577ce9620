import { expect, test } from 'vitest'
import type { Candidate } from '../../../session/index.ts'
import { FakeFault } from '../../../session/testing/index.ts'
import { AddDeviceViewModel, LinkDeviceViewModel } from './exchange-view-models.ts'

const candidate: Candidate = {
  publicKey: new Uint8Array(32),
  noisePublicKey: new Uint8Array(32),
  name: 'Phone',
  digits: '1234 5678 9012',
}

test('a device is added only after its digits were compared', async () => {
  let added = 0
  const model = new AddDeviceViewModel({
    read: (code) =>
      code === 'good' ? Promise.resolve(candidate) : Promise.reject(new FakeFault('device-code-damaged')),
    add: () => Promise.resolve(`answer ${++added}`),
    now: () => 1,
  })
  await model.read('bad')
  expect(model.state.get().fault?.title).toContain('damaged')
  model.edited()
  expect(model.state.get().fault).toBeUndefined()
  await model.confirm()
  expect(added).toBe(0)
  await model.read('good')
  expect(model.state.get().step).toEqual({ kind: 'compare', candidate })
  model.back()
  await model.read('good')
  await model.confirm()
  expect(model.state.get().step).toEqual({ kind: 'answer', answer: 'answer 1' })
})

test('the new device shows its code and starts anew once it is linked', async () => {
  let reloads = 0
  const model = new LinkDeviceViewModel({
    code: () => Promise.resolve({ code: 'pigeon-device.x', digits: candidate.digits }),
    link: (answer) => (answer === 'good' ? Promise.resolve() : Promise.reject(new FakeFault('answer-for-another'))),
    reload: () => reloads++,
  })
  await model.start()
  expect(model.state.get().shown?.digits).toBe(candidate.digits)
  await model.link('bad')
  expect(model.state.get().fault?.title).toContain('another device')
  expect(reloads).toBe(0)
  await model.link('good')
  expect(reloads).toBe(1)
})
