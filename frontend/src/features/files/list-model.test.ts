import { rootFolder, type DataRoomView, type EntryView } from '@p2pigeon/core/files'
import { describe, expect, it } from 'vitest'
import { noSelection, pathTo, pruned, search, select, sorted } from './list-model.ts'

function entry(name: string, part: Partial<EntryView> = {}): EntryView {
  return {
    ...{ id: name, parent: rootFolder, name, kind: 'file', sizeBytes: 1, modifiedAtMs: 1 },
    ...{ mediaType: '', by: 'ada' as EntryView['by'], versions: 1 },
    ...part,
  }
}

function viewOf(entries: readonly EntryView[]): DataRoomView {
  return {
    ...{ node: { kind: 'opening' }, mayWrite: true, pendingDrives: 0, problems: [] },
    list: (folder) => entries.filter(({ parent }) => parent === folder),
    entry: (id) => entries.find((one) => one.id === id),
    known: () => undefined,
    all: () => entries,
    deleted: () => [],
    versions: () => [],
  }
}

describe('order', () => {
  it('puts folders first and counts numbers as numbers', () => {
    const names = sorted([entry('b10'), entry('b9'), entry('z', { kind: 'folder' }), entry('A')], {
      by: 'name',
      isDown: false,
    }).map(({ name }) => name)
    expect(names).toEqual(['z', 'A', 'b9', 'b10'])
  })
  it('turns round, folders staying first', () => {
    const entries = [entry('small', { sizeBytes: 1 }), entry('big', { sizeBytes: 9 }), entry('z', { kind: 'folder' })]
    expect(sorted(entries, { by: 'size', isDown: true }).map(({ name }) => name)).toEqual(['z', 'big', 'small'])
  })
})

describe('search', () => {
  it('finds every word in any case and without accents', () => {
    const view = viewOf([entry('Résumé 2024.pdf'), entry('resume.txt'), entry('Plan.pdf')])
    expect(search(view, 'RESUME pdf').map(({ name }) => name)).toEqual(['Résumé 2024.pdf'])
  })
})

describe('path', () => {
  const view = viewOf([entry('a', { kind: 'folder' }), entry('b', { kind: 'folder', parent: 'a' })])
  it('leads from the top to the folder', () => {
    expect(pathTo(view, 'b').map(({ name }) => name)).toEqual(['a', 'b'])
  })
  it('is empty for the top and for what is gone', () => {
    expect(pathTo(view, rootFolder)).toEqual([])
    expect(pathTo(view, 'gone')).toEqual([])
  })
})

describe('selection', () => {
  const rows = ['a', 'b', 'c', 'd']
  it('reaches from the anchor in both directions', () => {
    const at = select(noSelection, rows, 'c', 'only')
    expect([...select(at, rows, 'a', 'range').ids]).toEqual(['a', 'b', 'c'])
    expect([...select(select(at, rows, 'a', 'range'), rows, 'd', 'range').ids]).toEqual(['c', 'd'])
  })
  it('toggles one', () => {
    const two = select(select(noSelection, rows, 'a', 'only'), rows, 'c', 'toggle')
    expect([...two.ids]).toEqual(['a', 'c'])
    expect([...select(two, rows, 'a', 'toggle').ids]).toEqual(['c'])
  })
  it('forgets what is not shown, and stays the same object otherwise', () => {
    const two = select(select(noSelection, rows, 'a', 'only'), rows, 'c', 'toggle')
    expect(pruned(two, new Set(rows))).toBe(two)
    expect([...pruned(two, new Set(['a'])).ids]).toEqual(['a'])
    expect(pruned(two, new Set(['a'])).cursor).toBeUndefined()
  })
})
