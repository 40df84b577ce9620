/*
 * Our signalling server beside npm's `peer`. `tsx --conditions=@p2pigeon/source signalling/run.ts [rounds]` in bench/; prints a Markdown table. Contenders take turns,
 * each round with a fresh process, after a round that is thrown away. The clients run in this process: on few cores they are the bound, so the
 * figures per core come from the CPU time of the server's process.
 */
import { cpus, loadavg } from 'node:os'
import { BenchFault } from '../page/fault.ts'
import { median, percentile } from '../report/index.ts'
import { startContender, type ContenderName } from './contenders.ts'
import { measure, type SignallingFigures } from './measure.ts'
import type { JoinPair } from './pair.ts'
import { joinPeerPair } from './peer-pair.ts'
import { joinPigeonPair } from './pigeon-pair.ts'

const rounds = Number(process.argv[2] ?? 3)
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 50) {
  throw new BenchFault('rounds is a whole number from 1 to 50')
}
const sizes = { rooms: 1_000, talking: 50, messages: 2_000 }
const contenders: readonly (readonly [ContenderName, JoinPair])[] = [
  ['p2pigeon', joinPigeonPair],
  ['peer', joinPeerPair],
]

const [load = 0] = loadavg()
const taken = new Map<ContenderName, SignallingFigures[]>()
for (let round = 0; round <= rounds; round += 1) {
  for (const [name, join] of round % 2 === 0 ? contenders : contenders.toReversed()) {
    const server = await startContender(name)
    try {
      const figures = await measure(server, join, sizes)
      if (round > 0) taken.set(name, [...(taken.get(name) ?? []), figures])
    } finally {
      await server.close()
    }
  }
}

console.log(
  `Node ${process.version}, ${cpus().length} cores, load ${load.toFixed(1)} before, ${rounds} rounds: ${sizes.rooms} rooms of two, ${sizes.talking} of which send ${sizes.messages} messages of 2 KiB each.\n`,
)
console.log(
  '| server | rooms/s per core | rooms/s | join, ms | p99, ms | KiB a room | messages/s per core | messages/s |',
)
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |')
for (const [name, figures] of taken) {
  const middle = (read: (one: SignallingFigures) => number): string => median(figures.map(read)).toFixed(0)
  const joins = figures.flatMap(({ joinMs }) => joinMs)
  const cells = [
    name,
    middle((one) => one.roomsPerCore),
    middle((one) => one.roomsPerSecond),
    median(joins).toFixed(1),
    percentile(joins, 0.99).toFixed(1),
    middle((one) => one.memoryPerRoom / 1_024),
    middle((one) => one.messagesPerCore),
    middle((one) => one.messagesPerSecond),
  ]
  console.log(`| ${cells.join(' | ')} |`)
}
