import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { initiate, respond } from '../../src/channel/index.ts'
import { PigeonError } from '../../src/errors/index.ts'
import { fakeStreamPair, RoomFixture } from '../../src/testing/index.ts'
import { closedReason, connectedPair } from './facts.ts'
import { ScriptedPeer } from './scripted-peer.ts'

// Bytes of every size that matters: below, at and above the smallest and the largest frame.
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.uint8Array({ minLength: 286, maxLength: 290 }),
  fc.uint8Array({ minLength: 300, maxLength: 900 }),
  fc.constantFrom(65_534, 65_535, 65_536).map((length) => new Uint8Array(length)),
)
const frames = fc.array(
  bytes.map((frame) => Uint8Array.from(frame)),
  { minLength: 1, maxLength: 4 },
)
const runs = { numRuns: 25 }

/** Fails on anything but a typed error; vitest itself fails on a rejection that nobody handles. */
async function typedFailure(attempt: Promise<unknown>): Promise<void> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(PigeonError)
}

describe('arbitrary bytes', { timeout: 60_000 }, () => {
  it('as frames, before and during a handshake, end it with a typed error', async () => {
    const room = await RoomFixture.create()
    const [alice, bob] = [await room.member(), await room.member()]
    await fc.assert(
      fc.asyncProperty(frames, fc.boolean(), async (noise, atDialler) => {
        const [dialler, acceptor] = fakeStreamPair()
        const attempt = typedFailure(atDialler ? initiate(dialler, alice) : respond(acceptor, bob))
        const attacker = atDialler ? acceptor : dialler
        for (const frame of noise) attacker.inject(frame)
        attacker.close()
        await attempt
        expect(dialler.closed && acceptor.closed).toBe(true)
        expect(room.clock.pending).toBe(0)
      }),
      runs,
    )
  })

  it('inside a good envelope, as message 1, 2 or 3, end it with a typed error', async () => {
    const room = await RoomFixture.create()
    const [alice, mallory] = [await room.member(), await room.member()]
    const content = fc.uint8Array({ maxLength: 700 }).map((part) => Uint8Array.from(part))
    await fc.assert(
      fc.asyncProperty(content, fc.constantFrom(1, 2, 3), async (noise, message) => {
        const [dialler, acceptor] = fakeStreamPair()
        const peer = new ScriptedPeer(
          message === 2 ? acceptor : dialler,
          mallory,
          message === 2 ? 'responder' : 'initiator',
        )
        const attempt = typedFailure(message === 2 ? initiate(dialler, alice) : respond(acceptor, alice))
        if (message === 3) {
          await peer.sendFirst()
          await peer.read()
        }
        await peer.write(noise)
        await attempt
        expect(room.clock.pending).toBe(0)
      }),
      runs,
    )
  })

  it('as frames on an open channel close it', async () => {
    await fc.assert(
      fc.asyncProperty(frames, async (noise) => {
        const { initiator, dialler, acceptor, room, responder } = await connectedPair()
        const closed = Promise.all([closedReason(initiator), closedReason(responder)])
        for (const frame of noise) {
          dialler.inject(frame)
          acceptor.inject(frame)
        }
        expect((await closed).every((reason) => reason === 'violation' || reason === 'lost')).toBe(true)
        expect(room.clock.pending).toBe(0)
      }),
      runs,
    )
  })

  it('well sealed by a member, are data, a ping, a rekey, a close or a violation', async () => {
    const room = await RoomFixture.create()
    const [alice, mallory] = [await room.member(), await room.member()]
    const plaintext = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      // Well padded, so that types and bodies are reached as well.
      fc.uint8Array({ minLength: 1, maxLength: 80 }).map((content) => {
        const padded = new Uint8Array(260)
        padded.set([0, 0, 0, content.length])
        padded.set([(content[0] ?? 0) % 8, ...content.subarray(1)], 4)
        return padded
      }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(plaintext, { minLength: 1, maxLength: 5 }), async (messages) => {
        const [dialler, acceptor] = fakeStreamPair()
        const peer = new ScriptedPeer(dialler, mallory, 'initiator')
        const responding = respond(acceptor, alice)
        await peer.complete()
        await peer.sendProof()
        const closed = closedReason(await responding)
        for (const message of messages) await peer.sendPlaintext(message)
        dialler.close()
        await closed
        expect(room.clock.pending).toBe(0)
      }),
      runs,
    )
  })
})
