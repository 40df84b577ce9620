import { describe, expect, it } from 'vitest'
import { isSaidPicture, pictureBox, pictureType } from './picture.ts'

const bytesOf = (text: string, length = 32): Uint8Array => {
  const bytes = new Uint8Array(Math.max(length, text.length))
  bytes.set(Array.from(text, (character) => character.charCodeAt(0)))
  return bytes
}

describe('pictures', () => {
  it.each([
    ['image/png', '\x89PNG\r\n\x1a\n'],
    ['image/jpeg', '\xff\xd8\xff\xe0'],
    ['image/gif', 'GIF89a'],
    ['image/gif', 'GIF87a'],
    ['image/webp', 'RIFF\0\0\0\0WEBPVP8 '],
    ['image/avif', '\0\0\0\x1cftypavif\0\0\0\0avifmif1'],
    ['image/avif', '\0\0\0\x1cftypmif1\0\0\0\0miafavif'],
  ])('%s is known by its first bytes', (type, start) => {
    expect(pictureType(bytesOf(start))).toBe(type)
    expect(isSaidPicture(type)).toBe(true)
  })

  it.each([
    ['a page', '<!doctype html><script>alert(1)</script>'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['SVG behind XML', '<?xml version="1.0"?><svg/>'],
    ['a film', '\0\0\0\x18ftypmp42\0\0\0\0isommp42'],
    ['a version that spells a brand', '\0\0\0\x14ftypmp42avifisom'],
    ['a brand behind the box', '\0\0\0\x10ftypmp42\0\0\0\0avif'],
    ['a sound', 'RIFF\0\0\0\0WAVEfmt '],
    ['a picture that begins later', ' \x89PNG\r\n\x1a\n'],
    ['PDF', '%PDF-1.7'],
  ])('%s is none', (_, start) => {
    expect(pictureType(bytesOf(start))).toBeUndefined()
  })

  it('is none when it ends too soon', () => {
    for (const text of ['', '\x89PN', 'GIF8', 'RIFF\0\0\0\0WE', '\0\0\0\x1cftyp']) {
      expect(pictureType(bytesOf(text, 0))).toBeUndefined()
    }
  })

  it('is no program, whatever a sender says', () => {
    for (const type of ['image/svg+xml', 'text/html', 'application/pdf', 'image/x-png', 'constructor']) {
      expect(isSaidPicture(type)).toBe(false)
    }
  })

  it('takes room in its own shape, within bounds', () => {
    expect(pictureBox({ width: 1_216, height: 608 })).toEqual({ width: 304, height: 152 })
    expect(pictureBox({ width: 608, height: 1_216 })).toEqual({ width: 152, height: 304 })
    expect(pictureBox({ width: 200, height: 150 })).toEqual({ width: 200, height: 150 })
    expect(pictureBox({ width: undefined, height: undefined })).toEqual({ width: 304, height: 228 })
    for (const [width, height] of [
      [1, 32_768],
      [32_768, 1],
      [1, 1],
    ] as const) {
      const box = pictureBox({ width, height })
      for (const side of [box.width, box.height]) {
        expect(side).toBeGreaterThanOrEqual(96)
        expect(side).toBeLessThanOrEqual(304)
      }
    }
  })
})
