import { expect, it } from 'vitest'
import { steady } from './steady.ts'

const item = (id: string, text: string) => ({ id, last: { text }, others: [{ key: id }], draft: undefined })

it('keeps the objects that say the same, whatever their order, and takes those that do not', () => {
  const before = [item('a', 'x'), item('b', 'x'), item('c', 'x')]
  const next = steady(before, [item('c', 'x'), item('a', 'y'), item('d', 'x'), item('b', 'x')])
  expect(next).toEqual([item('c', 'x'), item('a', 'y'), item('d', 'x'), item('b', 'x')])
  expect(next[0]).toBe(before[2])
  expect(next[1]).not.toBe(before[0])
  expect(next[3]).toBe(before[1])
})

it('sees what is only in one of them', () => {
  const [less, more] = [{ id: 'a' }, { id: 'a', draft: 'x' }]
  expect(steady<{ readonly id: string; readonly draft?: string }>([less], [more])[0]).toBe(more)
  expect(steady<{ readonly id: string; readonly draft?: string }>([more], [less])[0]).toBe(less)
})
