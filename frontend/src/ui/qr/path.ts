/** The dark cells as one path, each run of a row as one box. */
export function pathOf(cells: readonly (readonly boolean[])[]): string {
  let path = ''
  for (const [y, row] of cells.entries()) {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue
      const from = x
      while (row[x + 1]) x++
      const width = x + 1 - from
      path += `M${from} ${y}h${width}v1h-${width}z`
    }
  }
  return path
}
