import { describe, expect, it } from 'vitest'
import { initiate, respond, type ChannelContext } from '../../src/channel/index.ts'
import { topicWindows } from '../../src/link/index.ts'
import { constantOpus, judgeRemoteSDP, sanitizeSDP } from '../../src/sdp/index.ts'
import { FakeClock, fakeStreamPair, RoomFixture, type FakeStream } from '../../src/testing/index.ts'
import { closedReason, connectedPair, flip } from '../channel/facts.ts'
import { withSection } from './plain-offer.ts'

const dayMs = 86_400_000

/** What an attacker on the road sees of a run: how it ended for us, and the sizes of all that we sent. */
async function seen(acceptor: FakeStream, responding: Promise<unknown>) {
  const error = await responding.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return { error, sizes: acceptor.sent.map(({ length }) => length), closed: acceptor.closed }
}

/** All frames of a dialler's whole handshake with this responder. */
async function recorded(room: RoomFixture, bob: ChannelContext): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  const [dialler, acceptor] = fakeStreamPair()
  await Promise.all([initiate(dialler, await room.member()).then(({ proven }) => proven), respond(acceptor, bob)])
  return dialler.sent
}

describe('what fails, fails alike', () => {
  it('I10: an altered frame, one of another room, one of another day and noise are all met with the same silence', async () => {
    const [room, other] = [await RoomFixture.create(), await RoomFixture.create()]
    const bob = await room.member()
    const [first] = await recorded(room, bob)
    const [foreign] = await recorded(other, await other.member())
    if (first === undefined || foreign === undefined) throw new Error('no frame was sent')
    const tomorrow = await room.keys.topic('dht', 0, 1)
    const runs = [
      { frame: flip(first, 0) },
      { frame: flip(first, first.length - 1) },
      { frame: foreign },
      { frame: crypto.getRandomValues(new Uint8Array(first.length)) },
      { frame: first, topic: tomorrow },
    ]
    const all = []
    for (const { frame, topic } of runs) {
      const [dialler, acceptor] = fakeStreamPair(topic)
      const run = seen(acceptor, respond(acceptor, bob))
      dialler.inject(frame)
      all.push(await run)
    }
    for (const one of all) expect(one).toEqual({ ...all[0], error: all[0]?.error })
    expect(all[0]).toMatchObject({ error: { code: 'handshake-failed' }, sizes: [], closed: true })
    expect(new Set(all.map(({ error }) => String(error))).size).toBe(1)
  })

  it('I10: on an open channel, altered, repeated and made-up frames close it alike, without an answer', async () => {
    const ends = []
    for (const forge of [
      (frame: Uint8Array) => flip(frame, 20),
      (frame: Uint8Array<ArrayBuffer>) => frame,
      (frame: Uint8Array) => crypto.getRandomValues(new Uint8Array(frame.length)),
    ]) {
      const { responder, dialler, acceptor } = await connectedPair()
      const [closed, before] = [closedReason(responder), acceptor.sent.length]
      const last = dialler.sent.at(-1)
      if (last === undefined) throw new Error('no frame was sent')
      dialler.inject(forge(last))
      ends.push({ reason: await closed, answers: acceptor.sent.length - before, closed: acceptor.closed })
    }
    expect(new Set(ends.map((end) => JSON.stringify(end)))).toEqual(
      new Set([JSON.stringify({ reason: 'violation', answers: 0, closed: true })]),
    )
  })
})

describe('a clock that is set back', () => {
  it('I12: by 30 days: nothing that was recorded then or since is accepted, and new handshakes work', async () => {
    const room = await RoomFixture.create()
    const [alice, bob] = [await room.member(), await room.member()]
    const now = room.clock.now()
    const [thenTopics, nowTopics] = await Promise.all(
      [now - 30 * dayMs, now].map((at) => topicWindows(room.keys, 'dht', at)),
    )
    const [thenTopic, nowTopic] = [thenTopics?.[0], nowTopics?.[0]]
    if (thenTopic === undefined || nowTopic === undefined) throw new Error('no topic')
    expect(thenTopic).not.toEqual(nowTopic)

    const recordings = []
    for (const topic of [thenTopic, nowTopic]) {
      const [dialler, acceptor] = fakeStreamPair(topic)
      await Promise.all([initiate(dialler, alice), respond(acceptor, bob)])
      recordings.push(dialler.sent)
    }
    const setBack = { ...bob, clock: new FakeClock(now - 30 * dayMs) }
    for (const frames of recordings) {
      // Its topic is that of 30 days ago again.
      const [replayer, victim] = fakeStreamPair(thenTopic)
      const refused = expect(respond(victim, setBack)).rejects.toMatchObject({ code: 'handshake-failed' })
      for (const frame of frames) replayer.inject(frame)
      await refused
    }
    const [dialler, acceptor] = fakeStreamPair(thenTopic)
    const [initiator] = await Promise.all([
      initiate(dialler, { ...alice, clock: setBack.clock }),
      respond(acceptor, setBack),
    ])
    await initiator.proven
  })

  it.each([0, 1, -1, -30 * dayMs, Number.MAX_SAFE_INTEGER])(
    'I12: a clock at %i ms names a day all the same',
    async (at) => {
      const { keys } = await RoomFixture.create()
      const topics = await topicWindows(keys, 'dht', at)
      expect(topics.length).toBeGreaterThanOrEqual(1)
      for (const topic of topics) expect(topic).toHaveLength(32)
    },
  )
})

describe('the shape of voice', () => {
  it('I9: what we tell a peer of our voice is a constant rate without pauses, and no header says how loud it is', () => {
    const offer = withSection(
      'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
      'a=extmap:2 urn:ietf:params:rtp-hdrext:csrc-audio-level',
      'a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1;cbr=0',
      'a=maxptime:60',
    )
    for (const out of [
      constantOpus(sanitizeSDP(offer)),
      judgeRemoteSDP(offer, { level: 'standard', loopbackRelay: false, constantAudio: true }),
    ]) {
      expect(out).not.toContain('audio-level')
      const parameters = out.match(/^a=fmtp:111 .*$/gm)
      expect(parameters).toHaveLength(1)
      expect(parameters?.[0]?.slice('a=fmtp:111 '.length).split(';').sort()).toEqual(
        ['cbr=1', 'usedtx=0', 'useinbandfec=0', 'stereo=0', 'sprop-stereo=0', 'maxaveragebitrate=32000'].sort(),
      )
      expect(out.match(/^a=(?:max)?ptime:.*$/gm)).toEqual(['a=ptime:20', 'a=maxptime:20'])
    }
  })
})
