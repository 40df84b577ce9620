import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../bytes/index.ts'
import { cleanName, maxNameBytes, maxNameLength } from './name.ts'

describe('cleanName', () => {
  it.each([
    ['  Ada  Lovelace ', 'Ada Lovelace'],
    ['Ada\u202Eevil', 'Adaevil'],
    ['Ad\u200Ba\n\u0007', 'Ada'],
    ['', 'Guest'],
    ['\u200B \u202E', 'Guest'],
  ])('%j → %j', (written, shown) => {
    expect(cleanName(written)).toBe(shown)
  })

  it('is never empty, always short, and clean already when cleaned', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (written) => {
        const shown = cleanName(written)
        expect(shown.length).toBeGreaterThan(0)
        expect([...shown].length).toBeLessThanOrEqual(maxNameLength)
        expect(utf8(shown).length).toBeLessThanOrEqual(maxNameBytes)
        expect(cleanName(shown)).toBe(shown)
      }),
    )
  })
})
