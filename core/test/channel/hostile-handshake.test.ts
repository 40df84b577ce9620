import { describe, expect, it } from 'vitest'
import { concat, utf8 } from '../../src/bytes/index.ts'
import { HandshakeGate, initiate, respond, type ChannelContext } from '../../src/channel/index.ts'
import { encodeCapabilities, ourCapabilities } from '../../src/channel/negotiation.ts'
import { generateX25519 } from '../../src/crypto/index.ts'
import { fakeStreamPair, RoomFixture, type FakeStream } from '../../src/testing/index.ts'
import { alterInside, closedReason, flip } from './facts.ts'
import { ScriptedPeer } from './scripted-peer.ts'

const failed = { status: 'rejected', reason: { name: 'AuthenticationError', code: 'handshake-failed' } }
const lost = { status: 'rejected', reason: { name: 'TransportError', code: 'handshake-lost' } }

async function meet(dialler: FakeStream, acceptor: FakeStream, alice: ChannelContext, bob: ChannelContext) {
  return Promise.allSettled([
    initiate(dialler, alice).then(async (channel) => {
      await channel.proven
      return channel
    }),
    respond(acceptor, bob),
  ])
}

describe('hostile handshakes', { timeout: 60_000 }, () => {
  // A carrier without the room secret can flip bytes of frames only; a member that runs one can flip those inside.
  it.each([
    ['initiator', 0, 57],
    ['responder', 0, 356],
    ['initiator', 1, 324],
  ] as const)('B1: %s frame %i with a byte flipped inside its envelope', async (role, index, length) => {
    const room = await RoomFixture.create()
    const [alice, bob] = [await room.member(), await room.member()]
    for (let at = 0; at < length; at += 11) {
      const [dialler, acceptor] = fakeStreamPair()
      alterInside(role === 'initiator' ? dialler : acceptor, room, role, index, (content) => flip(content, at))
      const results = await meet(dialler, acceptor, alice, bob)
      expect(results, `byte ${at}`).toMatchObject(role === 'initiator' ? [lost, failed] : [failed, lost])
      expect(dialler.closed && acceptor.closed).toBe(true)
    }
    expect(room.clock.pending).toBe(0)
  })

  it('C2: a carrier that alters any frame of the handshake is met with silence', async () => {
    const room = await RoomFixture.create()
    const [alice, bob] = [await room.member(), await room.member()]
    for (const [role, index] of [
      ['initiator', 0],
      ['responder', 0],
      ['initiator', 1],
    ] as const) {
      for (const at of [0, 11, 12, 100, 287]) {
        const [dialler, acceptor] = fakeStreamPair()
        const tampered = role === 'initiator' ? dialler : acceptor
        tampered.intercept = (frame, now) => [now === index ? flip(frame, at) : frame]
        const results = await meet(dialler, acceptor, alice, bob)
        expect(results).toMatchObject(role === 'initiator' ? [lost, failed] : [failed, lost])
        expect(acceptor.sent.length).toBe(role === 'initiator' && index === 0 ? 0 : 1)
      }
    }
  })

  it('B2, B13: an offer that was shortened or changed under way fails', async () => {
    const room = await RoomFixture.create()
    const [dialler, acceptor] = fakeStreamPair()
    const sentOffer = encodeCapabilities({ ...ourCapabilities, suites: [1, 2] })
    const peer = new ScriptedPeer(dialler, await room.member(), 'initiator', { sentOffer })
    const responding = expect(respond(acceptor, await room.member())).rejects.toMatchObject(failed.reason)
    await peer.sendFirst()
    await responding
    expect(acceptor.sent).toHaveLength(0)
  })

  it('B2: an offer that we cannot speak, or cannot read, fails', async () => {
    const room = await RoomFixture.create()
    const offers = [
      encodeCapabilities({ ...ourCapabilities, suites: [2] }),
      encodeCapabilities({ lowestVersion: 0x0200, highestVersion: 0x0300, suites: [1] }),
      encodeCapabilities({ lowestVersion: 0x0200, highestVersion: 0x0100, suites: [1] }),
      encodeCapabilities({ ...ourCapabilities, suites: [] }),
      encodeCapabilities({ ...ourCapabilities, suites: Array.from({ length: 9 }, () => 1) }),
      concat(encodeCapabilities(ourCapabilities), Uint8Array.of(0)),
      new Uint8Array(0),
    ]
    for (const sentOffer of offers) {
      const [dialler, acceptor] = fakeStreamPair()
      const responding = expect(respond(acceptor, await room.member())).rejects.toMatchObject(failed.reason)
      await new ScriptedPeer(dialler, await room.member(), 'initiator', { sentOffer }).sendFirst()
      await responding
    }
  })

  it('B2: members of one room with another topic root or room id fail at once', async () => {
    const room = await RoomFixture.create()
    for (const change of [{ topicRootHash: new Uint8Array(32) }, { roomId: new Uint8Array(16) }]) {
      const [dialler, acceptor] = fakeStreamPair()
      const bob = await room.member()
      const results = await meet(dialler, acceptor, await room.member(), { ...bob, keys: { ...room.keys, ...change } })
      expect(results).toMatchObject([lost, failed])
    }
  })

  it('B3: a wrong pre-shared key fails at message 3, and nobody is shown', async () => {
    const room = await RoomFixture.create()
    const [dialler, acceptor] = fakeStreamPair()
    const judged: string[] = []
    const bob = await room.member({
      judge: () => {
        judged.push('responder')
        return { kind: 'proceed' }
      },
    })
    const stranger = { ...(await room.member()), keys: { ...room.keys, psk: new Uint8Array(32) } }
    const [initiated, responded] = await meet(dialler, acceptor, stranger, bob)
    expect(responded).toMatchObject(failed)
    expect(initiated).toMatchObject(lost)
    expect(judged).toEqual([])
    expect(acceptor.sent).toHaveLength(1)
  })

  it('B4: a replayed message 1 starts a handshake that cannot finish and is gone after ten seconds', async () => {
    const room = await RoomFixture.create()
    const [dialler, acceptor] = fakeStreamPair()
    const bob = await room.member()
    await meet(dialler, acceptor, await room.member(), bob)
    const recorded = dialler.sent

    const gate = new HandshakeGate(room.clock)
    const [replayer, victim] = fakeStreamPair()
    const pendingBefore = room.clock.pending
    const leave = gate.enter('dht', () => victim.close())
    const answered = new Promise<void>((resolve) => replayer.listen({ frame: () => resolve(), ended: () => undefined }))
    const responding = respond(victim, bob)
    for (const frame of recorded.slice(0, 1)) replayer.inject(frame)
    await answered
    const timedOut = expect(responding).rejects.toMatchObject({
      code: expect.stringMatching(/^handshake-(timeout|lost)$/) as string,
    })
    room.clock.advance(10_000)
    await timedOut
    leave?.()
    expect(gate.halfOpen).toBe(0)
    expect(victim.closed).toBe(true)
    expect(room.clock.pending).toBeLessThanOrEqual(pendingBefore)
  })

  it('B4: all recorded frames of a handshake do not make it finish again', async () => {
    const room = await RoomFixture.create()
    const [dialler, acceptor] = fakeStreamPair()
    const bob = await room.member()
    await meet(dialler, acceptor, await room.member(), bob)
    const [replayer, victim] = fakeStreamPair()
    const responding = expect(respond(victim, bob)).rejects.toMatchObject(failed.reason)
    for (const frame of dialler.sent) replayer.inject(frame)
    await responding
  })

  it('B5: our own message 1 sent back to us is dropped, in either role', async () => {
    const room = await RoomFixture.create()
    const me = await room.member()
    const [dialler] = fakeStreamPair()
    dialler.intercept = (frame) => {
      queueMicrotask(() => dialler.arrive(frame))
      return []
    }
    await expect(initiate(dialler, me)).rejects.toMatchObject(failed.reason)

    // The carrier leads our dialled stream to ourselves.
    const [again, mirror] = fakeStreamPair()
    expect(await meet(again, mirror, me, me)).toMatchObject([failed, lost])
    expect(again.sent).toHaveLength(1)
  })

  it('B13: a responder that picks what was not offered is closed before message 3', async () => {
    const room = await RoomFixture.create()
    for (const choice of [
      { version: 0x0100, suite: 2 },
      { version: 0x00ff, suite: 1 },
      { version: 0x0101, suite: 1 },
    ]) {
      const [dialler, acceptor] = fakeStreamPair()
      const peer = new ScriptedPeer(acceptor, await room.member(), 'responder', { choice })
      const initiating = expect(initiate(dialler, await room.member())).rejects.toMatchObject(failed.reason)
      await peer.readFirst()
      await peer.sendPayload()
      await initiating
      expect(dialler.sent).toHaveLength(1)
    }
  })

  it('B13: an initiator that does not echo the choice is closed', async () => {
    const room = await RoomFixture.create()
    const [dialler, acceptor] = fakeStreamPair()
    const lies = { choice: { version: 0x0100, suite: 3 } }
    const responding = expect(respond(acceptor, await room.member())).rejects.toMatchObject(failed.reason)
    await new ScriptedPeer(dialler, await room.member(), 'initiator', lies).complete()
    await responding
  })

  it('A8: a binding of another key, room, identity or purpose is refused', async () => {
    const room = await RoomFixture.create()
    const other = await room.member()
    const mallory = await room.member()
    const bindings = [
      { binding: new Uint8Array(64) },
      { publicKey: other.identity.publicKey },
      { binding: await mallory.identity.sign('p2pigeon/v1/channel', new Uint8Array(32)) },
    ]
    for (const payload of bindings) {
      for (const role of ['initiator', 'responder'] as const) {
        const [dialler, acceptor] = fakeStreamPair()
        const peer = new ScriptedPeer(role === 'initiator' ? dialler : acceptor, mallory, role, { payload })
        const victim = await room.member()
        const honest = role === 'initiator' ? respond(acceptor, victim) : initiate(dialler, victim)
        const refused = expect(honest).rejects.toMatchObject(failed.reason)
        await peer.complete().catch(() => undefined)
        await refused
      }
    }
  })

  it('B20: with our static key an attacker still cannot pass for another peer', async () => {
    const room = await RoomFixture.create()
    const [dialler, acceptor] = fakeStreamPair()
    const [victim, alice] = [await room.member(), await room.member()]
    // It claims Alice's static public key and holds ours: DH(s of Alice, e of ours) is what it would need.
    const noiseStatic = {
      publicKey: alice.identity.noiseStatic.publicKey,
      privateKey: victim.identity.noiseStatic.privateKey,
    }
    const attacker = { ...alice, identity: { ...alice.identity, noiseStatic } }
    const responding = expect(respond(acceptor, victim)).rejects.toMatchObject(failed.reason)
    await new ScriptedPeer(dialler, attacker, 'initiator').complete()
    await responding
  })

  it.each(['initiator', 'responder'] as const)(
    'B20: a stolen static key and binding do not make an attacker the %s without the Ed25519 key',
    async (role) => {
      const room = await RoomFixture.create()
      const [dialler, acceptor] = fakeStreamPair()
      const [victim, alice, mallory] = [await room.member(), await room.member(), await room.member()]
      // Alice's static pair, key and binding; whatever is signed from now on, Mallory signs.
      const binding = { used: false }
      const identity = {
        ...alice.identity,
        sign: async (domain: string, message: Uint8Array) => {
          const signer = domain.endsWith('binding') ? alice : mallory
          binding.used ||= signer === alice
          return signer.identity.sign(domain, message)
        },
      }
      const peer = new ScriptedPeer(role === 'initiator' ? dialler : acceptor, { ...alice, identity }, role)
      if (role === 'initiator') {
        const responding = expect(respond(acceptor, victim)).rejects.toMatchObject(failed.reason)
        await peer.complete()
        await peer.sendProof()
        await responding
      } else {
        const completing = peer.complete()
        const channel = await initiate(dialler, victim)
        const [closed, unproven] = [closedReason(channel), expect(channel.proven).rejects.toMatchObject(failed.reason)]
        await completing
        await peer.sendProof()
        expect(await closed).toBe('violation')
        await unproven
      }
      expect(binding.used).toBe(true)
    },
  )

  it.each(['reflected', 'late'] as const)(
    'B20: a %s proof is a violation, and nothing before it is delivered',
    async (how) => {
      const room = await RoomFixture.create()
      const [dialler, acceptor] = fakeStreamPair()
      const peer = new ScriptedPeer(acceptor, await room.member(), 'responder')
      const completing = peer.complete()
      const channel = await initiate(dialler, await room.member())
      const delivered: unknown[] = []
      channel.on('messageReceived', (message) => delivered.push(message))
      const closed = closedReason(channel)
      await completing
      if (how === 'late') await peer.send({ kind: 'data', body: utf8('believe me') })
      await peer.sendProof(how === 'reflected' ? 'initiator' : 'responder')
      expect(await closed).toBe('violation')
      await expect(channel.proven).rejects.toMatchObject(failed.reason)
      expect(delivered).toEqual([])
    },
  )

  it('B8: frames of impossible size end the handshake before anything is made of them', async () => {
    const room = await RoomFixture.create()
    for (const length of [0, 1, 287, 65_536, 1_000_000]) {
      const [dialler, acceptor] = fakeStreamPair()
      const responding = expect(respond(acceptor, await room.member())).rejects.toMatchObject(lost.reason)
      dialler.inject(new Uint8Array(length))
      await responding
      expect(acceptor.closed).toBe(true)
    }
  })

  it('B8: a flood of frames during the handshake is cut at its limit', async () => {
    const room = await RoomFixture.create()
    const [dialler, acceptor] = fakeStreamPair()
    const responding = expect(respond(acceptor, await room.member())).rejects.toMatchObject({
      code: expect.stringMatching(/^handshake-(lost|failed)$/) as string,
    })
    for (let count = 0; count < 40; count++) dialler.inject(new Uint8Array(65_535))
    await responding
    expect(acceptor.closed).toBe(true)
  })

  it('C7: a recorded handshake does not open under the topic of another day', async () => {
    const room = await RoomFixture.create()
    const [today, tomorrow] = [await room.keys.topic('dht', 0), await room.keys.topic('dht', 0, 1)]
    const [dialler, acceptor] = fakeStreamPair(today)
    const bob = await room.member()
    await meet(dialler, acceptor, await room.member(), bob)
    const [replayer, victim] = fakeStreamPair(tomorrow)
    const responding = expect(respond(victim, bob)).rejects.toMatchObject(failed.reason)
    replayer.inject(dialler.sent[0] ?? new Uint8Array(0))
    await responding
    expect(victim.sent).toHaveLength(0)
  })

  it('a peer that uses our own static key is no different from any other', async () => {
    const room = await RoomFixture.create()
    const [dialler, acceptor] = fakeStreamPair()
    const noiseStatic = await generateX25519()
    const withSharedStatic = async () => {
      const member = await room.member()
      return { ...member, identity: { ...member.identity, noiseStatic } }
    }
    const results = await meet(dialler, acceptor, await withSharedStatic(), await withSharedStatic())
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'fulfilled'])
  })
})
