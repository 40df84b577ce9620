import { describe, expect, it } from 'vitest'
import { concat, utf8 } from '../../src/bytes/index.ts'
import { closeReasons, initiate, maxChannelMessageBytes, respond } from '../../src/channel/index.ts'
import { standardLimits } from '../../src/channel/limits.ts'
import { pad } from '../../src/codec/index.ts'
import { fakeStreamPair, RoomFixture } from '../../src/testing/index.ts'
import { alterInside, closedReason, collect, connectedPair, flip, sendAlone } from './facts.ts'
import { ScriptedPeer } from './scripted-peer.ts'

const hello = utf8('hello')

/** A connected victim and a member that speaks the protocol by hand, its proof given. */
async function withScriptedPeer(limits = standardLimits) {
  const room = await RoomFixture.create()
  const [dialler, acceptor] = fakeStreamPair()
  const peer = new ScriptedPeer(dialler, await room.member(), 'initiator')
  const responding = respond(acceptor, await room.member(), limits)
  await peer.complete()
  await peer.sendProof()
  return { room, peer, channel: await responding, dialler, acceptor }
}

describe('hostile transport', () => {
  it('B6: a repeated frame closes, and is delivered once', async () => {
    const { responder, initiator, dialler } = await connectedPair()
    const got = collect(responder)
    dialler.intercept = (frame) => [frame, frame]
    const closed = closedReason(responder)
    initiator.send(hello)
    expect(await closed).toBe('violation')
    expect(got.messages).toEqual([hello])
  })

  it('B6: an old frame injected again closes', async () => {
    const { responder, initiator, dialler } = await connectedPair()
    const got = collect(responder)
    initiator.send(hello)
    await got.until(1)
    const closed = closedReason(responder)
    dialler.inject(dialler.sent.at(-1) ?? hello)
    expect(await closed).toBe('violation')
  })

  it('B6: a gap closes, and nothing after it is delivered', async () => {
    const { responder, initiator, dialler } = await connectedPair()
    const got = collect(responder)
    const first = dialler.sent.length
    dialler.intercept = (frame, index) => (index === first + 1 ? [] : [frame])
    const closed = closedReason(responder)
    for (const text of ['1', '2', '3']) await sendAlone(initiator, dialler, utf8(text))
    expect(await closed).toBe('violation')
    expect(got.messages).toEqual([utf8('1')])
  })

  it('B6: frames in another order close', async () => {
    const { responder, initiator, dialler } = await connectedPair()
    const got = collect(responder)
    let held: Uint8Array<ArrayBuffer> | undefined
    dialler.intercept = (frame) => {
      const before = held
      held = frame
      return before === undefined ? [] : [frame, before]
    }
    const closed = closedReason(responder)
    for (const text of ['1', '2']) await sendAlone(initiator, dialler, utf8(text))
    expect(await closed).toBe('violation')
    expect(got.messages).toEqual([])
  })

  it('B5: a transport frame reflected to its sender closes', async () => {
    const { initiator, dialler, acceptor } = await connectedPair()
    const closed = closedReason(initiator)
    acceptor.inject(dialler.sent.at(-1) ?? hello)
    expect(await closed).toBe('violation')
  })

  it('B6: a frame of another channel between the same two closes', async () => {
    const room = await RoomFixture.create()
    const [alice, bob] = [await room.member(), await room.member()]
    const streams = [fakeStreamPair(), fakeStreamPair()] as const
    const channels = await Promise.all(
      streams.map(async ([dialler, acceptor]) => Promise.all([initiate(dialler, alice), respond(acceptor, bob)])),
    )
    const [first, second] = channels
    first?.[0].send(hello)
    await collect(first?.[1] ?? fail()).until(1)
    const closed = closedReason(second?.[1] ?? fail())
    streams[1][0].inject(streams[0][0].sent.at(-1) ?? hello)
    expect(await closed).toBe('violation')
  })

  it('C2: a frame with any byte flipped closes in silence', async () => {
    for (const at of [0, 12, 150, 303]) {
      const { responder, initiator, dialler, acceptor } = await connectedPair()
      const before = acceptor.sent.length
      dialler.intercept = (frame) => [flip(frame, at)]
      const closed = closedReason(responder)
      initiator.send(hello)
      expect(await closed).toBe('violation')
      expect(acceptor.sent).toHaveLength(before)
      expect(acceptor.closed).toBe(true)
    }
  })

  it('C2: a member that runs the carrier and flips any byte of the Noise message closes it', async () => {
    for (let at = 0; at < 276; at += 23) {
      const { room, responder, initiator, dialler } = await connectedPair()
      alterInside(dialler, room, 'initiator', dialler.sent.length, (content) => flip(content, at))
      const closed = closedReason(responder)
      initiator.send(hello)
      expect(await closed).toBe('violation')
    }
  })

  it('B7: a stream that ends without a word is lost, told after all that came before', async () => {
    const { responder, initiator, dialler } = await connectedPair()
    const got = collect(responder)
    const order: string[] = []
    responder.on('messageReceived', () => order.push('message'))
    responder.on('closed', (reason) => order.push(reason))
    initiator.send(hello)
    initiator.send(hello)
    await got.until(2)
    const closed = closedReason(responder)
    dialler.close()
    expect(await closed).toBe('lost')
    expect(order).toEqual(['message', 'message', 'lost'])
  })

  it('B8: sizes that no frame has close before allocation', async () => {
    for (const length of [0, 1, 287, 65_536, 10_000_000]) {
      const { responder, dialler } = await connectedPair()
      const closed = closedReason(responder)
      dialler.inject(new Uint8Array(length))
      expect(await closed).toMatch(/violation|lost/)
    }
  })

  it('B8: a length that the padding does not hold closes', async () => {
    for (const plaintext of [
      new Uint8Array(0),
      Uint8Array.of(0xff, 0xff, 0xff, 0xff, 1),
      Uint8Array.of(0, 0, 0, 9, 1, 2),
      concat(Uint8Array.of(0, 0, 0, 3, 5, 0, 0), new Uint8Array(248), Uint8Array.of(1)),
    ]) {
      const { peer, channel } = await withScriptedPeer()
      const closed = closedReason(channel)
      await peer.sendPlaintext(plaintext)
      expect(await closed).toBe('violation')
    }
  })

  it('unknown types, reasons and trailing bytes close', async () => {
    for (const content of [
      [],
      [0, 0, 0],
      [6, 0, 0],
      [255, 0, 0],
      [1],
      [1, 0],
      [1, 0, 1],
      [1, 0, 0, 1],
      [2, 0, 0],
      [2, 0, 1, closeReasons.length],
      [2, 0, 2, 0, 0],
      [3, 0, 0],
      [4, 0, 1, 0],
      [5, 0, 1, 0],
      [3, 0, 64, ...new Array<number>(64).fill(0)],
      // A message after the announcement of the next key, and more messages than a frame may hold.
      [4, 0, 0, 5, 0, 0],
      new Array<number[]>(65).fill([5, 0, 0]).flat(),
    ]) {
      const { peer, channel } = await withScriptedPeer()
      const closed = closedReason(channel)
      await peer.sendPlaintext(pad(Uint8Array.from(content)))
      expect(await closed, String(content)).toBe('violation')
    }
  })

  it('B8: takes the largest message, and refuses to send one byte more', async () => {
    const { initiator, responder, dialler } = await connectedPair()
    const got = collect(responder)
    const largest = new Uint8Array(maxChannelMessageBytes).fill(3)
    initiator.send(largest)
    expect(await got.until(1)).toEqual([largest])
    expect(dialler.sent.at(-1)?.length).toBeLessThanOrEqual(65_535)
    expect(() => {
      initiator.send(new Uint8Array(maxChannelMessageBytes + 1))
    }).toThrow(expect.objectContaining({ name: 'LimitError', code: 'message-size' }) as Error)
  })

  it('I7: messages of 0 to 252 bytes look alike on the road', async () => {
    const { initiator, responder, dialler, acceptor } = await connectedPair()
    const got = collect(responder)
    for (const length of [0, 1, 100, 252]) await sendAlone(initiator, dialler, new Uint8Array(length))
    await got.until(4)
    // Messages 1 and 3, the proof, the four; then message 2 and the other proof.
    expect(dialler.sent.map(({ length }) => length)).toEqual([288, 544, 544, 544, 544, 544, 544])
    expect(acceptor.sent.map(({ length }) => length)).toEqual([544, 544])
  })

  it('B17: a direction that runs out of nonces closes, never wraps', async () => {
    const { initiator, responder } = await connectedPair({ nonceLimit: 4n })
    const got = collect(responder)
    const closed = [closedReason(initiator), closedReason(responder)]
    // The proof was the first of the four.
    for (const [index, text] of ['1', '2', '3'].entries()) {
      initiator.send(utf8(text))
      await got.until(index + 1)
    }
    initiator.send(utf8('4'))
    expect(await Promise.all(closed)).toEqual(['lost', 'lost'])
    expect(got.messages).toEqual([utf8('1'), utf8('2'), utf8('3')])
  })

  it('B18: a dropped rekey message closes both ends, and a new handshake works', async () => {
    const { room, initiator, responder, dialler } = await connectedPair({ rekeyAfterFrames: 3 })
    const got = collect(responder)
    // Proof and first message use the key up; the rekey message is the next frame.
    const rekeyAt = dialler.sent.length + 1
    dialler.intercept = (frame, index) => (index === rekeyAt ? [] : [frame])
    const closed = [closedReason(responder), closedReason(initiator)]
    initiator.send(utf8('1'))
    await got.until(1)
    initiator.send(utf8('2'))
    expect(await Promise.all(closed)).toEqual(['violation', 'lost'])
    expect(got.messages).toEqual([utf8('1')])
    const [again, answering] = fakeStreamPair()
    const [next] = await Promise.all([initiate(again, await room.member()), respond(answering, await room.member())])
    await next.proven
  })
})

function fail(): never {
  throw new Error('no channel')
}
