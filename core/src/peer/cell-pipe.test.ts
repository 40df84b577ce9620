import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CodecError } from '../errors/index.ts'
import { Scope } from '../lifetime/index.ts'
import { FakeClock } from '../testing/index.ts'
import {
  cellBytes,
  CellPipe,
  cellTickMs,
  maxCellMessageBytes,
  maxQueuedCellBytes,
  type CellStream,
} from './cell-pipe.ts'

interface Sent {
  readonly atMs: number
  readonly cell: Uint8Array<ArrayBuffer>
}

/** A pipe towards another one; cells arrive at once. */
class World {
  readonly clock = new FakeClock()
  readonly scope = new Scope()
  readonly sent: Sent[] = []
  readonly got: { stream: CellStream; message: Uint8Array }[] = []
  heldBytes = 0
  readonly there = this.#pipe(
    (stream, message) => this.got.push({ stream, message }),
    () => undefined,
  )
  readonly here = this.#pipe(
    () => undefined,
    (cell) => {
      this.sent.push({ atMs: this.clock.now(), cell })
      this.there.receive(cell)
    },
  )

  #pipe(
    received: (stream: CellStream, message: Uint8Array) => void,
    sendCell: (cell: Uint8Array<ArrayBuffer>) => void,
  ) {
    let drawn = 0
    return new CellPipe({
      clock: this.clock,
      random: { bytes: (length) => new Uint8Array(length).fill((drawn += 77)) },
      scope: this.scope,
      heldBytes: () => this.heldBytes,
      sendCell,
      received,
    })
  }
}

const ticks = (world: World, count: number): void => world.clock.advance(count * cellTickMs)

describe('CellPipe', () => {
  it('carries any messages of both streams, whole and in order of each stream', () => {
    const message = fc.record({
      stream: fc.constantFrom<CellStream>('control', 'messages'),
      message: fc.uint8Array({ maxLength: 3_000 }).map((bytes) => new Uint8Array(bytes)),
    })
    fc.assert(
      fc.property(fc.array(message, { maxLength: 12 }), (messages) => {
        const world = new World()
        for (const one of messages) world.here.send(one.stream, one.message)
        ticks(world, 60)
        expect(world.got).toEqual(messages)
        world.scope.end()
        expect(world.clock.pending).toBe(0)
      }),
      { numRuns: 50 },
    )
  })

  it('sends the same cells at the same times whether there is something to say or not', () => {
    const [idle, busy] = [new World(), new World()]
    for (let step = 0; step < 40; step++) {
      if (step % 3 === 0) busy.here.send('messages', new Uint8Array(step * 90).fill(1))
      for (const world of [idle, busy]) ticks(world, 1)
    }
    expect(idle.sent.map(({ atMs }) => atMs)).toEqual(busy.sent.map(({ atMs }) => atMs))
    expect(new Set([...idle.sent, ...busy.sent].map(({ cell }) => cell.length))).toEqual(new Set([cellBytes]))
    expect(busy.got.length).toBeGreaterThan(5)
    const gaps = busy.sent.slice(1).map(({ atMs }, index) => atMs - (busy.sent[index]?.atMs ?? 0))
    for (const gap of gaps) expect(Math.abs(gap - cellTickMs)).toBeLessThanOrEqual(20)
  })

  it('lets a tick pass while the network holds cells back, and never makes up for it', () => {
    const world = new World()
    world.heldBytes = 9 * cellBytes
    ticks(world, 5)
    expect(world.sent).toEqual([])
    world.heldBytes = 0
    ticks(world, 2)
    expect(world.sent.length).toBeLessThanOrEqual(2)
  })

  it('refuses what it cannot carry, tells when it is empty, and ends with its scope', async () => {
    const world = new World()
    const full = { code: 'send-queue-full', name: 'LimitError' }
    expect(() => world.here.send('messages', new Uint8Array(maxCellMessageBytes + 1))).toThrow(
      expect.objectContaining({ code: 'message-size' }),
    )
    const count = maxQueuedCellBytes / maxCellMessageBytes
    for (let index = 0; index < count; index++) world.here.send('messages', new Uint8Array(maxCellMessageBytes))
    expect(() => world.here.send('control', new Uint8Array(1))).toThrow(expect.objectContaining(full))
    let drained = false
    const waiting = world.here.drained().then(() => (drained = true))
    ticks(world, 10)
    expect(drained).toBe(false)
    world.scope.end()
    await waiting
    expect(world.clock.pending).toBe(0)
  })

  it('refuses cells that are none of ours with a CodecError', () => {
    const cell = (...head: number[]): Uint8Array => {
      const bytes = new Uint8Array(cellBytes)
      bytes.set(head)
      return bytes
    }
    const { there } = new World()
    const wrong = [
      new Uint8Array(cellBytes - 1),
      cell(0xff, 0xff),
      cell(0, 0, 1),
      cell(0, 4, 2, 1, 0, 0),
      cell(0, 4, 0, 2, 0, 0),
      cell(0, 4, 0, 0, 0, 0),
      cell(0, 4, 0, 1, 0, 1),
      cell(0, 3, 0, 1, 0),
    ]
    for (const one of wrong) expect(() => there.receive(one), String(one.subarray(0, 6))).toThrow(CodecError)
    fc.assert(
      fc.property(fc.uint8Array({ minLength: cellBytes, maxLength: cellBytes }), (garbage) => {
        try {
          new World().there.receive(garbage)
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError)
        }
      }),
    )
  })

  it('refuses parts that would grow without end', () => {
    const { there } = new World()
    const endless = new Uint8Array(cellBytes)
    endless.set([(cellBytes - 2) >> 8, (cellBytes - 2) & 0xff, 0, 0, (cellBytes - 6) >> 8, (cellBytes - 6) & 0xff])
    expect(() => {
      for (let index = 0; index < 100; index++) there.receive(endless)
    }).toThrow(expect.objectContaining({ code: 'too-long' }))
  })
})
