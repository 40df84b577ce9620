import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../bytes/index.ts'
import { fileName, maxFileNameBytes, nameKey, numberedName } from './file-name.ts'

const piece = fc.constantFrom(
  ...['..', '/', '\\', '.', ' ', '\u202E', '\u0000', 'con', '~', '%', '😀', '\uD800', 'e', '\u0301', 'a'.repeat(120)],
)
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 60 }).map((parts) => parts.join('')),
)
const unsafe = /[/\\<>:"|?*%~]|[\p{Cc}\p{Cf}\p{Cs}]|^[. ]|[. ]$|^(?:con|nul|com\d)(?:\.|$)/iu

describe('a name', () => {
  it.each([
    ['cat.png', 'cat.png'],
    ['Bericht Nr. 3 – Entwurf.pdf', 'Bericht Nr. 3 – Entwurf.pdf'],
    ['猫.jpg', '猫.jpg'],
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\windows\\system32\\cmd.exe', 'cmd.exe'],
    ['C:\\boot.ini', 'boot.ini'],
    ['/', '_'],
    ['..', '_'],
    ['.', '_'],
    ['.bashrc', 'bashrc'],
    ['name.txt. . .', 'name.txt'],
    ['photo\u202Egpj.exe', 'photogpj.exe'],
    ['a\u2066b\u2069\u200Bc.txt', 'abc.txt'],
    ['a\u0000.png\u0000.exe', 'a.png.exe'],
    ['two\r\nlines.txt', 'twolines.txt'],
    ['a<b>c:d"e|f?g*h%i~.txt', 'a_b_c_d_e_f_g_h_i_.txt'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['com1.tar.gz', '_com1.tar.gz'],
    ['con .a.b', '_con .a.b'],
    ['COM¹.log', '_COM¹.log'],
    ['conout$', '_conout$'],
    ['console.log', 'console.log'],
    ['', '_'],
  ])('%j is kept as %j', (written, safe) => {
    expect(fileName(written)).toBe(safe)
  })

  it('that is too long keeps its ending', () => {
    const name = fileName(`${'a'.repeat(500)}.tar.gz`)
    expect(name).toMatch(/^a+\.gz$/)
    expect(name).toHaveLength(maxFileNameBytes)
    expect(fileName(`${'a'.repeat(90_000)}/evil.exe`)).toHaveLength(maxFileNameBytes)
    expect(fileName(`${'😀'.repeat(100)}.png`)).toBe(`${'😀'.repeat(62)}.png`)
    expect(fileName(`con${' .'.repeat(200)}txt`)).toMatch(/^_con/)
  })

  it('whatever was written is safe, bounded, and safe again', () => {
    fc.assert(
      fc.property(text, (written) => {
        const name = fileName(written)
        expect(name).not.toBe('')
        expect(name).not.toMatch(unsafe)
        expect(utf8(name).length).toBeLessThanOrEqual(maxFileNameBytes)
        expect(fileName(name)).toBe(name)
      }),
      { numRuns: 2_000 },
    )
  })

  it('has room for a number before its ending', () => {
    expect(numberedName('plan.txt', 2)).toBe('plan (2).txt')
    expect(numberedName('my plan', 31)).toBe('my plan (31)')
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 9_999_999 }), (written, number) => {
        const name = numberedName(fileName(written), number)
        expect(fileName(name)).toBe(name)
        expect(name).toContain(`(${number})`)
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['Plan.TXT', 'plan.txt', true],
    ['Pru\u0308fung', 'PR\u00DCFUNG', true],
    ['Maße', 'MASSE', true],
    ['\u212Aelvin', 'kelvin', true],
    ['plan', 'plan2', false],
    ['a', '\u00E4', false],
  ])('%j and %j are one: %s', (one, other, isOne) => {
    expect(nameKey(one) === nameKey(other)).toBe(isOne)
  })
})
