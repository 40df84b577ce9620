import { describe, expect, it } from 'vitest'
import { judge } from './goals.ts'
import { emptySamples, figuresOf, type Figures } from './samples.ts'

function row(name: string, opened: number, frame: number, trip: number, rate: number): Figures {
  const samples = emptySamples()
  samples.openedMs.push(opened)
  samples.firstFrameMs.push(frame)
  samples.roundTripMs.push(trip)
  samples.messagesPerSecond.push(rate)
  return figuresOf(name, samples, 1000)
}

const field = [
  row('floor', 40, 160, 1, 9000),
  row('peerjs', 45, 200, 1.1, 5000),
  row('trystero', 150, 320, 1.1, 6000),
  row('p2pigeon-two-nodes', 1, 1, 0.1, 99_000),
]

const verdicts = (ours: Figures, firstLoad?: number): boolean[] =>
  judge(ours, [...field, ours], firstLoad).map(({ met }) => met)

describe('judge', () => {
  it('meets every goal exactly at its bound', () => {
    expect(verdicts(row('p2pigeon', 80, 200, 1.15, 6000), 180_000)).toEqual([true, true, true, true, true, true, true])
  })

  it('misses every goal just beyond its bound', () => {
    expect(verdicts(row('p2pigeon', 90.1, 208.1, 1.151, 5999), 180_001)).toEqual(Array(7).fill(false))
  })

  it('counts neither the floor nor our own other row among the peers', () => {
    const goals = judge(row('p2pigeon', 80, 200, 1, 6000), field, undefined)
    expect(goals.find(({ name }) => name.startsWith('messages'))?.bound).toBe(6000)
  })

  it('leaves out what was not measured', () => {
    const ours = row('p2pigeon', 80, 200, 1, 1)
    expect(judge(ours, [ours], undefined)).toEqual([])
  })
})
