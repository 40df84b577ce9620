/*
 * What our Nostr relay takes, passes on and finds. `pnpm run relay [rounds]` in bench/; prints a Markdown table. The floor is the bench's own relay,
 * which verifies and stores nothing: what WebSockets and JSON cost alone. Both take turns, after a round that is thrown away.
 */
import { cpus, loadavg } from 'node:os'
import { webRandom } from '@p2pigeon/core/node'
import { freshSigner, isGenuine, signEvent } from '@p2pigeon/core/nostr'
import { BenchFault } from '../page/fault.ts'
import { median, percentile } from '../report/index.ts'
import { startContender } from './contenders.ts'
import { fanOut, keys, reading, taking, wraps } from './measure.ts'

const rounds = Number(process.argv[2] ?? 3)
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 50)
  throw new BenchFault('rounds is a whole number from 1 to 50')

const taken = new Map<string, number[]>()
const note = (row: string, value: number): void => void taken.set(row, [...(taken.get(row) ?? []), value])

const [load = 0] = loadavg()
const mail = await wraps(3_200, 1059, keys(50))
const live = await wraps(100, 21_059, keys(1))
const lists = await Promise.all(
  Array.from({ length: 1_000 }, (_, nth) =>
    signEvent(
      {
        kind: 10_050,
        created_at: Math.floor(Date.now() / 1_000) - nth,
        tags: [['relay', 'wss://relay.example/']],
        content: '',
      },
      freshSigner(webRandom),
    ),
  ),
)

function verifying(): number {
  const startedAt = performance.now()
  for (const event of mail.slice(0, 500)) isGenuine(event)
  return 500 / ((performance.now() - startedAt) / 1_000)
}

async function measure(which: 'ours' | 'floor', counts: boolean): Promise<void> {
  const relay = await startContender(which)
  try {
    const { eventsPerSecond, cpuMicroseconds, answerMs } = await taking(relay, mail)
    const delivered = await fanOut(relay, 100, live)
    if (counts) {
      note(`${which}: gift wraps taken a second`, eventsPerSecond)
      note(`${which}: CPU of the relay, µs a wrap`, cpuMicroseconds)
      note(`${which}: answer to one wrap, ms`, median(answerMs))
      note(`${which}: answer to one wrap, p99, ms`, percentile(answerMs, 0.99))
      note(`${which}: deliveries a second, 100 listeners of 200`, delivered)
    }
    if (which === 'floor') return
    const found = await reading(relay, lists, 2_000)
    if (!counts) return
    note('ours: requests a second that find one event of 4,200', found.lookupsPerSecond)
    note('ours: stored events a second, 500 an answer', found.eventsPerSecond)
  } finally {
    await relay.close()
  }
}

for (let round = 0; round <= rounds; round++) {
  for (const which of round % 2 === 0 ? (['ours', 'floor'] as const) : (['floor', 'ours'] as const))
    await measure(which, round > 0)
  if (round > 0) note('signatures and ids verified a second, nothing else', verifying())
}

console.log(
  `Node ${process.version}, ${cpus().length} cores, load ${load.toFixed(1)} before the start; ${rounds} rounds; wraps of 1,200 characters, SQLite on disk.\n`,
)
console.log('| what | median | min–max |')
console.log('| --- | --- | --- |')
const shown = (value: number): string => (value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString('en'))
for (const [row, values] of taken)
  console.log(`| ${row} | ${shown(median(values))} | ${shown(Math.min(...values))}–${shown(Math.max(...values))} |`)
