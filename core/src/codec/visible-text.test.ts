import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isVisibleText, visibleText } from './index.ts'

it('what is made visible is visible, and stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (written, maxLength) => {
      const shown = visibleText(written, maxLength)
      expect([...shown].length).toBeLessThanOrEqual(maxLength)
      expect(visibleText(shown, maxLength)).toBe(shown)
      expect(isVisibleText(shown, maxLength)).toBe(shown !== '')
    }),
  )
})

it.each([
  ['Ada', true],
  ['Ada’s laptop 💻', true],
  ['unassigned \u{1faff}\u0378', true],
  ['', false],
  [' Ada', false],
  ['Ada  L', false],
  ['Ada\n', false],
  ['A\u202eda', false],
  ['A\u200bda', false],
  ['x'.repeat(33), false],
])('%j is visible: %s', (text, isVisible) => {
  expect(isVisibleText(text, 32)).toBe(isVisible)
})
