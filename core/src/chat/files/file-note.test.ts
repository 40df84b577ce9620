import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileType, noteName, readFileNote, tagsOfFileNote, type FileNote } from './file-note.ts'
import { maxPictureSide } from './limits.ts'

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((all) => Buffer.from(all).toString('hex'))
const side = fc.integer({ min: 1, max: maxPictureSide })

const note: fc.Arbitrary<FileNote> = fc
  .record({
    url: fc.webUrl({ validSchemes: ['https', 'http'] }).filter((url) => url.length <= 512),
    name: fc.string({ unit: 'binary', maxLength: 200 }).map(noteName),
    type: fc.constantFrom('image/png', 'application/octet-stream', 'application/vnd.oasis.opendocument.text'),
    key: hex(32),
    nonce: fc.oneof(hex(12), hex(16)),
    hash: hex(32),
    plainHash: fc.option(hex(32), { nil: undefined }),
    bytes: fc.option(fc.nat(10 ** 11), { nil: undefined }),
    sides: fc.option(fc.tuple(side, side), { nil: undefined }),
    wantsPadding: fc.boolean(),
  })
  .map(({ sides, wantsPadding, ...rest }) => ({
    ...rest,
    isPadded: wantsPadding && rest.bytes !== undefined,
    width: sides?.[0],
    height: sides?.[1],
  }))

it('is read as it was written', () => {
  fc.assert(
    fc.property(note, (written) => {
      expect(readFileNote({ content: written.url, tags: tagsOfFileNote(written) })).toEqual(written)
    }),
  )
})

const plain: FileNote = {
  url: 'https://node.example/blobs/1',
  name: 'cat.png',
  type: 'image/png',
  key: 'a'.repeat(64),
  nonce: 'b'.repeat(24),
  hash: 'c'.repeat(64),
  plainHash: undefined,
  bytes: 300,
  isPadded: true,
  width: 4,
  height: 3,
}

/** The same with another value of one tag; undefined: without it. */
function read(tag: string, value: string | undefined, url = plain.url): FileNote {
  const others = tagsOfFileNote(plain).filter(([name]) => name !== tag)
  return readFileNote({ content: url, tags: value === undefined ? others : [...others, [tag, value]] })
}

describe('is refused', () => {
  it.each([
    ['encryption-algorithm', 'aes-cbc'],
    ['encryption-algorithm', undefined],
    ['decryption-key', 'a'.repeat(62)],
    ['decryption-key', 'z'.repeat(64)],
    ['decryption-key', undefined],
    ['decryption-nonce', ''],
    ['decryption-nonce', 'b'.repeat(26)],
    ['x', 'c'.repeat(63)],
    ['x', undefined],
    ['ox', 'nothing'],
    ['padding', 'other'],
    ['size', undefined],
    ['size', '-1'],
    ['size', '1'.repeat(13)],
  ])('with %s %s', (tag, value) => {
    expect(() => read(tag, value)).toThrow(expect.objectContaining({ code: 'bad-message' }))
  })

  it.each([
    '',
    'cat.png',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://node.example/x',
    'https://user:secret@node.example/x',
    'https://node.example/a b',
    'https://',
    `https://node.example/${'a'.repeat(512)}`,
    ' https://node.example/x',
  ])('at %j', (url) => {
    expect(() => read('name', 'x', url)).toThrow(expect.objectContaining({ code: 'bad-message' }))
  })
})

it('takes what is only for show as it can', () => {
  expect(read('name', '../\u202Egpj.exe').name).toBe('gpj.exe')
  expect(read('name', undefined).name).toBe('')
  expect(read('file-type', '<script>').type).toBe('application/octet-stream')
  for (const dim of ['0x3', '4', '4x3x2', '-1x3', '99999x1', '1e3x3', undefined]) {
    expect(read('dim', dim), dim).toMatchObject({ width: undefined, height: undefined })
  }
})

it.each([
  ['image/png', 'image/png'],
  ['Text/HTML; charset=utf-8', 'text/html'],
  ['text', 'application/octet-stream'],
  ['a/b/c', 'application/octet-stream'],
  ['text/html\r\nX: y', 'application/octet-stream'],
  [`a/${'b'.repeat(200)}`, 'application/octet-stream'],
  ['', 'application/octet-stream'],
])('type %j is %s', (written, type) => {
  expect(fileType(written)).toBe(type)
})
