import { cpus, loadavg } from 'node:os'
import { readArguments } from './arguments.ts'
import { Cleanup } from './cleanup.ts'
import { startField, type Entrant } from './field.ts'
import {
  emptySamples,
  figuresOf,
  judge,
  median,
  percentile,
  renderGoals,
  renderTable,
  type Samples,
} from './report/index.ts'
import { callTrial, channelTrial, firstLoadBytes, invitation, launchPair, type BrowserPair } from './runner/index.ts'

/** Floods and CPU take seconds each and vary little: this many rounds have them. */
const heavyRounds = 3
/** A contender that fails this often is left out of the rest: each failure costs a timeout. */
const maxFaults = 3

const cleanup = new Cleanup()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void cleanup.run().finally(() => process.exit(130)))

try {
  process.exitCode = (await main()) ? 0 : 1
} catch (fault) {
  console.error(fault instanceof Error ? fault.message : fault)
  process.exitCode = 1
} finally {
  await cleanup.run()
}
// The PeerJS server's housekeeping timers have no stop.
process.exit()

/** True when every trial could be made; goals that are not met are figures, not faults. */
async function main(): Promise<boolean> {
  const startedAt = performance.now()
  const [load = 0] = loadavg()
  const { only, runs, budgetMs } = readArguments(process.argv.slice(2))
  const { entrants, node } = await startField(only, cleanup)
  const pair = cleanup.use(await launchPair())
  const samples = new Map(entrants.map(({ name }) => [name, emptySamples()]))

  // Round 0 warms the machine up and is thrown away. Every round has its own order: what one contender leaves behind
  // (processes that end, sockets that linger) must not fall on the same other one each time.
  let rounds = 0
  for (let round = 0; round <= runs && performance.now() - startedAt < budgetMs; round++) {
    for (const entrant of shuffle(entrants, round)) {
      const into = samples.get(entrant.name) ?? emptySamples()
      if (into.faults.length >= maxFaults) continue
      await takeTrials(pair, entrant, round === 0 ? emptySamples() : into, round > 0 && round <= heavyRounds)
    }
    rounds = round
    console.error(round === 0 ? 'warmed up' : `round ${round} of ${runs}`)
  }

  const rows = entrants.map(({ name, gzipBytes }) => figuresOf(name, samples.get(name) ?? emptySamples(), gzipBytes))
  console.log(
    `Chromium ${pair.version}, Node ${process.version}, ${cpus().length} cores, load ${load.toFixed(1)} before the start; ` +
      `${rounds} of ${runs} rounds: median (min–max) × floor\n`,
  )
  console.log(renderTable(rows))
  const firstLoad = await weighFirstLoad(pair, entrants, node?.url)
  for (const row of rows.filter(({ name }) => name.startsWith('p2pigeon')))
    console.log(`\nGoals, ${row.name}:\n\n${renderGoals(judge(row, rows, firstLoad))}`)
  for (const { name, faults } of rows) for (const fault of faults) console.log(`\nfailed: ${name}: ${fault}`)
  if (node && firstLoad === undefined) console.log('\nfirst load: not measured, the frontend is not built (pnpm build)')
  console.log(`\ntook ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
  return rows.every(({ faults }) => faults.length === 0)
}

/** JavaScript that someone loads who opens an invite link. */
async function weighFirstLoad(
  pair: BrowserPair,
  entrants: readonly Entrant[],
  url: string | undefined,
): Promise<number | undefined> {
  const ours = entrants.find(({ name }) => name.startsWith('p2pigeon'))
  if (!ours || url === undefined) return undefined
  return firstLoadBytes(pair.joiner, `${url}/#/r/${await invitation(pair, ours)}`)
}

async function takeTrials(pair: BrowserPair, entrant: Entrant, into: Samples, heavy: boolean): Promise<void> {
  try {
    const channel = await channelTrial(pair, entrant, { flood: heavy })
    into.openedMs.push(channel.openedMs)
    into.roundTripMs.push(median(channel.roundTripMs))
    into.roundTripP99Ms.push(percentile(channel.roundTripMs, 0.99))
    if (channel.messagesPerSecond !== undefined) into.messagesPerSecond.push(channel.messagesPerSecond)
    const call = await callTrial(pair, entrant, { usage: heavy })
    into.firstFrameMs.push(call.firstFrameMs)
    if (!call.usage) return
    into.cpuCores.push(call.usage.cpuCores)
    into.heapBytes.push(call.usage.heapBytes)
    if (call.usage.rendererBytes !== undefined) into.rendererBytes.push(call.usage.rendererBytes)
  } catch (fault) {
    into.faults.push(fault instanceof Error ? fault.message : String(fault))
  }
}

/** A permutation that depends on `seed` alone, so that two runs have the same orders (Fisher-Yates, xorshift32). */
function shuffle<T>(items: readonly T[], seed: number): T[] {
  const shuffled = [...items]
  let state = (seed + 1) * 0x9e3779b1
  for (let last = shuffled.length - 1; last > 0; last--) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    const other = (state >>> 0) % (last + 1)
    const [a, b] = [shuffled[last], shuffled[other]]
    if (a !== undefined && b !== undefined) [shuffled[last], shuffled[other]] = [b, a]
  }
  return shuffled
}
