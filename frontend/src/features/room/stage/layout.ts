/** A place on the stage, in CSS pixels from its top left corner. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface StageLayout {
  readonly tiles: readonly Box[]
  readonly screens: readonly Box[]
}

/** The shapes a tile may take: between upright and wide screen, so that few pixels of a face are cut off. */
interface Shapes {
  readonly narrowest: number
  readonly widest: number
}

const wide = 16 / 9
const freeShapes: Shapes = { narrowest: 3 / 4, widest: wide }
const stripShapes: Shapes = { narrowest: 4 / 3, widest: wide }

/** The filmstrip beside a shared screen takes this part of the stage, within these bounds in pixels. */
const strip = { part: 0.2, least: 132, most: 264, partBelow: 0.24, leastBelow: 92, mostBelow: 180 }

/**
 * Places every tile and every shared screen. Without a screen the tiles share the stage; with one, screens take it and
 * the tiles form a strip at the side, or below where the stage is upright. Everyone always stays in view.
 */
export function layOut(stage: { readonly width: number; readonly height: number }, tiles: number, screens: number, gap: number): StageLayout {
  const whole: Box = { x: 0, y: 0, width: Math.max(0, stage.width), height: Math.max(0, stage.height) }
  if (screens === 0) return { tiles: gridIn(whole, tiles, gap, freeShapes), screens: [] }
  if (whole.width > whole.height * 1.1) {
    const width = clamp(whole.width * strip.part, strip.least, strip.most)
    const left = Math.max(0, whole.width - width - gap)
    return {
      screens: gridIn({ ...whole, width: left }, screens, gap),
      tiles: gridIn({ ...whole, x: left + gap, width }, tiles, gap, stripShapes),
    }
  }
  const height = clamp(whole.height * strip.partBelow, strip.leastBelow, strip.mostBelow)
  const above = Math.max(0, whole.height - height - gap)
  return {
    screens: gridIn({ ...whole, height: above }, screens, gap),
    tiles: gridIn({ ...whole, y: above + gap, height }, tiles, gap, stripShapes),
  }
}

/**
 * A grid of `count` equal boxes, centred, an unfinished last row too. Of all column counts it takes the one that shows
 * most of a wide picture. Without `shapes` the boxes fill their cells.
 */
export function gridIn(area: Box, count: number, gap: number, shapes?: Shapes): readonly Box[] {
  let best: { readonly columns: number; readonly rows: number; readonly width: number; readonly height: number } | undefined
  let bestShown = -1
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns)
    const cellWidth = Math.max(0, (area.width - gap * (columns - 1)) / columns)
    const cellHeight = Math.max(0, (area.height - gap * (rows - 1)) / rows)
    const width = shapes ? Math.min(cellWidth, cellHeight * shapes.widest) : cellWidth
    const height = shapes ? Math.min(cellHeight, cellWidth / shapes.narrowest) : cellHeight
    const shown = width * height * keptOf(width / Math.max(1, height))
    if (shown > bestShown) {
      bestShown = shown
      best = { columns, rows, width, height }
    }
  }
  if (!best) return []
  const { columns, rows, width, height } = best
  const top = area.y + (area.height - rows * height - (rows - 1) * gap) / 2
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns)
    const inRow = row === rows - 1 ? count - row * columns : columns
    const left = area.x + (area.width - inRow * width - (inRow - 1) * gap) / 2
    return { x: left + (index % columns) * (width + gap), y: top + row * (height + gap), width, height }
  })
}

/** The part of a 16:9 picture that a box of this shape shows when the picture covers it. */
function keptOf(shape: number): number {
  return Math.min(shape, wide) / Math.max(shape, wide)
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
