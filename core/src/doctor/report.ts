import type { PrivacyLevel } from '../ice/index.ts'
import { rungNames, type Ladder, type RungResult } from './ladder.ts'
import { verdictOf } from './verdict.ts'

/**
 * The check as text to hand on. It is put together from the codes of this folder, whole milliseconds and the time of day
 * only: nothing that a server, a browser or a network said enters it, so no address, name, candidate or SDP can.
 */
export function exportReport(ladder: Ladder, privacy: PrivacyLevel): string {
  const { level, code, also } = verdictOf(ladder, privacy)
  const lines = [
    'P2Pigeon connection report',
    `time: ${timeOf(ladder.startedAtMs)}`,
    `room privacy: ${privacy}`,
    `verdict: ${code} (${level})`,
    ...also.map((one) => `also: ${one.code} (${one.level})`),
    ...rungNames.map((name) => `${name}: ${said(ladder.rungs[name])}`),
    `network of the relay: ${ladder.network ?? 'not known'}`,
  ]
  return `${lines.join('\n')}\n`
}

function said(rung: RungResult): string {
  switch (rung.kind) {
    case 'passed':
      return `passed, ${whole(rung.ms)} ms`
    case 'failed':
      return `failed, ${rung.cause}, ${whole(rung.ms)} ms`
    case 'skipped':
      return `skipped, ${rung.why}`
  }
}

const whole = (ms: number): string => String(Number.isFinite(ms) ? Math.round(ms) : 0)

/** To the minute, in UTC, without colons. */
function timeOf(atMs: number): string {
  const date = new Date(atMs)
  if (Number.isNaN(date.getTime())) return 'not known'
  return `${date.toISOString().slice(0, 16).replace('T', ' ').replace(':', 'h')} UTC`
}
