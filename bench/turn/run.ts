/*
 * How much our TURN server relays, beside coturn where that is installed. `tsx turn/run.ts [rounds]` in bench/; prints a
 * Markdown table. Contenders take turns, after a round that is thrown away.
 */
import { cpus } from 'node:os'
import { BenchFault } from '../page/fault.ts'
import { median, percentile } from '../report/index.ts'
import { measure, type TurnFigures } from './measure.ts'
import { hasCoturn, startCoturn, startOurs, type TurnContender } from './servers.ts'

const rounds = Number(process.argv[2] ?? 3)
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 50)
  throw new BenchFault('rounds is a whole number from 1 to 50')

const servers: TurnContender[] = [await startOurs()]
if (hasCoturn()) servers.push(await startCoturn())
else console.log('coturn is left out: there is no turnserver on PATH.\n')

const taken = new Map<string, TurnFigures[]>()
try {
  for (let round = 0; round <= rounds; round += 1) {
    for (const transport of ['udp', 'tcp'] as const) {
      for (const server of round % 2 === 0 ? servers : servers.toReversed()) {
        const figures = await measure(server, transport)
        const row = `${server.name} ${transport}`
        if (round > 0) taken.set(row, [...(taken.get(row) ?? []), figures])
      }
    }
  }
} finally {
  for (const server of servers) await server.close()
}

console.log(
  `Node ${process.version}, ${cpus().length} cores, ${rounds} rounds of 1,200-byte packets, client to client.\n`,
)
console.log('| server | packets/s | Mbit/s | server CPU, µs a packet | lost | round trip, ms | p99, ms |')
console.log('| --- | --- | --- | --- | --- | --- | --- |')
for (const [row, figures] of [...taken].sort()) {
  const middle = (read: (one: TurnFigures) => number, digits: number): string =>
    median(figures.map(read)).toFixed(digits)
  const trips = figures.flatMap(({ roundTripMs }) => roundTripMs)
  const cells = [
    row,
    middle((one) => one.packetsPerSecond, 0),
    middle((one) => one.megabitsPerSecond, 0),
    middle((one) => one.cpuMicroseconds, 1),
    `${middle((one) => one.lostShare * 100, 2)} %`,
    median(trips).toFixed(3),
    percentile(trips, 0.99).toFixed(3),
  ]
  console.log(`| ${cells.join(' | ')} |`)
}
