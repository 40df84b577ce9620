/*
 * How fast a blind replica gets a drive, beside raw Hyperdrive over Hyperswarm; then `direct.ts`. `tsx --conditions=@p2pigeon/source data-room/run.ts [rounds] [MiB]` in bench/; prints a
 * Markdown table. Contenders take turns with fresh folders, after a round that is thrown away. Both machines of a contender are in one process.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDhtTestnet } from '@p2pigeon/core/testing'
import { BenchFault } from '../page/fault.ts'
import { median } from '../report/index.ts'
import { segmentBytes, type Contender } from './contender.ts'
import { direct } from './direct.ts'
import { ourDrive } from './our-drive.ts'
import { rawDrive } from './raw-drive.ts'

const goal = 0.9
const [rounds = 5, mebibytes = 256] = process.argv.slice(2).map(Number)
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 50)
  throw new BenchFault('rounds is a whole number from 1 to 50')
if (!Number.isInteger(mebibytes) || mebibytes < 8 || mebibytes > 65_536) throw new BenchFault('MiB is from 8 to 65536')
const segments = Math.ceil((mebibytes * 1_048_576) / segmentBytes)

interface Figures {
  readonly writeMBs: number
  readonly fetchMBs: number
}

type Start = (folder: string, bootstrap: readonly string[]) => Promise<Contender>

async function trial(start: Start): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'pigeon-bench-data-room-'))
  const testnet = await startDhtTestnet(4)
  try {
    const contender = await start(folder, testnet.bootstrap)
    try {
      const from = performance.now()
      await contender.write(segments)
      const writeMs = performance.now() - from
      const { bytes, ms } = await contender.fetch()
      return { writeMBs: (segments * segmentBytes) / writeMs / 1_000, fetchMBs: bytes / ms / 1_000 }
    } finally {
      await contender.close()
    }
  } finally {
    await testnet.close()
    await rm(folder, { recursive: true, force: true })
  }
}

const contenders = [
  ['p2pigeon', ourDrive],
  ['hyperdrive', rawDrive],
] as const
const [load = 0] = loadavg()
const taken = new Map<string, Figures[]>()
for (let round = 0; round <= rounds; round += 1) {
  for (const [name, start] of round % 2 === 0 ? contenders : contenders.toReversed()) {
    const figures = await trial(start)
    if (round > 0) taken.set(name, [...(taken.get(name) ?? []), figures])
  }
}

console.log(
  `Node ${process.version}, ${cpus().length} cores, load ${load.toFixed(1)} before, ${rounds} rounds of ${mebibytes} MiB.\n`,
)
console.log('| drive | replication, MB/s | written, MB/s |\n| --- | --- | --- |')
const middle = (name: string, read: (one: Figures) => number): number => median((taken.get(name) ?? []).map(read))
for (const [name] of contenders) {
  const cells = [middle(name, (one) => one.fetchMBs), middle(name, (one) => one.writeMBs)].map((mbs) => mbs.toFixed(1))
  console.log(`| ${name} | ${cells.join(' | ')} |`)
}
const share = middle('p2pigeon', (one) => one.fetchMBs) / middle('hyperdrive', (one) => one.fetchMBs)
console.log(
  `\nReplication is ${share.toFixed(2)} of raw Hyperdrive; the goal of ${goal} is ${share >= goal ? 'met' : 'MISSED'}.`,
)
await direct(rounds, mebibytes)
