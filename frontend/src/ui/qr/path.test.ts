import { encodeQR } from 'qr'
import { expect, test } from 'vitest'
import { pathOf } from './path.ts'
import { decode } from './read-code.ts'

test('runs of dark cells become boxes', () => {
  expect(
    pathOf([
      [true, true, false, true],
      [false, false, false, false],
      [false, true, true, true],
    ]),
  ).toBe('M0 0h2v1h-2zM3 0h1v1h-1zM1 2h3v1h-3z')
})

test('what is drawn is read again, also a link of a thousand characters', () => {
  for (const content of ['12345 67890', `https://node.example/#/c/${'aB3-_'.repeat(200)}`]) {
    const cells = encodeQR(content, 'raw', { ecc: 'low', border: 3 })
    const scale = 4
    const side = cells.length * scale
    const data = new Uint8ClampedArray(side * side * 4)
    for (let index = 0; index < side * side; index++) {
      const row = Math.floor(index / side / scale)
      const column = Math.floor((index % side) / scale)
      data.set(cells[row]?.[column] ? [0, 0, 0, 255] : [255, 255, 255, 255], index * 4)
    }
    expect(decode({ width: side, height: side, data })).toBe(content)
  }
})

test('a picture without a code is no failure', () => {
  expect(decode({ width: 40, height: 40, data: new Uint8ClampedArray(6_400).fill(255) })).toBeUndefined()
})
