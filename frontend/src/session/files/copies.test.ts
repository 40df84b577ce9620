import { describe, expect, it, vi } from 'vitest'
import { importSeed } from '@p2pigeon/core'
import { readReplicaCode } from '@p2pigeon/core/files'
import { FakeKeeper } from '../testing/index.ts'
import { Copies } from './copies.ts'

async function copiesOf(keeper: FakeKeeper) {
  const told: string[] = []
  const store = {
    tellReplicas: vi.fn((secret: Uint8Array) => {
      told.push(Buffer.from(secret).toString('hex'))
      return Promise.resolve()
    }),
  }
  const seed = await importSeed(new Uint8Array(32).fill(5))
  const ports = { keeper, slotId: 'slot', seed, roomId: new Uint8Array(16).fill(2), store }
  return { copies: new Copies(ports, new AbortController().signal), told, store }
}

describe('copies elsewhere', () => {
  it('are told of only once somebody has asked for the code, then also after a reload', async () => {
    const keeper = new FakeKeeper()
    const first = await copiesOf(keeper)
    await first.copies.goOn()
    expect(first.told).toEqual([])
    const code = await first.copies.code()
    expect(first.told).toEqual([Buffer.from(await readReplicaCode(code)).toString('hex')])
    const again = await copiesOf(keeper)
    await again.copies.goOn()
    await vi.waitFor(() => expect(again.told).toEqual(first.told))
    expect(await again.copies.code()).toBe(code)
  })

  it('say what keeps the node from telling, and a node that is away keeps no files from being opened', async () => {
    const keeper = new FakeKeeper()
    await (await copiesOf(keeper)).copies.code()
    const { copies, store } = await copiesOf(keeper)
    store.tellReplicas.mockRejectedValue(new TypeError('away'))
    await copies.goOn()
    await expect(copies.code()).rejects.toThrow('away')
  })
})
