import type { PeerId } from '@p2pigeon/core'
import { expect, test } from 'vitest'
import { fakeMessage } from '../../../session/testing/index.ts'
import { countUnread, groupMessages } from './message-groups.ts'

const minute = 60_000
const message = (id: string, from: string, atMinutes: number) =>
  fakeMessage(id, { id, from: from as PeerId, sentAtMs: atMinutes * minute })

test('messages of one sender stand together until another one writes or time passes', () => {
  const groups = groupMessages([
    message('a', 'ada', 0),
    message('b', 'ada', 4),
    message('c', 'grace', 4),
    message('d', 'ada', 5),
    message('e', 'ada', 10),
  ])
  expect(groups.map((group) => group.messages.map(({ id }) => id))).toEqual([['a', 'b'], ['c'], ['d'], ['e']])
})

test('a sender whose clock jumps back starts a group', () => {
  expect(groupMessages([message('a', 'ada', 60), message('b', 'ada', 0)])).toHaveLength(2)
})

test('what was kept of an earlier visit and what follows are not one group', () => {
  const kept = { ...message('a', 'ada', 0), earlier: 'read' } as const
  expect(groupMessages([kept, message('b', 'ada', 1)])).toHaveLength(2)
})

test('unread are messages of others that were not seen, wherever they were put in', () => {
  const own = fakeMessage('mine', { id: 'own', own: true })
  const all = [message('late', 'ada', 0), message('a', 'ada', 1), own, message('b', 'grace', 2)]
  expect(countUnread(all, new Set(['a']))).toBe(2)
  expect(countUnread([own], new Set())).toBe(0)
})
