import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const root = new URL('../../../', import.meta.url)
const table = readFileSync(new URL('docs/hostile-cases.md', root), 'utf8')

interface Row {
  readonly id: string
  readonly outcome: string
  readonly tests: readonly { readonly file: string; readonly title: string | undefined }[]
}

const rows: readonly Row[] = [...table.matchAll(/^\| ([A-I]\d+) +\| .+? +\| (.+?) +\| *(.*?) *\|$/gm)].map(
  ([, id = '', outcome = '', cell = '']) => ({
    id,
    outcome,
    tests: [...cell.matchAll(/`([^`]+)`(?:: “([^”]+)”)?/g)].map(([, file = '', title]) => ({ file, title })),
  }),
)

/** An id counts at the start of a title, or after other ids there. */
const titleWith = (id: string) => new RegExp(`['"\`](?:[A-I]\\d+, |\\([a-g]\\) )*${id}\\b`)

describe('docs/hostile-cases.md', () => {
  it('lists every case of its sections once', () => {
    const ids = rows.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const section of ['A', 'B', 'C', 'D', 'E', 'G', 'H', 'I'])
      expect(ids.some((id) => id.startsWith(section))).toBe(true)
  })

  it.each(rows)('$id has a test, or says why not', ({ id, outcome, tests }) => {
    if (outcome.startsWith('not applicable: ')) {
      expect(tests).toEqual([])
      return
    }
    expect(tests.length).toBeGreaterThan(0)
    for (const { file, title } of tests) {
      expect(existsSync(new URL(file, root)), file).toBe(true)
      const source = readFileSync(new URL(file, root), 'utf8')
      if (title === undefined) expect(source, file).toMatch(titleWith(id))
      else expect(source, file).toContain(title)
    }
  })
})
