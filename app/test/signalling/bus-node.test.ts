import type { DhtStream } from '@p2pigeon/core/node'
import { FakeClock } from '@p2pigeon/core/testing'
import { describe, expect, it } from 'vitest'
import { BusNode } from '../../src/signalling/bus-node.ts'
import { LocalBus, type Bus } from '../../src/signalling/bus/index.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** A local bus that can lose messages, as one does whose server is restarted. */
class GappyBus extends LocalBus {
  readonly gaps = new Set<() => void>()
  override onGap(listener?: () => void): () => void {
    if (listener) this.gaps.add(listener)
    return () => undefined
  }
}

let made = 0
/** Different each time, the same in each run. */
function bytes(length: number): Bytes {
  made += 1
  const value = new Uint8Array(length)
  new DataView(value.buffer).setUint32(0, made)
  return value
}

const open = (bus: Bus, clock = new FakeClock()) => new BusNode({ bus, clock, random: bytes })
const never = () => new AbortController().signal

async function all(addresses: AsyncIterable<Bytes>): Promise<Bytes[]> {
  const found: Bytes[] = []
  for await (const address of addresses) found.push(address)
  return found
}

/** Two servers with a stream between them. */
async function joined(bus: Bus = new LocalBus(), clock = new FakeClock()) {
  const [here, there] = [open(bus, clock), open(bus, clock)]
  const topic = bytes(32)
  const keyPair = there.newKeyPair()
  const accepted = new Promise<DhtStream>((resolve) => {
    there.announce(topic, keyPair, resolve)
  })
  const [address] = await all(here.lookup(topic, { signal: never() }))
  const dialled = await here.dial(address ?? bytes(32), { signal: never() })
  return { here, there, topic, clock, dialled, taken: await accepted }
}

const closed = (stream: DhtStream) => new Promise<void>((resolve) => stream.on('close', resolve))

describe('BusNode', () => {
  it('lets the later of two that announce and look up at once find the other', async () => {
    const bus = new LocalBus()
    const topic = bytes(32)
    const nodes = [open(bus), open(bus)]
    const found = await Promise.all(
      nodes.map((node) => {
        node.announce(topic, node.newKeyPair(), () => undefined)
        return all(node.lookup(topic, { signal: never() }))
      }),
    )
    expect(found.flat().length).toBeGreaterThan(0)
  })

  it('does not wait for a server that does not answer, nor for itself', async () => {
    const bus = new LocalBus()
    const clock = new FakeClock()
    const node = open(bus, clock)
    const topic = bytes(32)
    node.announce(topic, node.newKeyPair(), () => undefined)
    expect(await all(node.lookup(topic, { signal: never() }))).toEqual([])
    bus.subscribe(`topic:${Buffer.from(topic).toString('hex')}`, () => undefined)
    const searching = all(node.lookup(topic, { signal: never() }))
    await new Promise(setImmediate)
    clock.advance(2_000)
    expect(await searching).toEqual([])
  })

  it('forgets a topic with its last announcement', async () => {
    const bus = new LocalBus()
    const [here, there] = [open(bus), open(bus)]
    const topic = bytes(32)
    const both = [1, 2].map(() => there.announce(topic, there.newKeyPair(), () => undefined))
    expect(await all(here.lookup(topic, { signal: never() }))).toHaveLength(2)
    for (const announcement of both) await announcement.withdraw()
    expect(await bus.publish(`topic:${Buffer.from(topic).toString('hex')}`, bytes(40))).toBe(0)
  })

  it('ends streams when messages may be missing, at both ends', async () => {
    const bus = new GappyBus()
    const { dialled, taken, clock } = await joined(bus)
    const over = [closed(dialled), closed(taken)]
    // The first server hears of the gap; the second finds nobody under the first one's name.
    const [first] = bus.gaps
    first?.()
    await over[0]
    clock.advance(15_000)
    await over[1]
  })

  it('ends streams whose other server was killed', async () => {
    const bus = new LocalBus()
    const killable: Bus = {
      state: 'alone',
      publish: (channel, message) => bus.publish(channel, message),
      subscribe: (channel, heard) => bus.subscribe(channel, heard),
      onGap: () => () => undefined,
      close: () => bus.close(),
    }
    const { dialled, taken, clock } = await joined(killable)
    clock.advance(15_000)
    await new Promise(setImmediate)
    expect([dialled.destroyed, taken.destroyed]).toEqual([false, false])
    const over = Promise.all([closed(dialled), closed(taken)])
    killable.publish = () => Promise.resolve(0)
    clock.advance(15_000)
    await over
  })

  it('leaves no stream at the other server when the answer to a dial comes too late', async () => {
    const bus = new LocalBus()
    const [here, there] = [open(bus), open(bus)]
    const keyPair = there.newKeyPair()
    const accepted = new Promise<DhtStream>((resolve) => {
      there.announce(bytes(32), keyPair, resolve)
    })
    const stop = new AbortController()
    const dial = here.dial(new Uint8Array(keyPair.publicKey), { signal: stop.signal })
    stop.abort(new Error('enough'))
    await expect(dial).rejects.toThrow('enough')
    await closed(await accepted)
  })

  it('survives what others say on its channels', async () => {
    const bus = new LocalBus()
    const { dialled, taken } = await joined(bus)
    const channels = ['server:', 'topic:', 'address:']
    for (let length = 0; length < 64; length++) {
      for (const channel of channels) await bus.publish(channel, bytes(Math.max(4, length)).subarray(0, length))
    }
    dialled.write(Buffer.from('still there'))
    const text = await new Promise((resolve) =>
      taken.on('data', (data) => {
        resolve(Buffer.from(data).toString())
      }),
    )
    expect(text).toBe('still there')
  })
})
