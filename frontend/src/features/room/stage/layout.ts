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
/** Beside each other on a wide stage; above each other on an upright one, where an upright tile shows more of a face. */
const landscapeShapes: Shapes = { narrowest: 6 / 5, widest: wide }
const uprightShapes: Shapes = { narrowest: 3 / 4, widest: wide }
const stripShapes: Shapes = { narrowest: 4 / 3, widest: wide }

/** The filmstrip beside a shared screen takes at most this part of the stage, within these bounds in pixels. */
const strip = { part: 0.2, least: 132, most: 264, partBelow: 0.24, leastBelow: 92, mostBelow: 180 }

/**
 * Places every tile and every shared screen. Without a screen the tiles share the stage; with one, screens take it and
 * the tiles form a strip at the side, or below where the stage is upright. Everyone always stays in view.
 */
export function layOut(stage: Pick<Box, 'width' | 'height'>, tiles: number, screens: number, gap: number): StageLayout {
  const whole: Box = { x: 0, y: 0, width: Math.max(0, stage.width), height: Math.max(0, stage.height) }
  const landscape = whole.width > whole.height * 1.1
  if (screens === 0) {
    return { tiles: gridIn(whole, tiles, gap, landscape ? landscapeShapes : uprightShapes), screens: [] }
  }
  const column = clamp(whole.width * strip.part, strip.least, strip.most)
  const row = clamp(whole.height * strip.partBelow, strip.leastBelow, strip.mostBelow)
  const place = landscape
    ? { ...whole, x: Math.max(0, whole.width - column), width: column }
    : { ...whole, y: Math.max(0, whole.height - row), height: row }
  const loose = gridIn(place, tiles, gap, stripShapes)
  // What the tiles leave free of the strip goes to the screen: they move to the edge.
  const spare = landscape
    ? whole.width - Math.max(...loose.map((box) => box.x + box.width))
    : whole.height - Math.max(...loose.map((box) => box.y + box.height))
  const moved = loose.map((box) => (landscape ? { ...box, x: box.x + spare } : { ...box, y: box.y + spare }))
  const edge = Math.max(0, Math.min(...moved.map((box) => (landscape ? box.x : box.y))) - gap)
  const rest = landscape ? { ...whole, width: edge } : { ...whole, height: edge }
  return { tiles: moved, screens: gridIn(rest, screens, gap) }
}

/**
 * A grid of `count` equal boxes, centred, an unfinished last row too. Of all column counts it takes the one that shows
 * most of a wide picture, counting what is cut off half. Without `shapes` the boxes fill their cells.
 */
export function gridIn(area: Box, count: number, gap: number, shapes?: Shapes): readonly Box[] {
  let best:
    { readonly columns: number; readonly rows: number; readonly width: number; readonly height: number } | undefined
  let bestShown = -1
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns)
    const cellWidth = Math.max(0, (area.width - gap * (columns - 1)) / columns)
    const cellHeight = Math.max(0, (area.height - gap * (rows - 1)) / rows)
    const width = shapes ? Math.min(cellWidth, cellHeight * shapes.widest) : cellWidth
    const height = shapes ? Math.min(cellHeight, cellWidth / shapes.narrowest) : cellHeight
    const shown = width * height * Math.sqrt(keptOf(width / Math.max(1, height)))
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
