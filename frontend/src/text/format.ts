const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const number = new Intl.NumberFormat('en')

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Hour and minute, as the system writes them. */
export function clockTime(atMs: number): string {
  return time.format(atMs)
}

/** "just now", "5 minutes ago", "yesterday", and a date after a week. A time in the future counts as now. */
export function timeAgo(atMs: number, nowMs: number): string {
  const passed = Math.max(0, nowMs - atMs)
  if (passed < minuteMs) return 'just now'
  if (passed < hourMs) return relative.format(-Math.floor(passed / minuteMs), 'minute')
  if (passed < dayMs) return relative.format(-Math.floor(passed / hourMs), 'hour')
  if (passed < 7 * dayMs) return relative.format(-Math.floor(passed / dayMs), 'day')
  return date.format(atMs)
}

/** Day, month and year. */
export function day(atMs: number): string {
  return date.format(atMs)
}

export function count(value: number): string {
  return number.format(value)
}

const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const
const step = 1_000
/** From here on one decimal would be written as 10.0. */
const oneDecimalBelow = 9.95

/** “12 kB”, as disks count: 1 kB is 1,000 bytes. */
export function bytesText(bytes: number): string {
  if (bytes === 1) return '1 byte'
  let value = bytes
  let unit = 0
  // 999.6 kB would be written as 1000 kB.
  while (Math.round(value) >= step && unit < units.length - 1) {
    value /= step
    unit += 1
  }
  const hasDecimal = unit > 0 && value < oneDecimalBelow
  return `${hasDecimal ? value.toFixed(1) : number.format(Math.round(value))} ${units[unit] ?? ''}`
}
