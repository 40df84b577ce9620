import type { Figures } from './samples.ts'
import type { Summary } from './statistics.ts'

export interface Goal {
  readonly name: string
  readonly measured: number
  /** The bound in the same unit; `atMost` or at least. */
  readonly bound: number
  readonly atMost: boolean
  readonly unit: string
  readonly met: boolean
}

const firstLoadLimitBytes = 180_000

type Pick = (figures: Figures) => Summary | undefined

/**
 * The goals of one of our rows against the floor and the peers of the same run, by medians. A goal whose other side
 * was not measured is left out.
 */
export function judge(row: Figures, all: readonly Figures[], firstLoadBytes: number | undefined): Goal[] {
  const named = (name: string): Figures | undefined => all.find((figures) => figures.name === name)
  const floor = named('floor')
  const peers = all.filter(({ name }) => !name.startsWith('p2pigeon') && name !== 'floor')
  const goals: Goal[] = []

  const compare = (name: string, unit: string, pick: Pick, other: Figures | undefined, factor: number): void => {
    const measured = pick(row)?.median
    const theirs = other && pick(other)?.median
    if (measured === undefined || theirs === undefined) return
    const bound = theirs * factor
    goals.push({ name, measured, bound, atMost: true, unit, met: measured <= bound })
  }

  compare('channel open ≤ 2 × floor', 'ms', ({ opened }) => opened, floor, 2)
  compare('channel open ≤ 0.6 × Trystero', 'ms', ({ opened }) => opened, named('trystero'), 0.6)
  compare('first frame ≤ 1.3 × floor', 'ms', ({ firstFrame }) => firstFrame, floor, 1.3)
  compare('first frame ahead of PeerJS', 'ms', ({ firstFrame }) => firstFrame, named('peerjs'), 1)
  compare('1 KB round trip ≤ 1.15 × floor', 'ms', ({ roundTrip }) => roundTrip, floor, 1.15)

  const rates = peers.flatMap(({ messages }) => messages?.median ?? [])
  if (row.messages && rates.length > 0) {
    const bound = Math.max(...rates)
    const measured = row.messages.median
    const name = 'messages/s ≥ best of the peers'
    goals.push({ name, measured, bound, atMost: false, unit: '/s', met: measured >= bound })
  }
  if (firstLoadBytes !== undefined) {
    goals.push({
      name: 'first load ≤ 180 kB gzip',
      measured: firstLoadBytes / 1000,
      bound: firstLoadLimitBytes / 1000,
      atMost: true,
      unit: 'kB',
      met: firstLoadBytes <= firstLoadLimitBytes,
    })
  }
  return goals
}
