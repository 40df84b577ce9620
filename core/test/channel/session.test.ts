import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../src/bytes/index.ts'
import { initiate, respond } from '../../src/channel/index.ts'
import { standardLimits } from '../../src/channel/limits.ts'
import { fakeStreamPair, RoomFixture } from '../../src/testing/index.ts'
import { closedReason, collect, connectedPair } from './facts.ts'
import { ScriptedPeer } from './scripted-peer.ts'

const hello = utf8('hello')
const text = (index: number) => utf8(String(index))

describe('session', () => {
  it('carries any interleaving both ways, complete and in order, across many rekeys', async () => {
    const step = fc.record({ from: fc.constantFrom('initiator', 'responder'), body: fc.uint8Array({ maxLength: 600 }) })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer({ min: 2, max: 9 }), async (steps, every) => {
        const pair = await connectedPair({ rekeyAfterFrames: every })
        const ends = { initiator: collect(pair.initiator), responder: collect(pair.responder) }
        for (const { from, body } of steps) pair[from].send(body)
        const sentBy = (end: string) =>
          steps.filter(({ from }) => from === end).map(({ body }) => Uint8Array.from(body))
        const [toResponder, toInitiator] = [sentBy('initiator'), sentBy('responder')]
        expect(await ends.responder.until(toResponder.length)).toEqual(toResponder)
        expect(await ends.initiator.until(toInitiator.length)).toEqual(toInitiator)
        pair.initiator.close('left')
        pair.responder.close('left')
        expect(pair.room.clock.pending).toBeLessThanOrEqual(2)
      }),
      { numRuns: 15 },
    )
  }, 60_000)

  it('rekeys in band at the limit of frames: they say nothing of it', async () => {
    const { initiator, responder, dialler } = await connectedPair({ rekeyAfterFrames: 4 })
    const got = collect(responder)
    const before = dialler.sent.length
    for (let index = 0; index < 10; index++) {
      initiator.send(text(index))
      await got.until(index + 1)
    }
    expect(got.messages).toEqual(Array.from({ length: 10 }, (_, index) => text(index)))
    // Three of four frames are data, the proof was one of them: rekeys before the 3rd, 6th and 9th.
    expect(dialler.sent.length - before).toBe(13)
    expect(new Set(dialler.sent.slice(before).map((frame) => frame.length)).size).toBe(1)
  })

  it('what is sent at once shares a frame, as far as it fits', async () => {
    const { initiator, responder, dialler } = await connectedPair()
    const got = collect(responder)
    const before = dialler.sent.length
    for (let index = 0; index < 64; index++) initiator.send(text(index))
    await got.until(64)
    expect(dialler.sent.length - before).toBe(1)
    for (let index = 0; index < 3; index++) initiator.send(new Uint8Array(40_000).fill(index))
    expect((await got.until(67)).slice(64).map((body) => body[0])).toEqual([0, 1, 2])
    expect(dialler.sent.length - before).toBe(4)
  })

  it('B18: closes on a sender that does not rekey in time', async () => {
    const room = await RoomFixture.create()
    const [dialler, acceptor] = fakeStreamPair()
    const peer = new ScriptedPeer(dialler, await room.member(), 'initiator')
    const responding = respond(acceptor, await room.member(), { ...standardLimits, rekeyAfterFrames: 3 })
    await peer.complete()
    await peer.sendProof()
    const channel = await responding
    const got = collect(channel)
    const closed = closedReason(channel)
    for (let index = 0; index < 3; index++) await peer.send({ kind: 'data', body: text(index) })
    expect(await closed).toBe('violation')
    expect(got.messages).toEqual([text(0), text(1)])
  })

  it('B18: closes on a sender that says it rekeys and does not', async () => {
    const room = await RoomFixture.create()
    const [dialler, acceptor] = fakeStreamPair()
    const peer = new ScriptedPeer(dialler, await room.member(), 'initiator')
    const responding = respond(acceptor, await room.member())
    await peer.complete()
    await peer.sendProof()
    const channel = await responding
    const got = collect(channel)
    await peer.send({ kind: 'rekey' })
    peer.rekeySending()
    await peer.send({ kind: 'data', body: hello })
    await got.until(1)
    const closed = closedReason(channel)
    await peer.send({ kind: 'rekey' })
    await peer.send({ kind: 'data', body: hello })
    expect(await closed).toBe('violation')
  })

  it('pings when idle, rekeys every ten minutes, and stays open as long as the other end is heard', async () => {
    const { initiator, responder, dialler, acceptor, room } = await connectedPair()
    const closed: string[] = []
    for (const channel of [initiator, responder]) channel.on('closed', (reason) => closed.push(reason))
    const got = collect(responder)
    const back = collect(initiator)
    const heard = [dialler.sent.length, acceptor.sent.length]
    for (let step = 1; step <= 31; step++) {
      room.clock.advance(20_000)
      initiator.send(text(step))
      responder.send(text(step))
      await Promise.all([got.until(step), back.until(step)])
    }
    expect(closed).toEqual([])
    // One frame with a ping and a message for each step, and one more for what follows the rekey at 600 s.
    expect([dialler.sent.length, acceptor.sent.length].map((count, end) => count - (heard[end] ?? 0))).toEqual([32, 32])
  })

  it('does not ping while it speaks anyway', async () => {
    const { initiator, responder, dialler, room } = await connectedPair()
    const got = collect(responder)
    const before = dialler.sent.length
    for (let step = 1; step <= 4; step++) {
      room.clock.advance(19_000)
      initiator.send(hello)
      responder.send(hello)
      await got.until(step)
    }
    expect(dialler.sent.length - before).toBe(4)
  })

  it('is lost when nothing was heard for 45 seconds', async () => {
    const { initiator, acceptor, room } = await connectedPair()
    acceptor.intercept = () => []
    const closed = closedReason(initiator)
    room.clock.advance(44_999)
    initiator.send(hello)
    room.clock.advance(1)
    expect(await closed).toBe('lost')
  })

  it.each(['left', 'room-full', 'duplicate', 'kicked', 'replaced', 'refused'] as const)(
    'tells the other end "%s" after everything that was said before',
    async (reason) => {
      const { initiator, responder, dialler, acceptor, room } = await connectedPair()
      const got = collect(responder)
      const closed = closedReason(responder)
      initiator.send(hello)
      initiator.close(reason)
      initiator.close('kicked')
      initiator.send(utf8('too late'))
      expect(await closed).toBe(reason)
      expect(got.messages).toEqual([hello])
      expect(dialler.closed && acceptor.closed).toBe(true)
      expect(room.clock.pending).toBe(0)
    },
  )

  it('tells late subscribers of the end, once, unless they change their mind', async () => {
    const { initiator } = await connectedPair()
    initiator.close('left')
    const told: string[] = []
    const undo = initiator.on('closed', () => told.push('undone'))
    undo()
    expect(await closedReason(initiator)).toBe('left')
    expect(told).toEqual([])
  })

  it('closes its stream when the last words do not leave within a second', async () => {
    const { initiator, dialler, room } = await connectedPair()
    dialler.pause()
    initiator.close('left')
    expect(dialler.closed).toBe(false)
    room.clock.advance(1_000)
    expect(dialler.closed).toBe(true)
  })

  it('both ends may close at once', async () => {
    const { initiator, responder, dialler, acceptor, room } = await connectedPair()
    const closed = Promise.all([closedReason(initiator), closedReason(responder)])
    initiator.close('left')
    responder.close('replaced')
    expect(await closed).toEqual(['left', 'replaced'])
    room.clock.advance(1_000)
    expect(dialler.closed && acceptor.closed).toBe(true)
  })

  it('keeps 64 messages for the first listener, and closes at one more', async () => {
    for (const count of [64, 65]) {
      const { initiator, responder } = await connectedPair()
      const closed = closedReason(responder)
      for (let index = 0; index < count; index++) initiator.send(text(index))
      if (count === 65) {
        expect(await closed).toBe('violation')
        continue
      }
      initiator.close('left')
      // The end is told only after all 64 have been taken in.
      expect(await closed).toBe('left')
    }
  })

  it('hands what waited to the first listener, before anything that comes later', async () => {
    const { initiator, responder, acceptor } = await connectedPair()
    const heard = collect(initiator)
    for (let index = 0; index < 5; index++) initiator.send(text(index))
    // An answer proves that the questions have arrived.
    responder.send(hello)
    await heard.until(1)
    const got = collect(responder)
    for (let index = 5; index < 8; index++) initiator.send(text(index))
    expect(await got.until(8)).toEqual(Array.from({ length: 8 }, (_, index) => text(index)))
    expect(acceptor.closed).toBe(false)
  })

  it.each([
    [30, 'delivers'],
    [40, 'closes at'],
  ] as const)('%i frames of 60 kB at once: %s what may honestly be under way', async (count, outcome) => {
    const { initiator, responder, dialler } = await connectedPair()
    const got = collect(responder)
    const closed = closedReason(responder)
    const burst: Uint8Array<ArrayBuffer>[] = []
    dialler.intercept = (frame) => {
      if (burst.push(frame) === count) for (const one of burst) dialler.inject(one)
      return []
    }
    for (let index = 0; index < count; index++) initiator.send(new Uint8Array(60_000))
    if (outcome === 'delivers') expect(await got.until(count)).toHaveLength(count)
    else expect(await closed).toBe('violation')
  })

  it('is lost when the other end does not take what we send', async () => {
    const { initiator, dialler } = await connectedPair()
    dialler.pause()
    const closed = closedReason(initiator)
    const large = new Uint8Array(60_000)
    for (let index = 0; index < 80; index++) initiator.send(large)
    expect(await closed).toBe('lost')
  })

  it('a failing handshake flight closes the channel that was already handed out', async () => {
    const room = await RoomFixture.create()
    const [dialler, acceptor] = fakeStreamPair()
    dialler.intercept = (frame, index) => {
      if (index === 1) throw new Error('the carrier broke')
      return [frame]
    }
    const responding = respond(acceptor, await room.member()).catch(() => undefined)
    const channel = await initiate(dialler, await room.member())
    expect(await closedReason(channel)).toBe('lost')
    await expect(channel.proven).rejects.toMatchObject({ code: 'handshake-lost' })
    await responding
  })
})
