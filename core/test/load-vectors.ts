import { readFileSync } from 'node:fs'

/** A published vector file, by its path below `vectors/`. The shape is the caller's word: the files never change. */
export function loadVectors<Shape>(path: string): Shape {
  return JSON.parse(readFile(path)) as Shape
}

/** The rows of a published file of comma-separated values without quotes, each under the names of the first row. */
export function loadTable(path: string): readonly Readonly<Record<string, string>>[] {
  const [names = [], ...rows] = readFile(path)
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','))
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? ''])))
}

function readFile(path: string): string {
  return readFileSync(new URL(`vectors/${path}`, import.meta.url), 'utf8')
}

/** A Wycheproof file: each test with its group's fields beside it. */
export function loadWycheproof<Group, Test>(name: string): readonly (Omit<Group, 'tests'> & Test & WycheproofTest)[] {
  const { testGroups } = loadVectors<{ testGroups: (Group & { tests: (Test & WycheproofTest)[] })[] }>(
    `wycheproof/${name}`,
  )
  return testGroups.flatMap(({ tests, ...group }) => tests.map((test) => ({ ...group, ...test })))
}

export interface WycheproofTest {
  readonly tcId: number
  readonly comment: string
  readonly flags: readonly string[]
  readonly result: 'valid' | 'acceptable' | 'invalid'
}
