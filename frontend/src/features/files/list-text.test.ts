import { expect, test } from 'vitest'
import { rootFolder, type NodeState } from '@p2pigeon/core/files'
import { filesText as words } from '../../text/files/index.ts'
import { countText, nothingText, whyNotWritten } from './list-text.ts'

const ready: NodeState = { kind: 'ready', usedBytes: 0, quotaBytes: 1 }
const keepsNone: NodeState = { kind: 'unreachable', code: 'no-data-room' }
const away: NodeState = { kind: 'unreachable', code: 'node-unreachable' }

test('nothing is counted before it is known, and what is known is', () => {
  const opening: NodeState = { kind: 'opening' }
  expect(countText(opening, '', 0)).toBeUndefined()
  expect(countText(opening, '', 2)).toBe('2 items')
  expect(countText(ready, '', 0)).toBe('0 items')
  expect(countText(ready, ' a ', 100_000)).toBe('100,000 found')
})

test('a node that keeps no files is told apart from a right that one has not', () => {
  expect(whyNotWritten(keepsNone)).toBe('Your node keeps no files')
  for (const node of [ready, away]) expect(whyNotWritten(node)).toBe(words.noRight)
})

test('an empty list says why it is empty', () => {
  const top = { place: 'files', query: '', folder: rootFolder } as const
  expect(nothingText({ node: ready, mayWrite: true }, top).body).toBe(words.empty.body)
  expect(nothingText({ node: away, mayWrite: false }, top).body).toBe(words.empty.reader)
  expect(nothingText({ node: keepsNone, mayWrite: false }, top)).toEqual({ title: words.empty.unknown })
  expect(nothingText({ node: ready, mayWrite: true }, { ...top, query: 'x' }).title).toBe(words.foundNone('x'))
  expect(nothingText({ node: ready, mayWrite: false }, { ...top, folder: 'a' })).toEqual({ title: words.empty.folder })
  expect(nothingText({ node: ready, mayWrite: true }, { ...top, place: 'deleted' }).title).toBe(words.empty.deleted)
})
