import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../src/runtime/platform/index.ts'
import type { TestRelay } from '../../src/testing/index.ts'
import { hurried, Town, type Citizen } from './town.ts'

let town: Town
let ada: Citizen
let ben: Citizen

beforeEach(async () => {
  town = await Town.withRelays(3)
  town.clock = hurried(systemClock, 20)
  ;[ada, ben] = [town.citizen('Ada'), town.citizen('Ben')]
  ada.knows(ben)
  ben.knows(ada)
})

afterEach(() => town.close())

const keptBy = (citizen: Citizen): string =>
  [...citizen.disk.slots.values()].map((bytes) => Buffer.from(bytes).toString()).join()

/** Where Ben takes his mail is known at every relay. */
async function benWasHere(): Promise<void> {
  await ben.comeHome()
  const hasList = ({ events }: TestRelay): boolean =>
    events.some(({ kind, pubkey }) => kind === 10_050 && pubkey === ben.key)
  await vi.waitFor(() => expect(town.relays.every(hasList)).toBe(true), 5_000)
  ben.goAway()
}

describe('G15: a relay that says it took a letter and throws it away', () => {
  it.each(['stays', 'leaves and returns'])(
    'while the others are down: they get it when they are back, and the author %s',
    async (how) => {
      await benWasHere()
      await ada.comeHome()
      const id = await ada.messenger.start([ben.key])
      const [liar, ...others] = town.relays as [TestRelay, TestRelay, TestRelay]
      liar.faults.withhold = true
      for (const other of others) await other.kill()
      town.linesWork = false
      await ada.messenger.send(id, 'said to be sent')
      await ada.until(() => ada.message(id, 'said to be sent')?.delivery.kind === 'sent')
      await vi.waitFor(() => expect(keptBy(ada)).toContain(`"left":["${others[0].url}"`))
      const isGivenUp = ({ url }: TestRelay): boolean => ada.givenUp.includes(url)
      await vi.waitFor(() => expect(others.every(isGivenUp)).toBe(true), 10_000)
      if (how !== 'stays') ada.goAway()
      for (const other of others) await other.revive()
      if (how !== 'stays') await ada.comeHome()
      await ben.comeHome()
      await ben.until(() => ben.received.length > 0)
      expect(ben.received).toEqual(['said to be sent'])
      await ada.messenger.load(id)
      await ada.until(() => ada.message(id, 'said to be sent')?.delivery.kind === 'delivered')
    },
    40_000,
  )
})

describe('people whose nodes have nothing in common', () => {
  it('write to each other after they have met once', { timeout: 40_000 }, async () => {
    const [adas, bens] = ['wss://ada.example', 'wss://ben.example']
    town.names.set(adas, town.relays[0]?.url ?? '').set(bens, town.relays[1]?.url ?? '')
    await Promise.all([ada.comeHome([adas]), ben.comeHome([bens])])
    const id = await ada.messenger.start([ben.key])
    ada.messenger.show(id)
    await vi.waitFor(() => expect(keptBy(ada)).toContain(bens))
    await vi.waitFor(() => expect(keptBy(ben)).toContain(adas))
    ben.goAway()
    ada.goAway()
    await ada.comeHome([adas])
    await ada.messenger.send(id, 'by your node')
    await ada.until(() => ada.message(id, 'by your node')?.delivery.kind === 'sent')
    ada.goAway()
    await ben.comeHome([bens])
    await ben.until(() => ben.received.includes('by your node'))
    // The receipt is at Ada's.
    await vi.waitFor(() => expect(town.relays[0]?.events.some(({ kind }) => kind === 1_059)).toBe(true), 5_000)
    ben.goAway()
    await ada.comeHome([adas])
    await ada.messenger.load(id)
    await ada.until(() => ada.message(id, 'by your node')?.delivery.kind === 'delivered')
  })
})

describe('other devices of the author', () => {
  it('get their copy when the relays are back, though the recipient has had theirs long since', async () => {
    const desk = ada.otherDevice()
    desk.knows(ben)
    for (const relay of town.relays) await relay.kill()
    await Promise.all([ada.comeHome(), ben.comeHome()])
    const id = await ada.messenger.start([ben.key])
    await ada.messenger.send(id, 'for my desk as well')
    await ada.until(() => ada.message(id, 'for my desk as well')?.delivery.kind === 'delivered')
    // A restart forgets nothing of it.
    ada.goAway()
    await ada.comeHome()
    for (const relay of town.relays) await relay.revive()
    await desk.comeHome()
    await desk.until(() => desk.messenger.conversation(id)?.last?.text === 'for my desk as well')
    expect(keptBy(desk)).toContain('for my desk as well')
    await vi.waitFor(() => expect(keptBy(ada)).toContain('"outbox":[]'), 20_000)
    desk.goAway()
  }, 40_000)
})
