import { readdirSync, readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { sanitizeIceCandidate, sanitizeSDP } from '@p2pigeon/core'

/*
 * What the sanitiser costs for each description, and that no input costs more than `limitMs`. What comes in is read by the
 * same parser and written by the same rebuild. Run by
 * `pnpm --filter @p2pigeon/bench run sanitiser`; ends with code 1 when the limit is broken.
 */

const limitMs = 50
const rounds = 200
const corpus = new URL('../../core/test/sdp/corpus/samples/', import.meta.url)

interface Row {
  readonly what: string
  readonly kilobytes: number
  readonly medianMs: number
  readonly worstMs: number
}

/** Refusing is an answer too; only its time counts here. */
function timed(run: () => unknown): number {
  const start = performance.now()
  try {
    run()
  } catch {
    // refused
  }
  return performance.now() - start
}

function measure(what: string, text: string, run: (text: string) => unknown): Row {
  const times = Array.from({ length: rounds }, () => timed(() => run(text))).sort((a, b) => a - b)
  const [medianMs = 0, worstMs = 0] = [times[rounds >> 1], times.at(-1)]
  return { what, kilobytes: text.length / 1024, medianMs, worstMs }
}

const samples = readdirSync(corpus).map((name) => readFileSync(new URL(name, corpus), 'utf8'))
const usual = readFileSync(new URL('jitsi-SDP-2.sdp', corpus), 'utf8')
const head = usual.slice(0, usual.indexOf('m='))
const big = (line: string, length = 32_000) =>
  usual + line.repeat(Math.max(0, Math.floor((length - usual.length) / line.length)))
const megabyte = (text: string) => text.repeat(Math.ceil(2 ** 20 / text.length))

const hostile: readonly (readonly [what: string, text: string])[] = [
  ['a line of 1 MB', `${head}a=${megabyte('x')}\r\n`],
  ['a candidate of 1 MB', `${head}a=candidate:${megabyte('1 ')}\r\n`],
  ['a million line ends', `${head}${megabyte('\r\n')}`],
  ['a line of 70 kB', `${usual}a=fmtp:111 ${'a=1;'.repeat(17_500)}\r\n`],
  ['32 kB of candidates', big('a=candidate:1 1 udp 1 8.8.8.8 5000 typ srflx raddr 10.0.0.1 rport 1\r\n')],
  ['32 kB of half candidates', big(`a=candidate:1 1 udp 1 ${'a-'.repeat(200)} 5000\r\n`)],
  ['32 kB of feedback', big('a=rtcp-fb:111 nack\r\n')],
  ['32 kB of sources', big('a=ssrc:1 cname:x\r\n')],
  ['32 kB of msids', big('a=msid:a b\r\n')],
  ['32 kB of rids', big('a=rid:a send pt=111,111;max-fps=1\r\n')],
  ['32 kB of colons', big(`a=x:${':'.repeat(1_900)}\r\n`)],
  ['32 kB of attributes without value', big('a=a\r\n')],
]

const rows = [
  measure('candidate', 'candidate:1 1 udp 1 8.8.8.8 5000 typ srflx raddr 10.0.0.1 rport 1', (line) =>
    sanitizeIceCandidate(line),
  ),
  measure('three sections', usual, (sdp) => sanitizeSDP(sdp)),
  ...hostile.flatMap(([what, text]) => [
    measure(what, text, (sdp) => sanitizeSDP(sdp)),
    measure(`${what}, as a candidate`, text, (line) => sanitizeIceCandidate(line)),
  ]),
]
const corpusTimes = samples.map((sdp) => timed(() => sanitizeSDP(sdp)))

for (const { what, kilobytes, medianMs, worstMs } of rows)
  console.log(
    `${what.padEnd(52)} ${kilobytes.toFixed(1).padStart(8)} kB  median ${medianMs.toFixed(3)} ms  worst ${worstMs.toFixed(3)} ms`,
  )
console.log(
  `corpus of ${samples.length}, mean ${(corpusTimes.reduce((a, b) => a + b, 0) / samples.length).toFixed(3)} ms`,
)

const broken = rows.filter(({ worstMs }) => worstMs > limitMs)
for (const { what, worstMs } of broken) console.error(`${what} took ${worstMs.toFixed(1)} ms, more than ${limitMs} ms`)
if (broken.length > 0) process.exitCode = 1
