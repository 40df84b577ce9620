import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Reader, Writer } from '../../codec/index.ts'
import { CodecError, UsageError } from '../../errors/index.ts'
import { maxMessageFiles, type MessageFile } from '../view.ts'
import { cleanMessageFile, readMessageFiles, writeMessageFiles } from './message-files.ts'

const plain: MessageFile = { id: '0a'.repeat(16), name: 'a.png', sizeBytes: 12, mediaType: 'image/png' }

/** What a sender writes who keeps to no rule but that of the form. */
function written(file: Partial<MessageFile>): Uint8Array {
  return writeMessageFiles(new Writer(), [{ ...plain, ...file }]).finish()
}

const said = fc.record({
  id: fc.stringMatching(/^[0-9a-f]{32}$/),
  name: fc.string({ unit: 'binary', maxLength: 80 }),
  sizeBytes: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  mediaType: fc.oneof(fc.string({ maxLength: 150 }), fc.constantFrom('image/png', 'Text/Plain; charset=utf-8')),
})

describe('what a message says of files', () => {
  it('is the same for everyone once it was cleaned, whatever its sender said', () => {
    fc.assert(
      fc.property(fc.array(said, { maxLength: maxMessageFiles }), (files) => {
        const clean = files.map(cleanMessageFile)
        const read = readMessageFiles(new Reader(writeMessageFiles(new Writer(), clean).finish()))
        expect(read).toEqual(clean)
        expect(read.map(cleanMessageFile)).toEqual(clean)
      }),
    )
  })

  it.each([
    ['a path', '../../etc/passwd', 'passwd'],
    ['a direction of writing', 'photo\u202egnp.exe', 'photognp.exe'],
    ['nothing', '', '_'],
    ['a device', 'NUL.txt', '_NUL.txt'],
  ])('is cleaned by whoever reads it: %s for a name', (_what, name, clean) => {
    expect(readMessageFiles(new Reader(written({ name })))).toEqual([{ ...plain, name: clean }])
  })

  it.each([
    ['text/html; charset=x', 'text/html'],
    ['IMAGE/PNG', 'image/png'],
    ['<b>/x', ''],
    ['image', ''],
  ])('is cleaned by whoever reads it: the type %s', (mediaType, clean) => {
    expect(readMessageFiles(new Reader(written({ mediaType })))).toEqual([{ ...plain, mediaType: clean }])
  })

  it.each([
    ['more files than a message has', Uint8Array.of(maxMessageFiles + 1)],
    ['a name that no file system takes', written({ name: 'x'.repeat(256) })],
    ['a type without an end', written({ mediaType: 'x'.repeat(128) })],
    ['a file that is not whole', written({}).slice(0, -1)],
    ['a size beyond what counts', written({}).fill(0xff, 17, 25)],
  ])('refuses %s', (_what, bytes) => {
    expect(() => readMessageFiles(new Reader(bytes))).toThrow(CodecError)
  })

  it.each([
    ['an id', { id: 'made-1' }],
    ['a size', { sizeBytes: -1 }],
  ])('is refused from the caller with %s that no file has', (_what, part) => {
    expect(() => cleanMessageFile({ ...plain, ...part })).toThrow(UsageError)
  })
})
