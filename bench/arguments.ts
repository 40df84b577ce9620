import { parseArgs } from 'node:util'
import { BenchFault } from './page/fault.ts'

export const rowNames = [
  ...(['floor', 'simple-peer', 'peerjs', 'trystero', 'p2pigeon', 'p2pigeon-two-nodes'] as const),
  // The same through the TURN server of our node, and no other way.
  ...(['floor-relayed', 'p2pigeon-hidden'] as const),
] as const
export type RowName = (typeof rowNames)[number]

export interface BenchArguments {
  readonly only: readonly RowName[]
  /** Measured rounds, after one that is thrown away. */
  readonly runs: number
  /** No round begins later than this; none when the number of rounds was asked for. */
  readonly budgetMs: number
}

const defaultRuns = 7
/** A round takes up to 40 s, and everything together shall take less than six minutes. */
const defaultBudgetMs = 300_000

/**
 * `--only floor,p2pigeon` and `--runs 5`; everything and 7 by default.
 * @throws {BenchFault} for a name or number that means nothing.
 */
export function readArguments(argv: readonly string[]): BenchArguments {
  const { values } = parseArgs({
    args: argv.filter((argument) => argument !== '--'),
    options: { only: { type: 'string' }, runs: { type: 'string' } },
  })
  const names = values.only?.split(',').map((name) => name.trim())
  const unknown = names?.filter((name) => !rowNames.some((row) => row === name)) ?? []
  if (unknown.length > 0) throw new BenchFault(`--only knows ${rowNames.join(', ')}; not ${unknown.join(', ')}`)
  const runs = values.runs === undefined ? defaultRuns : Number(values.runs)
  if (!Number.isInteger(runs) || runs < 1 || runs > 100) throw new BenchFault('--runs is a whole number from 1 to 100')
  return {
    only: names ? rowNames.filter((row) => names.includes(row)) : rowNames,
    runs,
    budgetMs: values.runs === undefined ? defaultBudgetMs : Infinity,
  }
}
