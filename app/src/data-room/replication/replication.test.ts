import { systemClock } from '@p2pigeon/core/node'
import { FakeClock, startDhtTestnet } from '@p2pigeon/core/testing'
import { expect, it, onTestFinished } from 'vitest'
import { startDht } from '../../dht/index.ts'
import { defaultLimits } from '../limits.ts'
import { loadPear } from '../pear/index.ts'
import { Replication, takeBackMs } from './replication.ts'

const log = { error: () => undefined, warn: () => undefined, info: () => undefined }

it('does not wait for a DHT that is gone to take back what was announced', async () => {
  const testnet = await startDhtTestnet(4)
  const dht = await startDht({ mode: 'local', bootstrap: testnet.bootstrap, clock: systemClock, log })
  onTestFinished(() => dht.close())
  const pear = await loadPear()
  const clock = new FakeClock()
  const ends: string[] = []
  const announced: Promise<unknown>[] = []
  class Watched extends pear.Hyperswarm {
    override join(...words: Parameters<InstanceType<typeof pear.Hyperswarm>['join']>) {
      const discovery = super.join(...words)
      announced.push(discovery.refresh())
      return discovery
    }
    override async destroy(): Promise<void> {
      await super.destroy()
      ends.push('taken back')
    }
  }
  const options = { dht, limits: defaultLimits, clock, replicate: () => undefined }
  const replication = new Replication({ ...options, pear: { ...pear, Hyperswarm: Watched } })
  replication.join(Buffer.alloc(32, 7))
  await Promise.all(announced)
  await testnet.close()

  const closed = replication.close().then(() => ends.push('closed'))
  await new Promise(setImmediate)
  expect(ends).toEqual([])
  clock.advance(takeBackMs)
  await closed
  expect(ends).toEqual(['closed'])
})
