import fc from 'fast-check'
import { expect, it } from 'vitest'
import { neutralise } from './index.ts'

it('leaves words of any script as they are', () => {
  for (const text of ['Zoë', 'Δημήτρης', '山田 太郎', 'مريم', '🕊️ dove', 'a_b-c.d <e>'])
    expect(neutralise(text)).toBe(text)
})

it('makes every control visible', () => {
  expect(neutralise('\u001b[2J\u0007\r\n\t\u0000\u007f')).toBe('␛[2J␇␍␊␉␀␡')
  expect(neutralise('\u009b31m\u0085')).toBe('\ufffd31m\ufffd')
  expect(neutralise('a\u202eb\u2066c\u200bd\ufeffe\u{e0041}f\ud800')).toBe('a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\ufffd')
})

it('never lets a control, separator or bidi character through', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 64 }), (text) => {
      expect(neutralise(text)).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u)
    }),
  )
})
