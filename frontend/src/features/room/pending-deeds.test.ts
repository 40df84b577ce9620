import { expect, test } from 'vitest'
import { FakeRoom } from '../../session/testing/index.ts'
import { overdueMs, PendingDeeds } from './pending-deeds.ts'

const open = new FakeRoom('r', 'c').view()
const locked = { ...open, entry: 'locked' as const }

test('a deed is under way until the room shows it', () => {
  const deeds = new PendingDeeds()
  deeds.begin('entry locked', (view) => view.entry === 'locked', 0)
  const { keys } = deeds
  expect(keys).toEqual(new Set(['entry locked']))
  expect(deeds.update(open, 1_000)).toBe(false)
  expect(deeds.keys).toBe(keys)
  expect(deeds.update(locked, 1_001)).toBe(false)
  expect(deeds.keys.size).toBe(0)
})

test('what does not come about is given up, once', () => {
  const deeds = new PendingDeeds()
  deeds.begin('renew', () => false, 10)
  expect(deeds.update(open, 10 + overdueMs - 1)).toBe(false)
  expect(deeds.update(open, 10 + overdueMs)).toBe(true)
  expect(deeds.keys.size).toBe(0)
  expect(deeds.update(open, 10 + 2 * overdueMs)).toBe(false)
})

test('the same decision made again begins anew', () => {
  const deeds = new PendingDeeds()
  deeds.begin('renew', () => false, 0)
  deeds.begin('renew', () => false, 5_000)
  expect(deeds.update(open, overdueMs)).toBe(false)
  expect(deeds.keys.size).toBe(1)
})
