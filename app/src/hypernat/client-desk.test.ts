import { decodeFrame, type Frame } from '@p2pigeon/core/relay-protocol'
import { DhtNode } from '@p2pigeon/core/node'
import { FakeClock } from '@p2pigeon/core/testing'
import { describe, expect, it } from 'vitest'
import { FakeHyperNode, fakeHyperDht } from '../../test/dht/fake-hyperdht.ts'
import type { Beyond } from './contract.ts'
import { ClientDesk } from './client-desk.ts'
import { Guests } from './guests.ts'
import { defaultLimits, type HypernatLimits } from './limits.ts'
import { MeetingTable } from './meeting-table.ts'
import { Outbound, type Wire } from './outbound.ts'
import type { Relay } from './relay.ts'

const announceDelayMs = 200

function setup(bounds: Partial<HypernatLimits> = {}) {
  const limits = { ...defaultLimits, ...bounds }
  const clock = new FakeClock()
  const raw = new FakeHyperNode()
  const node = new DhtNode(fakeHyperDht().dht, raw, clock, 'machine')
  const beyond: Beyond = {
    network: 'local',
    node: () => node,
    onNetworkChanged: () => () => undefined,
  }
  const totals = { lookups: 0, streams: 0, refused: 0, violations: 0 }
  const relay: Relay = { beyond, clock, limits, table: new MeetingTable(beyond, clock), totals }
  const said: Frame[] = []
  const wire: Wire = {
    OPEN: 1,
    readyState: 1,
    bufferedAmount: 0,
    isPaused: false,
    pause: () => undefined,
    resume: () => undefined,
    send: (message, flushed) => {
      said.push(decodeFrame(new Uint8Array(message)))
      flushed()
    },
  }
  const guest = new Guests(limits, clock).admit('10.0.0.1')!
  const desk = new ClientDesk(new Outbound(wire, limits, () => undefined), 65_536, guest, relay)
  return { clock, raw, relay, said, desk }
}

describe('data behind a connect', () => {
  const connect: Frame = { type: 'connect', id: 1, publicKey: new Uint8Array(32) }
  const oneByte = (value: number): Frame => ({ type: 'data', id: 1, bytes: new Uint8Array([value]) })

  it('may fill the window by single bytes while nobody answers, and breaks the protocol with one more', async () => {
    const { desk, relay } = setup()
    desk.handle(connect)
    for (let sent = 0; sent < defaultLimits.streamWindowBytes; sent++) {
      if (!desk.handle(oneByte(1))) expect.fail(`refused after ${sent} bytes`)
    }
    expect(desk.handle(oneByte(1))).toBe(false)
    desk.close()
    await expect.poll(() => relay.totals.streams).toBe(0)
  })

  it('is kept in few pieces, however many frames it came in, and passed on in order', async () => {
    const { desk, raw, said } = setup()
    desk.handle(connect)
    const count = 50_000
    for (let sent = 0; sent < count; sent++) desk.handle(oneByte(sent % 251))
    raw.dialled[0]?.emit('open')
    await expect.poll(() => said).toContainEqual({ type: 'open', id: 1 })
    const written = raw.dialled[0]?.written ?? []
    expect(written.length).toBeLessThan(5)
    expect(Buffer.concat(written).equals(Buffer.from(Array.from({ length: count }, (_, at) => at % 251)))).toBe(true)
    desk.close()
  })

  it('is refused by name when nobody has answered in time, and ignored from then on', async () => {
    const { desk, clock, said, relay } = setup()
    desk.handle(connect)
    desk.handle(oneByte(1))
    clock.advance(defaultLimits.connectTimeoutMs)
    await expect.poll(() => said).toEqual([{ type: 'refused', id: 1, code: 'unreachable' }])
    expect([desk.handle(oneByte(1)), relay.totals.streams]).toEqual([true, 0])
  })
})

describe('announcing and withdrawing in turn', () => {
  const announce = (id: number): Frame => ({ type: 'announce', id, topic: new Uint8Array(32).fill(id) })

  it('counts what the DHT has not let go of, so churn does not get around the bound', async () => {
    const { desk, clock, raw, said, relay } = setup({ maxAnnouncements: 3 })
    for (const id of [1, 2, 3]) {
      desk.handle(announce(id))
      clock.advance(announceDelayMs)
      desk.handle({ type: 'unannounce', id })
    }
    desk.handle(announce(4))
    expect(said.map(({ type }) => type)).toEqual(['announced', 'announced', 'announced', 'refused'])
    await expect.poll(() => raw.withdrawals.length).toBe(3)
    expect(relay.table.size).toBe(3)
    for (const finish of raw.withdrawals) finish()
    await expect.poll(() => relay.table.size).toBe(0)
    desk.handle(announce(5))
    expect(said.at(-1)).toMatchObject({ type: 'announced', id: 5 })
    desk.close()
  })

  it('costs neither the DHT nor the bound anything when it is over before the DHT hears of it', () => {
    const { desk, clock, raw, said, relay } = setup({ maxAnnouncements: 1 })
    for (let id = 1; id <= 50; id++) {
      desk.handle(announce(id))
      clock.advance(announceDelayMs - 1)
      desk.handle({ type: 'unannounce', id })
    }
    clock.advance(announceDelayMs)
    expect(said.filter(({ type }) => type === 'announced')).toHaveLength(50)
    expect([relay.table.size, raw.servers, clock.pending]).toEqual([0, 0, 0])
  })
})
