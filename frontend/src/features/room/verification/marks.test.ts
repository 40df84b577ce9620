import { expect, test } from 'vitest'
import type { ComparisonView, PeerId } from '@p2pigeon/core'
import { isCompared, noMarks, pairCodeOf, verdictOn } from './marks.ts'

const [grace, linus] = ['grace', 'linus'] as PeerId[] as [PeerId, PeerId]

function agreed(room: readonly number[]): ComparisonView {
  return {
    kind: 'agreed',
    room,
    pairs: new Map([
      [grace, [1, 1, 1, 1, 1, 1, room[0] ?? 0]],
      [linus, [2, 2, 2, 2, 2, 2, room[0] ?? 0]],
    ]),
  }
}

const now = agreed([9, 8, 7, 6, 5, 4, 3])
const later = agreed([0, 8, 7, 6, 5, 4, 3])

test('a room compared aloud covers everybody in it, until its picture is another one', () => {
  const marks = { ...noMarks, room: '9,8,7,6,5,4,3' }
  expect(verdictOn(now, marks)).toBe('verified')
  expect(isCompared(now, marks, grace)).toBe(true)
  expect(verdictOn(later, marks)).toBe('agreed')
  expect(isCompared(later, marks, grace)).toBe(false)
  expect(isCompared({ kind: 'settling' }, marks, grace)).toBe(false)
})

test('a pair compared aloud covers one person, until its picture is another one', () => {
  const marks = { ...noMarks, pairs: new Map([[grace, pairCodeOf(now, grace) ?? '']]) }
  expect(verdictOn(now, marks)).toBe('agreed')
  expect(isCompared(now, marks, grace)).toBe(true)
  expect(isCompared(now, marks, linus)).toBe(false)
  expect(isCompared(later, marks, grace)).toBe(false)
})

test('somebody who sees something else outweighs every mark', () => {
  const marks = { ...noMarks, differing: '9,8,7,6,5,4,3', pairs: new Map([[grace, pairCodeOf(now, grace) ?? '']]) }
  expect(verdictOn(now, marks)).toBe('differs')
  expect(isCompared(now, marks, grace)).toBe(false)
  expect(verdictOn(later, marks)).toBe('agreed')
})

test('without a code the verdict is what core found', () => {
  expect(verdictOn({ kind: 'alone' }, noMarks)).toBe('alone')
  expect(verdictOn({ kind: 'differs', with: [grace] }, noMarks)).toBe('differs')
})
