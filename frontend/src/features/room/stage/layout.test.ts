import { describe, expect, test } from 'vitest'
import { gridIn, layOut, type Box } from './layout.ts'

const desk = { width: 1256, height: 700 }
const phone = { width: 374, height: 680 }
const everyCount = [1, 2, 3, 4, 5, 6, 7, 8]

function overlaps(one: Box, other: Box): boolean {
  const slack = 0.01
  return (
    one.x + one.width > other.x + slack &&
    other.x + other.width > one.x + slack &&
    one.y + one.height > other.y + slack &&
    other.y + other.height > one.y + slack
  )
}

function isInside(box: Box, stage: { width: number; height: number }): boolean {
  const slack = 0.01
  return (
    box.x >= -slack &&
    box.y >= -slack &&
    box.x + box.width <= stage.width + slack &&
    box.y + box.height <= stage.height + slack
  )
}

describe.each([
  ['a desk', desk],
  ['a phone', phone],
  ['a phone on its side', { width: 780, height: 260 }],
])('on %s', (_name, stage) => {
  test.each(everyCount.flatMap((tiles) => [0, 1, 2].map((screens) => [tiles, screens] as const)))(
    '%i tiles and %i screens stay in view, apart, and of one size',
    (tiles, screens) => {
      const layout = layOut(stage, tiles, screens, 10)
      expect(layout.tiles).toHaveLength(tiles)
      expect(layout.screens).toHaveLength(screens)
      const all = [...layout.tiles, ...layout.screens]
      for (const box of all) {
        expect(isInside(box, stage)).toBe(true)
        expect(box.width).toBeGreaterThan(30)
        expect(box.height).toBeGreaterThan(30)
      }
      for (const [index, box] of all.entries())
        for (const other of all.slice(index + 1)) expect(overlaps(box, other)).toBe(false)
      for (const box of layout.tiles) expect(box.width).toBeCloseTo(layout.tiles[0]?.width ?? NaN)
      // Nobody's face is cut to a sliver.
      for (const box of layout.tiles) {
        expect(box.width / box.height).toBeLessThanOrEqual(16 / 9 + 0.01)
        expect(box.width / box.height).toBeGreaterThanOrEqual(3 / 4 - 0.01)
      }
    },
  )
})

test('two people stand side by side on a desk and one above the other on a phone', () => {
  const [left, right] = layOut(desk, 2, 0, 10).tiles
  expect(left?.y).toBe(right?.y)
  const [above, below] = layOut(phone, 2, 0, 10).tiles
  expect(above?.x).toBe(below?.x)
  expect(below?.y).toBeGreaterThan(above?.y ?? NaN)
})

test('an unfinished last row is centred', () => {
  const boxes = layOut(desk, 5, 0, 10).tiles
  const last = boxes.slice(3)
  const middle = ((last[0]?.x ?? 0) + (last[1]?.x ?? 0) + (last[1]?.width ?? 0)) / 2
  expect(boxes[3]?.y).toBe(boxes[4]?.y)
  expect(middle).toBeCloseTo(desk.width / 2)
})

test('a shared screen takes most of the stage', () => {
  for (const stage of [desk, phone]) {
    const screen = layOut(stage, 8, 1, 10).screens[0]
    expect(((screen?.width ?? 0) * (screen?.height ?? 0)) / (stage.width * stage.height)).toBeGreaterThan(0.7)
  }
})

test('a stage without size gives boxes without size, not NaN', () => {
  for (const box of gridIn({ x: 0, y: 0, width: 0, height: 0 }, 3, 10, { narrowest: 1, widest: 2 })) {
    expect(Number.isFinite(box.x + box.y + box.width + box.height)).toBe(true)
  }
  expect(gridIn({ x: 0, y: 0, width: 100, height: 100 }, 0, 10)).toEqual([])
})
