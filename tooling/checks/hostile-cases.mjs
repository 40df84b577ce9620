import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../lib/root.mjs'

/** Sections without which the table is not whole; it may have further ones. */
const sections = ['A', 'B', 'C', 'D', 'E', 'G', 'H', 'I']

/** Each row: its id, the outcome that is promised, and the tests that hold us to it, with their titles if they are quoted. */
const rowsOf = (table) =>
  [...table.matchAll(/^\| ([A-I]\d+) +\| .+? +\| (.+?) +\| *(.*?) *\|$/gm)].map(([, id, outcome, cell]) => ({
    id,
    outcome,
    tests: [...cell.matchAll(/`([^`]+)`(?:: “([^”]+)”)?/g)].map(([, file, title]) => ({ file, title })),
  }))

/** An id counts at the start of a title, or after other ids there. */
const titleWith = (id) => new RegExp(`['"\`](?:[A-I]\\d+, |\\([a-g]\\) )*${id}\\b`)

function faultsOfRow({ id, outcome, tests }, sourceOf) {
  if (outcome.startsWith('not applicable: ')) return tests.length > 0 ? [`${id} does not apply and names a test`] : []
  if (tests.length === 0) return [`${id} names no test`]
  return tests.flatMap(({ file, title }) => {
    const source = sourceOf(file)
    if (source === undefined) return [`${id} names a file that is not there: ${file}`]
    if (title === undefined) return titleWith(id).test(source) ? [] : [`${id} is in no title of ${file}`]
    return source.includes(title) ? [] : [`${id} names a test that is not in ${file}: ${title}`]
  })
}

/**
 * @param {string} table the document, in Markdown
 * @param {(file: string) => string | undefined} sourceOf
 * @returns {string[]} rows whose test is not there, ids that stand twice, sections that are missing.
 */
export function faultsInTable(table, sourceOf) {
  const rows = rowsOf(table)
  const ids = rows.map(({ id }) => id)
  return [
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} stands twice`),
    ...sections
      .filter((section) => !ids.some((id) => id.startsWith(section)))
      .map((section) => `no case of ${section}`),
    ...rows.flatMap((row) => faultsOfRow(row, sourceOf)),
  ]
}

/** @returns {string[]} what docs/hostile-cases.md promises without a test. */
export function checkHostileCases() {
  const read = (file) => (existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : undefined)
  return faultsInTable(read('docs/hostile-cases.md') ?? '', read)
}
