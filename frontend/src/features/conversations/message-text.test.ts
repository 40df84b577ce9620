import { describe, expect, it } from 'vitest'
import { cleanText, oneLine, piecesOf } from './message-text.ts'

describe('text of messages', () => {
  it('links https addresses only', () => {
    expect(piecesOf('see https://a.example/x. and http://b.example')).toEqual([
      { kind: 'text', text: 'see ' },
      { kind: 'link', text: 'https://a.example/x', href: 'https://a.example/x' },
      { kind: 'text', text: '. and http://b.example' },
    ])
    expect(piecesOf('javascript:alert(1)')).toEqual([{ kind: 'text', text: 'javascript:alert(1)' }])
  })

  it('links no address that hides its host', () => {
    expect(piecesOf('https://bank.example@evil.example').every(({ kind }) => kind === 'text')).toBe(true)
    expect(piecesOf('https://ex\u00e4mple.org')[0]).toMatchObject({ text: 'https://xn--exmple-cua.org/' })
  })

  it('bounds links', () => {
    expect(piecesOf('https://a.b '.repeat(500)).filter(({ kind }) => kind === 'link')).toHaveLength(50)
  })

  it('takes away what deceives', () => {
    expect(cleanText('a\u202Eb\u0007\r\nc\td')).toBe('ab\nc\td')
    expect(oneLine(' a \n\n b ')).toBe('a b')
  })
})
