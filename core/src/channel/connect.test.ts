import { describe, expect, it } from 'vitest'
import { collect, closedReason, connectedPair } from '../../test/channel/facts.ts'
import { utf8 } from '../bytes/index.ts'
import { fakeStreamPair, RoomFixture } from '../testing/index.ts'
import { initiate, respond } from './connect.ts'
import type { RemoteParty } from './secure-channel.ts'

describe('initiate and respond', () => {
  it('tell each end who the other is, and its hello', async () => {
    const room = await RoomFixture.create()
    const [dialler, acceptor] = fakeStreamPair()
    const alice = await room.member({ hello: () => utf8('I am A') })
    const bob = await room.member({ hello: () => new Uint8Array(4_096).fill(9) })
    const [a, b] = await Promise.all([initiate(dialler, alice), respond(acceptor, bob)])
    expect(a.role).toBe('initiator')
    expect(b.role).toBe('responder')
    const { peerId, publicKey } = bob.identity
    expect(a.remote).toEqual({ peerId, publicKey, hello: new Uint8Array(4_096).fill(9) })
    expect(b.remote).toEqual({ ...pick(alice.identity), hello: utf8('I am A') })
    await Promise.all([a.proven, b.proven])
  })

  it('judge each end before it shows itself further, in its own role', async () => {
    const room = await RoomFixture.create()
    const [dialler, acceptor] = fakeStreamPair()
    const seen: [string, RemoteParty][] = []
    const judged = () =>
      room.member({
        judge: (remote, role) => {
          seen.push([role, remote])
          return { kind: 'proceed' }
        },
      })
    const [alice, bob] = [await judged(), await judged()]
    const [a, b] = await Promise.all([initiate(dialler, alice), respond(acceptor, bob)])
    expect(seen).toEqual([
      ['initiator', a.remote],
      ['responder', b.remote],
    ])
  })

  it('let the initiator send before the responder has proven itself, and deliver it after the handshake', async () => {
    const room = await RoomFixture.create()
    const [dialler, acceptor] = fakeStreamPair()
    const responding = respond(acceptor, await room.member())
    const a = await initiate(dialler, await room.member())
    a.send(utf8('offer'))
    const b = await responding
    // Slow to listen, as a caller that awaits something first.
    await room.keys.envelopeKey('dht')
    expect(await collect(b).until(1)).toEqual([utf8('offer')])
  })

  it('export the same key for the same label, and no other', async () => {
    const { initiator, responder } = await connectedPair()
    const key = await initiator.exportKey('dtls-confirm')
    expect(key).toHaveLength(32)
    expect(await responder.exportKey('dtls-confirm')).toEqual(key)
    expect(await responder.exportKey('other')).not.toEqual(key)
    const again = await connectedPair()
    expect(await again.initiator.exportKey('dtls-confirm')).not.toEqual(key)
    initiator.close('left')
    await expect(initiator.exportKey('dtls-confirm')).rejects.toMatchObject({ code: 'channel-closed' })
  })

  it('B11: the initiator falls silent after message 2 when told to stop, as at a host the link does not pin', async () => {
    const room = await RoomFixture.create()
    const [dialler, acceptor] = fakeStreamPair()
    const strict = await room.member({
      judge: async ({ publicKey }) =>
        (await room.keys.isHost(publicKey)) ? { kind: 'proceed' } : { kind: 'stop', reason: 'refused' },
    })
    const results = await Promise.allSettled([initiate(dialler, strict), respond(acceptor, await room.member())])
    expect(results).toMatchObject([
      { status: 'rejected', reason: { code: 'handshake-stopped' } },
      { status: 'rejected', reason: { code: 'handshake-lost' } },
    ])
    expect(dialler.sent).toHaveLength(1)
    expect(dialler.closed && acceptor.closed).toBe(true)
    expect(room.clock.pending).toBe(0)
  })

  it('the responder that is told to stop says why inside the channel', async () => {
    const room = await RoomFixture.create()
    const [dialler, acceptor] = fakeStreamPair()
    const full = await room.member({ judge: () => ({ kind: 'stop', reason: 'room-full' }) })
    const responding = expect(respond(acceptor, full)).rejects.toMatchObject({ code: 'handshake-stopped' })
    const a = await initiate(dialler, await room.member())
    expect(await closedReason(a)).toBe('room-full')
    await a.proven
    await responding
    expect(room.clock.pending).toBe(0)
  })

  it('refuse a hello above 4,096 bytes before anything of it is sent', async () => {
    const room = await RoomFixture.create()
    const [dialler, acceptor] = fakeStreamPair()
    const talkative = await room.member({ hello: () => new Uint8Array(4_097) })
    const results = await Promise.allSettled([initiate(dialler, await room.member()), respond(acceptor, talkative)])
    expect(results[1]).toMatchObject({ reason: { name: 'UsageError', code: 'hello-size' } })
    expect(acceptor.sent).toHaveLength(0)
  })

  it.each(['initiator', 'responder'] as const)('the %s gives up after ten seconds of silence', async (role) => {
    const room = await RoomFixture.create()
    const [dialler, acceptor] = fakeStreamPair()
    const waiting =
      role === 'initiator' ? initiate(dialler, await room.member()) : respond(acceptor, await room.member())
    const failed = expect(waiting).rejects.toMatchObject({ name: 'TransportError', code: 'handshake-timeout' })
    room.clock.advance(9_999)
    expect((role === 'initiator' ? dialler : acceptor).closed).toBe(false)
    room.clock.advance(1)
    await failed
    expect((role === 'initiator' ? dialler : acceptor).closed).toBe(true)
    expect(room.clock.pending).toBe(0)
  })

  it('end with the reason of the signal, aborted before or under way', async () => {
    const room = await RoomFixture.create()
    for (const when of ['before', 'under way']) {
      const [dialler] = fakeStreamPair()
      const controller = new AbortController()
      if (when === 'before') controller.abort('enough')
      const attempt = expect(initiate(dialler, await room.member({ signal: controller.signal }))).rejects.toBe('enough')
      controller.abort('enough')
      await attempt
      expect(dialler.closed).toBe(true)
    }
    expect(room.clock.pending).toBe(0)
  })

  it('the initiator closes when the responder never proves itself', async () => {
    const room = await RoomFixture.create()
    const [dialler, acceptor] = fakeStreamPair()
    acceptor.intercept = (frame, index) => (index === 0 ? [frame] : [])
    const responding = respond(acceptor, await room.member())
    const a = await initiate(dialler, await room.member())
    const closed = closedReason(a)
    const unproven = expect(a.proven).rejects.toMatchObject({ code: 'handshake-timeout' })
    await responding
    room.clock.advance(10_000)
    expect(await closed).toBe('timeout')
    await unproven
  })
})

function pick({ peerId, publicKey }: { peerId: unknown; publicKey: unknown }) {
  return { peerId, publicKey }
}
