import { describe, expect, it, test } from 'vitest'
import { cleanText, oneLine, piecesOf as cut } from './message-text.ts'

const piecesOf = (message: string) => cut(message, 'http or https')
const links = (message: string): readonly string[] =>
  piecesOf(message).flatMap((piece) => (piece.kind === 'link' ? [piece.href] : []))

test('overrides, marks, controls and invisible characters are taken out', () => {
  expect(cleanText('invoice\u202egpj.exe')).toBe('invoicegpj.exe')
  expect(cleanText('a\u0000b\u0007c\u001b[31md\u0085e')).toBe('abc[31mde')
  expect(cleanText('\u2066x\u2069\u200e\u200f\u061c\ufeff\u200b')).toBe('x')
  expect(cleanText('\u{e0041}\u{e007f}tags')).toBe('tags')
})

test('line breaks, tabs, joined emoji and right-to-left words stay', () => {
  expect(cleanText('a\r\nb\tc\nd')).toBe('a\nb\tc\nd')
  expect(cleanText('👩‍👩‍👧 مرحبا שלום')).toBe('👩‍👩‍👧 مرحبا שלום')
})

test('web addresses become links, the sentence around them does not', () => {
  expect(piecesOf('See https://example.org/a?b=1#c, please.')).toEqual([
    { kind: 'text', text: 'See ' },
    { kind: 'link', text: 'https://example.org/a?b=1#c', href: 'https://example.org/a?b=1#c' },
    { kind: 'text', text: ', please.' },
  ])
})

test.each([
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'file:///etc/passwd',
  'https://bank.example@evil.example/',
  'http://',
  'nostr:npub1',
])('%s is no link', (message) => {
  expect(links(message)).toEqual([])
  expect(
    piecesOf(message)
      .map((piece) => piece.text)
      .join(''),
  ).toBe(message)
})

test('a host that imitates another one is shown as it is looked up', () => {
  const [piece] = piecesOf('https://аpple.com/')
  expect(piece?.text).toBe('https://xn--pple-43d.com/')
})

test('markup is text', () => {
  expect(piecesOf('<img src=x onerror=alert(1)>')).toEqual([{ kind: 'text', text: '<img src=x onerror=alert(1)>' }])
})

test('a message of addresses gives a bounded number of elements', () => {
  const pieces = piecesOf('http://a.b '.repeat(1_400))
  expect(pieces.filter((piece) => piece.kind === 'link')).toHaveLength(50)
  expect(pieces.map((piece) => piece.text).join('')).toHaveLength(11 * 1_400)
})

describe('text of messages where https alone is linked', () => {
  it('links https addresses only', () => {
    expect(cut('see https://a.example/x. and http://b.example', 'https')).toEqual([
      { kind: 'text', text: 'see ' },
      { kind: 'link', text: 'https://a.example/x', href: 'https://a.example/x' },
      { kind: 'text', text: '. and http://b.example' },
    ])
    expect(cut('javascript:alert(1)', 'https')).toEqual([{ kind: 'text', text: 'javascript:alert(1)' }])
  })

  it('links no address that hides its host', () => {
    expect(cut('https://bank.example@evil.example', 'https').every(({ kind }) => kind === 'text')).toBe(true)
    expect(cut('https://ex\u00e4mple.org', 'https')[0]).toMatchObject({ text: 'https://xn--exmple-cua.org/' })
  })

  it('bounds links', () => {
    expect(cut('https://a.b '.repeat(500), 'https').filter(({ kind }) => kind === 'link')).toHaveLength(50)
  })

  it('takes away what deceives', () => {
    expect(cleanText('a\u202Eb\u0007\r\nc\td')).toBe('ab\nc\td')
    expect(oneLine(' a \n\n b ')).toBe('a b')
  })
})
