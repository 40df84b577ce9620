import type { Goal } from './goals.ts'
import type { Figures } from './samples.ts'
import type { Summary } from './statistics.ts'

const missing = '–'

/** Figures as a Markdown table: median (min–max), and × the floor where a floor was measured. */
export function renderTable(rows: readonly Figures[]): string {
  const floor = rows.find(({ name }) => name === 'floor')
  const timed = (summary: Summary | undefined, base: Summary | undefined, digits: number): string =>
    summary ? `${spread(summary, digits)}${times(summary, base)}` : missing
  const cells = rows.map((row) => [
    row.name,
    timed(row.opened, floor?.opened, 0),
    timed(row.firstFrame, floor?.firstFrame, 0),
    timed(row.roundTrip, floor?.roundTrip, 2),
    row.roundTripP99 ? row.roundTripP99.median.toFixed(1) : missing,
    timed(row.messages, floor?.messages, 0),
    row.cpu ? row.cpu.median.toFixed(2) : missing,
    row.heap ? megabytes(row.heap.median) : missing,
    row.renderer ? megabytes(row.renderer.median) : missing,
    (row.gzipBytes / 1000).toFixed(1),
    String(row.faults.length),
  ])
  const head = [
    'contender',
    'channel open, ms',
    'first frame, ms',
    '1 KB round trip, ms',
    'p99, ms',
    'messages/s',
    'CPU, cores',
    'JS heap, MB',
    'page memory, MB',
    'gzip, kB',
    'failed',
  ]
  return grid([head, ...cells])
}

/** Goals of one of our rows as a Markdown table. */
export function renderGoals(goals: readonly Goal[]): string {
  const rows = goals.map(({ name, measured, bound, atMost, unit, met }) => [
    name,
    amount(measured, unit),
    `${atMost ? '≤' : '≥'} ${amount(bound, unit)}`,
    met ? 'yes' : 'NO',
  ])
  return grid([['goal', 'measured', 'bound in this run', 'met'], ...rows])
}

function spread({ median, min, max }: Summary, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`
}

function times(summary: Summary, base: Summary | undefined): string {
  return base && base !== summary ? ` ×${(summary.median / base.median).toFixed(2)}` : ''
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)
const amount = (value: number, unit: string): string => `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`

function grid(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [head, ...body] = rows
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  return [line(head ?? []), rule, ...body.map(line)].join('\n')
}
