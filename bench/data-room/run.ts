/*
 * The data room. `pnpm data-room [rounds] [MiB] [small files] [entries]` in bench/; prints Markdown tables. Replication to a blind replica beside raw Hyperdrive over
 * Hyperswarm, which take turns with fresh folders after a round that is thrown away, both machines of a contender in one process; then a client and its node, each in a process
 * of its own; then a long list; then a file from one browser to another one.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDhtTestnet } from '@p2pigeon/core/testing'
import { BenchFault } from '../page/fault.ts'
import { median } from '../report/index.ts'
import { clientTrial, type TrialFigures } from './client-trial.ts'
import { segmentBytes, type Contender } from './contender.ts'
import { direct } from './direct.ts'
import { listing, type ListingFigures } from './listing.ts'
import { ourDrive } from './our-drive.ts'
import { rawDrive } from './raw-drive.ts'

const goal = 0.9
const maxGrowthMb = 150
const [rounds = 5, mebibytes = 1_024, smallFiles = 10_000, entries = 100_000] = process.argv
  .slice(2)
  .filter((word) => word !== '--')
  .map(Number)
const within = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most
if (!within(rounds, 1, 50)) throw new BenchFault('rounds is a whole number from 1 to 50')
if (!within(mebibytes, 8, 65_536)) throw new BenchFault('MiB is from 8 to 65536')
if (!within(smallFiles, 0, 100_000)) throw new BenchFault('small files are 0 to 100000')
if (!within(entries, 0, 900_000)) throw new BenchFault('entries are 0 to 900000')
/** Replication needs no more for a steady rate. */
const replicatedMebibytes = Math.min(mebibytes, 256)
const segments = Math.ceil((replicatedMebibytes * 1_048_576) / segmentBytes)

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

const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`
const verdict = (isMet: boolean): string => (isMet ? 'met' : 'MISSED')

const contenders = [
  ['p2pigeon', ourDrive],
  ['hyperdrive', rawDrive],
] as const
const [load = 0] = loadavg()
console.log(`Node ${process.version}, ${cpus().length} cores, load ${load.toFixed(1)} before, ${rounds} rounds.\n`)

const taken = new Map<string, Figures[]>()
for (let round = 0; round <= rounds; round += 1) {
  for (const [name, start] of round % 2 === 0 ? contenders : contenders.toReversed()) {
    const figures = await trial(start)
    if (round > 0) taken.set(name, [...(taken.get(name) ?? []), figures])
  }
}
const middle = (name: string, read: (one: Figures) => number): number => median((taken.get(name) ?? []).map(read))
console.log(row(`drive of ${replicatedMebibytes} MiB`, 'replication, MB/s', 'written, MB/s'))
console.log(row('---', '---', '---'))
for (const [name] of contenders) {
  const cells = [middle(name, (one) => one.fetchMBs), middle(name, (one) => one.writeMBs)].map((mbs) => mbs.toFixed(1))
  console.log(row(name, ...cells))
}
const share = middle('p2pigeon', (one) => one.fetchMBs) / middle('hyperdrive', (one) => one.fetchMBs)
console.log(
  `\nReplication is ${share.toFixed(2)} of raw Hyperdrive; the goal of ${goal} is ${verdict(share >= goal)}.\n`,
)

const trials: TrialFigures[] = []
for (let round = 0; round < rounds; round += 1) trials.push(await clientTrial(mebibytes, smallFiles))
const ofTrials = (read: (one: TrialFigures) => number): number => median(trials.map(read))
const mbs = (read: (one: TrialFigures) => number): string =>
  ((mebibytes * 1_048_576) / ofTrials(read) / 1_000).toFixed(1)
const growth = Math.max(...trials.map(({ growthBytes, nodeGrowthBytes }) => Math.max(growthBytes, nodeGrowthBytes)))
const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(0)
console.log(row(`a client and its node, a file of ${mebibytes} MiB`, 'median'))
console.log(row('---', '---'))
console.log(
  row(
    'upload, MB/s',
    mbs(({ uploadMs }) => uploadMs),
  ),
)
console.log(
  row(
    'download, MB/s',
    mbs(({ downloadMs }) => downloadMs),
  ),
)
console.log(row('first byte, ms', ofTrials(({ firstByteMs }) => firstByteMs).toFixed(0)))
console.log(row('seek, ms', ofTrials(({ seekMs }) => seekMs).toFixed(0)))
console.log(row('client, MB above idle', megabytes(ofTrials(({ growthBytes }) => growthBytes))))
console.log(row('node, MB above idle', megabytes(ofTrials(({ nodeGrowthBytes }) => nodeGrowthBytes))))
console.log(row('client, s of a processor', (ofTrials(({ cpuMs }) => cpuMs) / 1_000).toFixed(1)))
console.log(
  row('node, s of a processor, small files included', (ofTrials(({ nodeCpuMs }) => nodeCpuMs) / 1_000).toFixed(1)),
)
console.log(row(`${smallFiles} files of 1 KiB, s`, (ofTrials(({ smallMs }) => smallMs) / 1_000).toFixed(1)))
console.log(
  `\nMemory grows by ${megabytes(growth)} MB at most; the goal of ${maxGrowthMb} MB is ${verdict(growth <= maxGrowthMb * 1_000_000)}.\n`,
)

const lists: ListingFigures[] = []
for (let round = 0; round < rounds; round += 1) lists.push(await listing(entries))
console.log(row(`a folder of ${entries} entries`, 'median, ms'))
console.log(row('---', '---'))
console.log(row('first list', median(lists.map(({ firstListMs }) => firstListMs)).toFixed(0)))
console.log(row('with one more', median(lists.map(({ oneMoreMs }) => oneMoreMs)).toFixed(0)))

await direct(rounds, Math.min(mebibytes, 64))
