import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { equal } from '../bytes/index.ts'
import { LimitError } from '../errors/index.ts'
import {
  maxFrameBytes,
  type Carrier,
  type CarrierAddress,
  type CarrierStream,
  type StreamEnd,
} from '../signalling/index.ts'
import { bytes, echoing, find, patience, Queue, read, search, someTopic } from './carrier-readers.ts'

/** Where the carriers under test live. */
export interface CarrierWorld {
  /** A carrier that can meet the others of this world. The suite closes it. */
  carrier(): Carrier
  /** Cuts every connection of the carriers to whatever they depend on, so that they must reconnect. */
  interrupt?(): Promise<void>
  close(): Promise<void>
}

/** Larger than any window or socket buffer may be. */
const farTooManyBytes = 48 * 1_048_576

export interface CarrierSuiteOptions {
  /** The world can interrupt. */
  readonly reconnects: boolean
  /** Less than the usual `farTooManyBytes` where a bad network has to carry them, and still far more than its windows hold. */
  readonly bulkBytes?: number
}

/** The carrier contract: every carrier runs this suite.  */
export function runCarrierSuite(
  name: string,
  open: () => Promise<CarrierWorld>,
  { reconnects, bulkBytes = farTooManyBytes }: CarrierSuiteOptions,
): void {
  describe(`carrier contract: ${name}`, { timeout: 30_000 }, () => {
    let world: CarrierWorld
    const carriers = new Set<Carrier>()
    beforeAll(async () => {
      world = await open()
    })
    afterEach(() => {
      for (const carrier of carriers) carrier.close()
      carriers.clear()
    })
    afterAll(() => world.close())

    const carrier = () => {
      const made = world.carrier()
      carriers.add(made)
      return made
    }
    const meet = async (topic = someTopic()) => {
      const accepted = new Queue<CarrierStream>()
      const [host, guest] = [carrier(), carrier()]
      const announcement = host.announce(topic, (stream) => {
        accepted.push(stream)
      })
      const address = await find(guest, topic)
      const dialled = await guest.dial(topic, address, { signal: patience() })
      return { host, guest, topic, address, announcement, accepted, dialled, taken: await accepted.next() }
    }

    it('lets one find and dial another, and frames go both ways', async () => {
      const { dialled, taken, topic } = await meet()
      const [here, there] = [read(dialled), read(taken)]
      await dialled.send(bytes(1, 2, 3))
      await taken.send(bytes(4))
      expect(await there.frames.next()).toEqual(bytes(1, 2, 3))
      expect(await here.frames.next()).toEqual(bytes(4))
      expect([dialled.carrier, taken.topic]).toEqual([taken.carrier, topic])
    })

    it('leaves own addresses out of a lookup', async () => {
      const { host, address, announcement, topic } = await meet()
      const second = carrier()
      const other = second.announce(topic, () => undefined)
      const found = await find(host, topic)
      expect(equal(found, address)).toBe(false)
      expect(announcement.isOurs(address)).toBe(true)
      expect([announcement.isOurs(found), other.isOurs(found)]).toEqual([false, true])
      for (const each of await search(host, topic)) expect(equal(each, address)).toBe(false)
    })

    it('keeps frames whole and in order, from 1 byte to the largest', async () => {
      const { dialled, taken } = await meet()
      const sizes = [1, maxFrameBytes, 2, 255, 256, 65_534, 1, 40_000, maxFrameBytes, 7]
      const frames = sizes.map((size, index) => new Uint8Array(size).fill(index + 1))
      for (const [from, to] of [
        [dialled, taken],
        [taken, dialled],
      ] as const) {
        const { frames: received } = read(to)
        for (const frame of frames) void from.send(frame)
        for (const frame of frames) expect(equal(await received.next(), frame)).toBe(true)
      }
    })

    it('refuses frames that are empty or too large', async () => {
      const { dialled } = await meet()
      await expect(dialled.send(new Uint8Array(0))).rejects.toThrow(LimitError)
      await expect(dialled.send(new Uint8Array(maxFrameBytes + 1))).rejects.toMatchObject({ code: 'frame-size' })
    })

    it('makes the sender wait for a reader that does not listen', async () => {
      const { dialled, taken, guest, address, accepted, topic } = await meet()
      const frame = new Uint8Array(maxFrameBytes).fill(7)
      const count = Math.ceil(bulkBytes / maxFrameBytes)
      let sent = 0
      const sending = (async () => {
        for (; sent < count; sent++) await dialled.send(frame)
      })()
      // Other streams are not held up, and their round trips leave the sender all the time it needs to go wrong.
      const beside = await guest.dial(topic, address, { signal: patience() })
      const echo = echoing(await accepted.next())
      const { frames } = read(beside)
      for (let round = 0; round < 20; round++) {
        await beside.send(bytes(round))
        await frames.next()
      }
      expect(sent).toBeLessThan(count)
      let received = 0
      const all = new Promise<void>((resolve) => {
        taken.listen({
          frame: () => {
            received += 1
            if (received === count) resolve()
          },
          ended: () => undefined,
        })
      })
      await Promise.all([sending, all])
      expect([sent, received]).toEqual([count, count])
      echo.close()
    })

    it('delivers what came before the listener, and what was sent before the close', async () => {
      const { dialled, taken } = await meet()
      await dialled.send(bytes(1))
      await dialled.send(bytes(2))
      dialled.close()
      const { frames, ended } = read(taken)
      expect(await frames.next()).toEqual(bytes(1))
      expect(await frames.next()).toEqual(bytes(2))
      expect(await ended).toBe('remote')
    })

    it('ends a stream exactly once at each end', async () => {
      const { dialled, taken } = await meet()
      const [here, there] = [read(dialled), read(taken)]
      dialled.close()
      dialled.close()
      expect([await here.ended, await there.ended]).toEqual(['local', 'remote'])
      taken.close()
      await dialled.send(bytes(1))
      await taken.send(bytes(1))
      expect([here.ends, there.ends]).toEqual([1, 1])
    })

    it('stops announcing when withdrawn, and keeps the streams', async () => {
      const { announcement, topic, dialled, taken } = await meet()
      announcement.withdraw()
      announcement.withdraw()
      const seeker = carrier()
      while ((await search(seeker, topic)).length > 0);
      const { frames } = read(taken)
      await dialled.send(bytes(9))
      expect(await frames.next()).toEqual(bytes(9))
    })

    it('says unreachable for an address that is gone or never was', async () => {
      const { host, guest, topic, address } = await meet()
      const dial = (to: CarrierAddress) => guest.dial(topic, to, { signal: AbortSignal.timeout(25_000) })
      host.close()
      // Until the news is everywhere, a dial may succeed for a moment: then the stream ends.
      const untilRefused = async (): Promise<never> => {
        for (;;) expect(await outcome(dial(address))).toBe('remote')
      }
      await expect(untilRefused()).rejects.toThrow('unreachable')
      await expect(outcome(dial(someTopic()))).rejects.toThrow('unreachable')
      await expect(outcome(dial(new Uint8Array(32)))).rejects.toThrow('unreachable')
    })

    it('sends what is written at once behind the request', async () => {
      const { guest, topic, address, accepted } = await meet()
      const dialled = await guest.dial(topic, address, { signal: AbortSignal.timeout(25_000) })
      await dialled.send(bytes(7))
      const { frames } = read(await accepted.next())
      expect(await frames.next()).toEqual(bytes(7))
    })

    it('obeys abort signals with their own reason', async () => {
      const { guest, topic, address } = await meet()
      const reason = new Error('enough')
      const aborted = AbortSignal.abort(reason)
      await expect(search(guest, topic, aborted)).rejects.toBe(reason)
      await expect(guest.dial(topic, address, { signal: aborted })).rejects.toBe(reason)
      const [searching, dialling] = [new AbortController(), new AbortController()]
      const lookup = search(guest, topic, searching.signal)
      const dial = guest.dial(topic, someTopic(), { signal: dialling.signal })
      // A carrier may know at once that nobody is there.
      dial.catch(() => undefined)
      searching.abort(reason)
      dialling.abort(reason)
      await expect(lookup).rejects.toBe(reason)
      // A carrier that had resolved already hands over a stream that leads nowhere.
      await expect(outcome(dial).catch((error: unknown) => String(error))).resolves.toMatch(/enough|unreachable/)
    })

    it('keeps topics apart', async () => {
      const [first, second] = [await meet(), await meet()]
      const found = await search(carrier(), first.topic)
      expect(found.some((address) => equal(address, first.address))).toBe(true)
      expect(found.some((address) => equal(address, second.address))).toBe(false)
    })

    it('carries many streams at once', async () => {
      const { guest, topic, address, accepted } = await meet()
      const echoes = (async () => {
        for (let count = 0; count < 24; count++) echoing(await accepted.next())
      })()
      const answers = Array.from({ length: 24 }, async (_, index) => {
        const stream = await guest.dial(topic, address, { signal: patience() })
        const { frames } = read(stream)
        await stream.send(new Uint8Array(10_000).fill(index))
        return (await frames.next())[9_999]
      })
      expect(await Promise.all(answers)).toEqual(Array.from({ length: 24 }, (_, index) => index))
      await echoes
    })

    it('ends everything when it is closed, once', async () => {
      const { guest, topic, address, dialled, taken } = await meet()
      const [here, there] = [read(dialled), read(taken)]
      const states: string[] = []
      guest.on('stateChanged', ({ kind }) => states.push(kind))
      const lookup = search(guest, topic)
      guest.close()
      guest.close()
      await expect(lookup).rejects.toMatchObject({ code: 'carrier-lost' })
      expect([await here.ended, await there.ended]).toEqual(['carrier-lost', 'remote'])
      await expect(search(guest, topic)).rejects.toMatchObject({ code: 'carrier-lost' })
      await expect(guest.dial(topic, address, { signal: patience() })).rejects.toMatchObject({ code: 'carrier-lost' })
      guest.announce(topic, () => undefined).withdraw()
      expect([guest.state, states, here.ends]).toEqual([{ kind: 'closed' }, ['closed'], 1])
    })

    it.runIf(reconnects)('reconnects by itself, announces again and knows its former addresses', async () => {
      const { host, guest, topic, address, announcement, accepted, dialled, taken } = await meet()
      const [here, there] = [read(dialled), read(taken)]
      await world.interrupt?.()
      expect([await here.ended, await there.ended]).toEqual(['carrier-lost', 'carrier-lost'])
      // Waits for readiness by itself.
      const again = await find(guest, topic)
      expect(equal(again, address)).toBe(false)
      expect([announcement.isOurs(address), announcement.isOurs(again)]).toEqual([true, true])
      const stream = await guest.dial(topic, again, { signal: patience() })
      const { frames } = read(await accepted.next())
      await stream.send(bytes(5))
      expect(await frames.next()).toEqual(bytes(5))
      expect([host.state.kind, guest.state.kind]).toEqual(['ready', 'ready'])
    })
  })
}

/** How a dialled stream ends, unreachable thrown: whether the carrier knew before resolving or not. */
async function outcome(dial: Promise<CarrierStream>): Promise<StreamEnd> {
  let end: StreamEnd
  try {
    end = await read(await dial).ended
  } catch (error) {
    throw new Error((error as { code?: string }).code ?? String(error), { cause: error })
  }
  if (end === 'unreachable') throw new Error(end)
  return end
}
