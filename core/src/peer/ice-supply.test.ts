import { describe, expect, it } from 'vitest'
import { FakeClock } from '../testing/index.ts'
import { hasLoopbackRelay, IceSupply, type IceAnswer } from './ice-supply.ts'

const stun = { urls: 'stun:stun.example.org' }

/** A source that answers when the test says so. */
class Source {
  readonly #waiting: { resolve(answer: IceAnswer): void; reject(error: unknown): void }[] = []
  asked = 0

  ask = (): Promise<IceAnswer> => {
    this.asked += 1
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  async answer(iceServers: readonly RTCIceServer[], ttlSeconds = 600): Promise<void> {
    this.#waiting.shift()?.resolve({ iceServers, ttlSeconds })
    await settled()
  }

  async fail(): Promise<void> {
    this.#waiting.shift()?.reject(new TypeError('no network'))
    await settled()
  }
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

describe('ICE supply', () => {
  it('has fixed servers at once', async () => {
    const supply = new IceSupply([stun], new FakeClock())
    await supply.ready()
    expect(supply.servers()).toEqual([{ urls: ['stun:stun.example.org'] }])
  })

  it('asks at once and again at half of the lifetime, and keeps the old ones meanwhile', async () => {
    const [clock, source] = [new FakeClock(), new Source()]
    const supply = new IceSupply(source.ask, clock)
    expect(source.asked).toBe(1)
    await source.answer([stun], 600)
    clock.advance(299_000)
    expect(supply.servers()).toHaveLength(1)
    expect(source.asked).toBe(1)
    clock.advance(2_000)
    expect(supply.servers()).toHaveLength(1)
    expect(supply.servers()).toHaveLength(1)
    expect(source.asked).toBe(2)
    await source.answer([stun, { urls: ['turn:a.example.org'], username: 'u', credential: 'c' }])
    expect(supply.servers()).toHaveLength(2)
  })

  it('is ready after two seconds whatever the source does, and tries a failed one again', async () => {
    const [clock, source] = [new FakeClock(), new Source()]
    const supply = new IceSupply(source.ask, clock)
    let ready = false
    void supply.ready().then(() => (ready = true))
    await settled()
    expect(ready).toBe(false)
    clock.advance(2_000)
    await settled()
    expect(ready).toBe(true)
    await source.fail()
    expect(supply.servers()).toEqual([])
    expect(source.asked).toBe(1)
    clock.advance(5_000)
    supply.servers()
    expect(source.asked).toBe(2)
    await source.answer([stun])
    expect(supply.servers()).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it('drops what a platform would refuse, and an answer that is none', async () => {
    const [clock, source] = [new FakeClock(), new Source()]
    const supply = new IceSupply(source.ask, clock)
    const known = { username: 'u', credential: 'c' }
    const odd = [
      { urls: 'http://x' },
      { urls: ['turn:y', 'ftp:z', 'turn:a b'], ...known },
      { urls: 'turn:y' },
      ...Array.from({ length: 20 }, () => stun),
    ]
    await source.answer(odd)
    expect(supply.servers()[0]).toEqual({ urls: ['turn:y'], ...known })
    expect(supply.servers()).toHaveLength(6)
    clock.advance(301_000)
    supply.servers()
    await source.answer('none' as unknown as RTCIceServer[])
    expect(supply.servers()).toHaveLength(6)
  })

  it('waits for fresh credentials when the old ones have run out', async () => {
    const [clock, source] = [new FakeClock(), new Source()]
    const supply = new IceSupply(source.ask, clock)
    await source.answer([stun], 600)
    clock.advance(601_000)
    let ready = false
    void supply.ready().then(() => (ready = true))
    await settled()
    expect([source.asked, ready]).toEqual([2, false])
    await source.answer([stun])
    expect(ready).toBe(true)
  })
})

it.each([
  ['turn:127.0.0.1:3478', true],
  ['turns:localhost:443?transport=tcp', true],
  ['turn:[::1]:3478', true],
  ['stun:127.0.0.1:3478', false],
  ['turn:127.0.0.1.example.org', false],
  ['turn:turn.example.org', false],
])('%s is a relay on this machine: %s', (urls, expected) => {
  expect(hasLoopbackRelay([{ urls }])).toBe(expected)
})
