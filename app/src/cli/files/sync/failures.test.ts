import { expect, it } from 'vitest'
import { Failures } from './failures.ts'

it('tells of a file once, until it changes, fails otherwise, or fails again after it did not', () => {
  const failures = new Failures()
  const pass = (...failed: [code: string, stamp: string][]): boolean[] => {
    failures.begin()
    return failed.map(([code, stamp]) => failures.isNews('a', code, stamp))
  }
  expect(pass(['disk-full', '1'])).toEqual([true])
  expect(pass(['disk-full', '1'])).toEqual([false])
  expect(pass(['disk-full', '1'])).toEqual([false])
  expect(pass(['disk-full', '2'])).toEqual([true])
  expect(pass(['file-changed', '2'])).toEqual([true])
  expect(pass()).toEqual([])
  expect(pass(['file-changed', '2'])).toEqual([true])
})
