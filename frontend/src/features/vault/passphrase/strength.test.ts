import { expect, test } from 'vitest'
import { strengthOf } from './strength.ts'

test.each([
  ['', 'short'],
  ['1234567', 'short'],
  ['password', 'weak'],
  ['aaaaaaaaaaaaaaaaaaaa', 'weak'],
  ['abcd1234', 'weak'],
  ['Summer2026', 'weak'],
  ['grey pigeon', 'weak'],
  ['three grey pigeons', 'fair'],
  ['three grey pigeons above the harbour', 'strong'],
  ['xK9#vQ2!mZ7pLw4$tR8bNc3&', 'strong'],
])('%s is %s', (passphrase, strength) => {
  expect(strengthOf(passphrase)).toBe(strength)
})
