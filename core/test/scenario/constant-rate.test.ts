import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../src/node.ts'
import type { Runtime } from '../../src/index.ts'
import { connectedNames, seen, village, type Village } from './headless-people.ts'

interface Sent {
  readonly atMs: number
  readonly bytes: number
}

/** A runtime whose data channels keep a record of what was handed to the network, as somebody on the wire would see it. */
function observed(record: (sent: Sent) => void): Runtime {
  const runtime = nodeRuntime()
  return {
    ...runtime,
    peerConnections: {
      ...runtime.peerConnections,
      create: (configuration) => {
        const connection = runtime.peerConnections.create(configuration)
        const createDataChannel = connection.createDataChannel.bind(connection)
        connection.createDataChannel = (label, init) => {
          const channel = createDataChannel(label, init)
          const send = channel.send.bind(channel) as (message: Uint8Array<ArrayBuffer>) => void
          channel.send = (message: unknown) => {
            if (message instanceof Uint8Array) record({ atMs: performance.now(), bytes: message.length })
            send(message as Uint8Array<ArrayBuffer>)
          }
          return channel
        }
        return connection
      },
    },
  }
}

const cellBytes = 1_144
const windowCells = 16

describe('a constant-rate room', { timeout: 60_000 }, () => {
  let place: Village

  beforeEach(async () => {
    place = await village()
  })
  afterEach(async () => {
    await place.close()
  })

  it('looks the same on the wire whether nobody or everybody writes, and delivers everything', async () => {
    const sent: Sent[] = []
    let told = (): void => undefined
    const runtime = observed((one) => {
      sent.push(one)
      told()
    })
    const until = (count: number): Promise<void> =>
      new Promise((resolve) => {
        told = () => {
          if (sent.length >= count) resolve()
        }
        told()
      })

    const ada = await place.person('Ada', { runtime })
    const ben = await place.person('Ben')
    const link = await ada.manager.createRoomLink({ privacy: 'lan', constantRate: true })
    const [adasRoom, bensRoom] = [await ada.join(link), await ben.join(link)]
    await seen(adasRoom, (view) => connectedNames(view).includes('Ben'))
    await seen(bensRoom, (view) => connectedNames(view).includes('Ada'))
    expect(adasRoom.view().policy.constantRate).toBe(true)

    const idleFrom = sent.length
    await until(idleFrom + windowCells)
    const busyFrom = sent.length
    for (let index = 0; index < 20; index++) await ada.manager.sendMessage(adasRoom.roomId, `message ${String(index)}`)
    await ada.manager.sendMessage(adasRoom.roomId, 'long '.repeat(800))
    await until(busyFrom + windowCells)
    const view = await seen(bensRoom, ({ messages }) => messages.length === 21)
    expect(view.messages.at(-1)?.content).toBe('long '.repeat(800))

    const idle = sent.slice(idleFrom, idleFrom + windowCells)
    const busy = sent.slice(busyFrom, busyFrom + windowCells)
    expect(new Set([...idle, ...busy].map(({ bytes }) => bytes))).toEqual(new Set([cellBytes]))
    const spanMs = (cells: readonly Sent[]): number => (cells.at(-1)?.atMs ?? 0) - (cells[0]?.atMs ?? 0)
    // The pace is the same; a loaded machine may be late by a part of a tick at both ends of a window.
    expect(Math.abs(spanMs(busy) / spanMs(idle) - 1)).toBeLessThan(0.15)
  })
})

describe('a room without constant rate', { timeout: 60_000 }, () => {
  it('I7: chat of 1 to 255 bytes has one size on the wire', async () => {
    const place = await village()
    try {
      const sent: Sent[] = []
      const ada = await place.person('Ada', { runtime: observed((one) => sent.push(one)) })
      const ben = await place.person('Ben')
      const link = await ada.manager.createRoomLink({ privacy: 'lan' })
      const [adasRoom, bensRoom] = [await ada.join(link), await ben.join(link)]
      await seen(adasRoom, (view) => connectedNames(view).includes('Ben'))
      await seen(bensRoom, (view) => connectedNames(view).includes('Ada'))

      // Both have compared what they compare at the beginning: from here on nobody speaks unasked.
      for (const room of [adasRoom, bensRoom]) await seen(room, ({ comparison }) => comparison.kind === 'agreed')

      const lengths = [1, 2, 16, 100, 200, 254, 255]
      const sizes: number[] = []
      for (const length of lengths) {
        const before = sent.length
        await ada.manager.sendMessage(adasRoom.roomId, 'x'.repeat(length))
        sizes.push(...sent.slice(before).map(({ bytes }) => bytes))
        await seen(bensRoom, ({ messages }) => messages.some(({ content }) => content.length === length))
      }
      expect(sizes).toHaveLength(lengths.length)
      expect(new Set(sizes)).toEqual(new Set([cellBytes]))
    } finally {
      await place.close()
    }
  })
})
