import { describe, expect, it } from 'vitest'
import { readArguments, rowNames } from './arguments.ts'

describe('readArguments', () => {
  it('runs everything by default', () => {
    expect(readArguments([])).toEqual({ only: rowNames, runs: 7, budgetMs: 300_000 })
  })

  it('takes names in the table’s order and forgives the separator a package manager passes on', () => {
    expect(readArguments(['--', '--only', 'p2pigeon, floor', '--runs', '5'])).toEqual({
      only: ['floor', 'p2pigeon'],
      runs: 5,
      budgetMs: Infinity,
    })
  })

  it.each([
    ['--only', 'nobody'],
    ['--runs', '0'],
    ['--runs', '1.5'],
    ['--rounds', '3'],
  ])('refuses %s %s', (...argv) => {
    expect(() => readArguments(argv)).toThrow()
  })
})
