import { expect, test } from 'vitest'
import { constantRateCell, constantRateKilobits, policyWords, text } from './index.ts'

test('what constant rate costs is said in figures: 1,144 bytes four times a second', () => {
  expect(constantRateCell).toBe('1,144')
  expect([1, 2, 7].map(constantRateKilobits)).toEqual(['37', '73', '256'])
  expect(text.privacy.constantRate.sentence(constantRateCell, constantRateKilobits(1))).toContain('37 kbit/s')
})

test('a policy is a few words', () => {
  expect(policyWords({ privacy: 'standard', constantRate: false, keepChat: false })).toBe('Standard')
  expect(policyWords({ privacy: 'hidden', constantRate: true, keepChat: false })).toBe(
    'Hidden addresses, constant rate',
  )
  expect(policyWords({ privacy: 'lan', constantRate: true, keepChat: true })).toBe(
    'Same network, constant rate, chat kept',
  )
})
