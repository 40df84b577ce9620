import { FakeClock } from '@p2pigeon/core/testing'
import { expect, it } from 'vitest'
import { fakeHyperDht } from '../../test/dht/fake-hyperdht.ts'
import { DhtSwitch } from './dht-switch.ts'

const onMachine = { host: '127.0.0.1', ephemeral: true, firewalled: false }
const anywhere = { host: undefined, ephemeral: undefined, firewalled: undefined }

it.each([
  ['on this machine when all bootstrap nodes are', ['127.0.0.1:1001', 'localhost:1002', '127.8.0.1:1003'], onMachine],
  ['with the world when one is elsewhere', ['127.0.0.1:1001', '192.0.2.7:1002'], anywhere],
  ['with the world when a name only looks like loopback', ['127.example.org:1001'], anywhere],
  ['with the world when there is none to go by', [], anywhere],
  ['with the world by default', undefined, anywhere],
])('joins the public network %s', async (_, bootstrap, wanted) => {
  const { dht, nodes } = fakeHyperDht()
  const log = { info: () => undefined, warn: () => undefined }
  const probe = () => Promise.resolve(true)
  const service = new DhtSwitch(dht, {
    mode: 'public',
    ...(bootstrap && { bootstrap }),
    probe,
    clock: new FakeClock(),
    log,
  })
  await service.start()
  const { host, ephemeral, firewalled } = nodes[0]?.options ?? {}
  expect([service.network, { host, ephemeral, firewalled }]).toEqual(['public', wanted])
  await service.close()
})
