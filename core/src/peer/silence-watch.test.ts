import { describe, expect, it } from 'vitest'
import { Scope } from '../lifetime/index.ts'
import { FakeClock } from '../testing/index.ts'
import { packetsIn, SilenceWatch } from './silence-watch.ts'

class Path {
  readonly clock = new FakeClock()
  readonly scope = new Scope()
  readonly told: string[] = []
  count: number | undefined = 0
  readonly watch = new SilenceWatch(
    this.clock,
    {
      received: () => Promise.resolve(this.count),
      silent: () => this.told.push('silent'),
      heard: () => this.told.push('heard'),
    },
    this.scope,
  )

  async seconds(seconds: number, packetsEach: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      if (this.count !== undefined) this.count += packetsEach
      this.clock.advance(1_000)
      for (let turn = 0; turn < 5; turn++) await Promise.resolve()
    }
  }
}

describe('SilenceWatch', () => {
  it('is quiet on a path that lives, however little it carries', async () => {
    const path = new Path()
    path.watch.start()
    for (let check = 0; check < 10; check++) {
      await path.seconds(1, 1)
      await path.seconds(2, 0)
    }
    expect(path.told).toEqual([])
  })

  it('tells of a silence once, and of its end', async () => {
    const path = new Path()
    path.watch.start()
    await path.seconds(3, 50)
    await path.seconds(2, 0)
    expect(path.told).toEqual([])
    await path.seconds(6, 0)
    expect(path.told).toEqual(['silent'])
    await path.seconds(1, 1)
    expect(path.told).toEqual(['silent', 'heard'])
  })

  it('takes a count that falls for silence: pairs come and go', async () => {
    const path = new Path()
    path.watch.start()
    await path.seconds(2, 50)
    path.count = 60
    await path.seconds(4, 0)
    expect(path.told).toEqual(['silent'])
    path.count = 20
    await path.seconds(2, 0)
    expect(path.told).toEqual(['silent'])
  })

  it('gives up where nothing is counted, stops when told, and ends with its scope', async () => {
    const path = new Path()
    path.count = undefined
    path.watch.start()
    await path.seconds(5, 0)
    expect(path.clock.pending).toBe(0)
    path.count = 0
    path.watch.start()
    await path.seconds(2, 0)
    path.watch.stop()
    await path.seconds(9, 0)
    expect(path.told).toEqual([])
    path.watch.start()
    path.scope.end()
    expect(path.clock.pending).toBe(0)
  })
})

it('counts checks and data, and knows when a report counts nothing', () => {
  const report = (entries: object[]) => new Map(entries.map((entry, index) => [String(index), entry])) as unknown
  const counted = report([
    { type: 'transport', packetsReceived: 5 },
    { type: 'candidate-pair', requestsReceived: 2, responsesReceived: 3 },
    { type: 'inbound-rtp', packetsReceived: 99 },
  ])
  expect(packetsIn(counted as RTCStatsReport)).toBe(10)
  expect(packetsIn(report([{ type: 'candidate-pair', responsesReceived: 3 }]) as RTCStatsReport)).toBeUndefined()
  expect(packetsIn(report([{ type: 'codec' }]) as RTCStatsReport)).toBeUndefined()
})
