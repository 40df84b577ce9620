import { renderToStaticMarkup } from 'react-dom/server'
import type { VersionView } from '@p2pigeon/core/files'
import { describe, expect, it } from 'vitest'
import { VersionList } from './VersionList.tsx'

/** All of one moment, by one person: nothing but their numbers tells them apart. */
function listOf(count: number, purgeable: readonly string[] = []): string {
  const versions = Array.from({ length: count }, (_, index) => ({
    object: `object-${index}`,
    sizeBytes: 1,
    modifiedAtMs: 0,
    by: 'ada' as VersionView['by'],
    present: index === 0,
  }))
  const nothing = () => undefined
  return renderToStaticMarkup(
    <VersionList
      {...{ versions, mayWrite: true, whoOf: () => 'Ada', nowMs: 0, save: nothing, restore: nothing, purge: nothing }}
      mayPurge={({ object }) => purgeable.includes(object)}
    />,
  )
}

const rowsOf = (list: string) => list.match(/data-testid="version"/g)?.length

describe('the versions of a file', () => {
  it('have buttons that say which version they are for', () => {
    const names = [...listOf(3).matchAll(/aria-label="([^"]+)"/g)].map(([, name]) => name)
    expect(names).toEqual([
      'Download version 3',
      'Download version 2',
      'Restore version 2',
      'Download version 1',
      'Restore version 1',
    ])
  })

  it('can be deleted for good where that is possible, but for the present one', () => {
    const list = listOf(3, ['object-0', 'object-2'])
    expect(list.match(/aria-label="Delete version \d for good"/g)).toEqual(['aria-label="Delete version 1 for good"'])
  })

  it('are the latest 200, and how many older ones there are', () => {
    const list = listOf(203)
    expect(rowsOf(list)).toBe(200)
    expect(list).toContain('Version 203 ')
    expect(list).not.toContain('Version 3 ')
    expect(list).toContain('and 3 older ones')
  })

  it('are all there while they are no more', () => {
    expect(rowsOf(listOf(200))).toBe(200)
    expect(listOf(200)).not.toContain('older')
  })
})
