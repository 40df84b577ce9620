import { describe, expect, it } from 'vitest'
import { fakeStreamPair, FakeClock, RoomFixture, type FakeStream } from '../testing/index.ts'
import { initiate, respond } from './connect.ts'
import { HandshakeGate, maxHalfOpen, maxHalfOpenPerCarrier } from './handshake-gate.ts'
import type { ChannelContext } from './secure-channel.ts'

const nothing = (): void => undefined

describe('HandshakeGate', () => {
  it('gives out four places on a carrier, and each again when it is given back', () => {
    const gate = new HandshakeGate(new FakeClock())
    const leaves = Array.from({ length: maxHalfOpenPerCarrier }, () => gate.enter('dht', nothing))
    expect(leaves.every((leave) => leave !== undefined)).toBe(true)
    expect(gate.enter('dht', nothing)).toBeUndefined()
    leaves[1]?.()
    leaves[1]?.()
    expect(gate.halfOpen).toBe(3)
    expect(gate.enter('dht', nothing)).toBeDefined()
    expect(gate.enter('dht', nothing)).toBeUndefined()
  })

  it('B15: never holds more than its places, whatever comes, and calls each evicted one once', () => {
    const clock = new FakeClock()
    const gate = new HandshakeGate(clock)
    const evicted = new Map<number, number>()
    let admitted = 0
    for (let flood = 0; flood < 10_000; flood++) {
      const leave = gate.enter('dht', () => evicted.set(flood, (evicted.get(flood) ?? 0) + 1))
      if (leave !== undefined) admitted++
      expect(gate.halfOpen).toBeLessThanOrEqual(Math.min(maxHalfOpen, maxHalfOpenPerCarrier))
      clock.advance(1)
    }
    expect([...evicted.values()].every((times) => times === 1)).toBe(true)
    expect(admitted).toBe(evicted.size + gate.halfOpen)
    // A place lives one second under pressure: four for each of the ten.
    expect(admitted).toBe(40)
  })

  it('takes the oldest place only after its grace, and every place after ten seconds', () => {
    const clock = new FakeClock()
    const gate = new HandshakeGate(clock)
    const evicted: string[] = []
    for (const name of ['a', 'b', 'c', 'd']) gate.enter('dht', () => evicted.push(name))
    clock.advance(999)
    expect(gate.enter('dht', nothing)).toBeUndefined()
    clock.advance(1)
    expect(gate.enter('dht', () => evicted.push('e'))).toBeDefined()
    expect(evicted).toEqual(['a'])
    clock.advance(10_000)
    expect(evicted).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(gate.halfOpen).toBe(0)
    expect(clock.pending).toBe(0)
  })

  it('B4, B15: an honest peer gets through soon after a burst of handshakes that never end', async () => {
    const room = await RoomFixture.create()
    const gate = new HandshakeGate(room.clock)
    const bob = await room.member()
    const [recorded = new Uint8Array(0)] = await recordFirst(room, bob)
    const admitted: Promise<unknown>[] = []
    for (let flood = 0; flood < 500; flood++) {
      const [replayer, victim] = fakeStreamPair()
      const attempt = accept(gate, victim, bob)
      if (attempt !== undefined) admitted.push(attempt.catch(() => undefined))
      replayer.inject(recorded)
    }
    expect(admitted).toHaveLength(maxHalfOpenPerCarrier)
    const [dialler, acceptor] = fakeStreamPair()
    expect(accept(gate, acceptor, bob)).toBeUndefined()
    expect(dialler.closed || acceptor.closed).toBe(true)

    room.clock.advance(1_000)
    const [again, answering] = fakeStreamPair()
    const [channel] = await Promise.all([initiate(again, await room.member()), accept(gate, answering, bob)])
    await channel.proven
    room.clock.advance(9_000)
    await Promise.all(admitted)
    expect(gate.halfOpen).toBe(0)
  })
})

/** As a room accepts streams. */
function accept(gate: HandshakeGate, stream: FakeStream, context: ChannelContext): Promise<unknown> | undefined {
  const leave = gate.enter(stream.carrier, () => {
    stream.close()
  })
  if (leave === undefined) {
    stream.close()
    return undefined
  }
  return respond(stream, context).finally(leave)
}

async function recordFirst(room: RoomFixture, bob: ChannelContext): Promise<Uint8Array<ArrayBuffer>[]> {
  const [dialler, acceptor] = fakeStreamPair()
  const [channel] = await Promise.all([initiate(dialler, await room.member()), respond(acceptor, bob)])
  channel.close('left')
  return dialler.sent
}
