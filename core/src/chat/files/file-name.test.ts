import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileName } from './file-name.ts'
import { maxFileName } from './limits.ts'

describe('a name', () => {
  it.each([
    ['cat.png', 'cat.png'],
    ['Bericht Nr. 3 – Entwurf.pdf', 'Bericht Nr. 3 – Entwurf.pdf'],
    ['猫.jpg', '猫.jpg'],
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\windows\\system32\\cmd.exe', 'cmd.exe'],
    ['C:\\boot.ini', 'boot.ini'],
    ['/', ''],
    ['..', ''],
    ['.', ''],
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
    ['', ''],
  ])('%j is kept as %j', (written, safe) => {
    expect(fileName(written)).toBe(safe)
  })

  it('that is too long keeps its ending', () => {
    const name = fileName(`${'a'.repeat(500)}.tar.gz`)
    expect(name).toMatch(/^a+\.gz$/)
    expect([...name].length).toBeLessThanOrEqual(maxFileName)
    expect(fileName(`${'a'.repeat(90_000)}/evil.exe`)).toHaveLength(maxFileName - 1)
  })

  it('whatever was written is safe, bounded, and safe again', () => {
    const piece = fc.constantFrom(
      '..',
      '/',
      '\\',
      '.',
      ' ',
      '\u202E',
      '\u0000',
      'con',
      '~',
      '%',
      '😀',
      '\uD800',
      'e',
      '\u0301',
    )
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 60 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(text, (written) => {
        const name = fileName(written)
        expect(name).not.toMatch(/[/\\<>:"|?*%~]|[\p{Cc}\p{Cf}\p{Cs}]|^[. ]|[. ]$/u)
        expect([...name].length).toBeLessThanOrEqual(maxFileName)
        expect(fileName(name)).toBe(name)
      }),
      { numRuns: 2_000 },
    )
  })
})
