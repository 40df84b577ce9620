import { describe, expect, it } from 'vitest'
import type { IdentityId } from '../identity/index.ts'
import { FakeClock } from '../testing/index.ts'
import { contactRate, maxRatedIdentities, strangerRate, strangersRate } from './limits.ts'
import { RequestLimits } from './request-limits.ts'
import { TokenBucket } from './token-bucket.ts'

const id = (number: number): IdentityId => `identity ${number}` as IdentityId

describe('TokenBucket', () => {
  it('gives its capacity at once, then one for each refill, and never more than its capacity', () => {
    const clock = new FakeClock()
    const bucket = new TokenBucket(clock, { capacity: 2, refillMs: 1_000 })
    expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, false])
    clock.advance(999)
    expect(bucket.open).toBe(false)
    clock.advance(1)
    expect([bucket.open, bucket.take(), bucket.take()]).toEqual([true, true, false])
    clock.advance(3_600_000)
    expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, false])
  })

  it('a clock that goes back gives nothing', () => {
    let nowMs = 10_000
    const bucket = new TokenBucket({ now: () => nowMs, after: () => () => undefined }, { capacity: 1, refillMs: 1_000 })
    expect(bucket.take()).toBe(true)
    nowMs = 5_000
    expect(bucket.take()).toBe(false)
    nowMs = 6_000
    expect(bucket.take()).toBe(true)
  })
})

describe('RequestLimits', () => {
  it('hears one stranger twice, then once in ten minutes', () => {
    const clock = new FakeClock()
    const limits = new RequestLimits(clock)
    const heard = Array.from({ length: 10 }, () => limits.take(id(1), 'request')).filter(Boolean)
    expect(heard).toHaveLength(strangerRate.capacity)
    clock.advance(strangerRate.refillMs)
    expect([limits.take(id(1), 'request'), limits.take(id(1), 'request')]).toEqual([true, false])
  })

  it('hears all strangers together six times a minute, however many they are', () => {
    const clock = new FakeClock()
    const limits = new RequestLimits(clock)
    let next = 0
    const flood = (count: number): number =>
      Array.from({ length: count }, () => limits.take(id(next++), 'request')).filter(Boolean).length
    expect(flood(1_000)).toBe(strangersRate.capacity)
    clock.advance(60_000)
    expect(flood(1_000)).toBe(6)
  })

  it('a flood of strangers takes nothing from contacts, nor one contact from another', () => {
    const limits = new RequestLimits(new FakeClock())
    for (let stranger = 0; stranger < 1_000; stranger++) limits.take(id(stranger), 'request')
    expect(Array.from({ length: 10 }, () => limits.take(id(1), 'ring')).filter(Boolean)).toHaveLength(
      contactRate.capacity,
    )
    expect(limits.take(id(2), 'ring')).toBe(true)
  })

  it('asking counts nothing', () => {
    const limits = new RequestLimits(new FakeClock())
    for (let time = 0; time < 100; time++) expect(limits.admits(id(1), 'request')).toBe(true)
    expect(limits.take(id(1), 'request')).toBe(true)
  })

  it('forgets whom it has not heard for longest', () => {
    const limits = new RequestLimits(new FakeClock())
    const exhaust = (who: IdentityId): void => {
      while (limits.take(who, 'ring'));
    }
    exhaust(id(0))
    for (let other = 1; other < maxRatedIdentities; other++) limits.take(id(other), 'ring')
    expect(limits.admits(id(0), 'ring')).toBe(false)
    limits.take(id(maxRatedIdentities), 'ring')
    expect(limits.admits(id(0), 'ring')).toBe(true)
  })
})
