import { FakeClock } from '@p2pigeon/core/testing'
import { describe, expect, it } from 'vitest'
import { Guests } from './guests.ts'
import { defaultLimits } from './limits.ts'

describe('Guests', () => {
  const limits = { ...defaultLimits, maxConnectionsPerAddress: 2, connectionBurst: 3, connectionsPerSecond: 1 }

  it('bounds connections, and how fast they come, by address', () => {
    const clock = new FakeClock()
    const guests = new Guests(limits, clock)
    const first = guests.admit('10.0.0.1')
    guests.admit('10.0.0.1')
    expect(guests.admit('10.0.0.1')).toBeUndefined()
    expect(guests.admit('10.0.0.2')).toBeDefined()
    first?.leave()
    first?.leave()
    expect(guests.admit('10.0.0.1')).toBeDefined()
    expect(guests.admit('10.0.0.1')).toBeUndefined()
  })

  it('lets an address that comes and goes too fast wait', () => {
    const clock = new FakeClock()
    const guests = new Guests(limits, clock)
    for (let count = 0; count < 3; count++) guests.admit('10.0.0.1')?.leave()
    expect(guests.admit('10.0.0.1')).toBeUndefined()
    clock.advance(1_000)
    expect(guests.admit('10.0.0.1')).toBeDefined()
  })

  it.each([
    ['a /64 of IPv6', '2001:db8:0:1::1', '2001:DB8:0:1:ffff::2', true],
    ['another /64', '2001:db8:0:1::1', '2001:db8:0:2::1', false],
    ['short forms', '2001:db8::1', '2001:db8:0:0:0:0:0:9', true],
    ['IPv4 in IPv6', '::ffff:10.0.0.1', '10.0.0.1', true],
    ['two of IPv4', '10.0.0.1', '10.0.0.2', false],
  ])('counts %s as it should', (_, one, other, same) => {
    const guests = new Guests({ ...limits, maxConnectionsPerAddress: 1 }, new FakeClock())
    expect(guests.admit(one)).toBeDefined()
    expect(guests.admit(other) === undefined).toBe(same)
  })

  it('forgets addresses that are gone, and refuses strangers when it cannot', () => {
    const clock = new FakeClock()
    const guests = new Guests(limits, clock)
    const kept = Array.from({ length: 16_384 }, (_, index) => guests.admit(`host-${index}`))
    expect(guests.admit('one too many')).toBeUndefined()
    kept[0]?.leave()
    expect(guests.admit('too early')).toBeUndefined()
    clock.advance(60_000)
    expect(guests.admit('now')).toBeDefined()
  })
})
