import { expect, it } from 'vitest'
import { FakeClock } from '../testing/fake-clock.ts'
import { Allowance } from './allowance.ts'

it('gives so much at once, so much each second, and never more than it holds', () => {
  const clock = new FakeClock()
  const allowance = new Allowance(clock, 3, 2)
  const taken = () => {
    let count = 0
    while (allowance.take()) count += 1
    return count
  }
  expect(taken()).toBe(3)
  expect(taken()).toBe(0)
  clock.advance(500)
  expect(taken()).toBe(1)
  clock.advance(3_600_000)
  expect(taken()).toBe(3)
})

it('counts nothing of what is too much', () => {
  const allowance = new Allowance(new FakeClock(), 3, 2)
  expect([allowance.take(4), allowance.take(3), allowance.take()]).toEqual([false, true, false])
})

it('is full while nothing of it is used up', () => {
  const clock = new FakeClock()
  const allowance = new Allowance(clock, 3, 2)
  expect(allowance.full).toBe(true)
  allowance.take()
  expect(allowance.full).toBe(false)
  clock.advance(499)
  expect(allowance.full).toBe(false)
  clock.advance(1)
  expect(allowance.full).toBe(true)
})

it('gives nothing for a clock that jumps back', () => {
  let nowMs = 10_000
  const allowance = new Allowance({ now: () => nowMs, after: () => () => undefined }, 1, 1)
  expect(allowance.take()).toBe(true)
  nowMs = 0
  expect(allowance.take()).toBe(false)
  nowMs = 1_000
  expect(allowance.take()).toBe(true)
})
