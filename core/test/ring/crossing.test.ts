import { beforeEach, describe, expect, it, vi } from 'vitest'
import { toHex } from '../../src/bytes/index.ts'
import { crossingGraceMs } from '../../src/ring/limits.ts'
import type { RingFrame } from '../../src/ring/ring-frame.ts'
import { FakeClock } from '../../src/testing/index.ts'
import { FakeNetwork } from './fake-network.ts'
import { befriend, Neighbour, reaches, type Post } from './neighbour.ts'
import { ScriptedDevice } from './scripted-device.ts'

let network: FakeNetwork
let clock: FakeClock
let alice: Neighbour
let bob: Neighbour
/** The same two, by identity key. */
let lower: Neighbour
let higher: Neighbour

beforeEach(async () => {
  network = new FakeNetwork()
  clock = new FakeClock()
  ;[alice, bob] = await Promise.all([Neighbour.create(), Neighbour.create()])
  befriend(alice, bob)
  ;[lower, higher] = toHex(alice.record.publicKey) < toHex(bob.record.publicKey) ? [alice, bob] : [bob, alice]
})

const ring: RingFrame = { kind: 'ring', video: false, name: 'Neighbour' }

function silent(whose: Neighbour): Post {
  return whose.device({ carrier: network.carrier(), clock })
}

async function listening(whose: Neighbour): Promise<Post> {
  const post = silent(whose)
  await post.ringer.listen()
  return post
}

/** Stands under its owner's topic; says `ringing` to whoever calls, and resolves with that line. */
async function scriptedCallee(whose: Neighbour): Promise<{ readonly line: () => Promise<ScriptedDevice> }> {
  let found: (device: ScriptedDevice) => void = () => undefined
  const line = new Promise<ScriptedDevice>((resolve) => {
    found = resolve
  })
  await ScriptedDevice.called(whose, { carrier: network.carrier(), clock }, (device) => {
    device.say({ kind: 'ringing' })
    found(device)
  })
  return { line: () => line }
}

async function scriptedCaller(who: Neighbour, callee: Neighbour): Promise<ScriptedDevice> {
  const device = await ScriptedDevice.calling(who, callee, { carrier: network.carrier(), clock })
  device.say(ring)
  return device
}

describe('two who call each other', () => {
  it.each(['at the same moment', 'one a little later'])('get one call and one link: %s', async (when) => {
    const [hers, his] = [await listening(alice), await listening(bob)]
    const herCall = hers.call(bob.record)
    if (when === 'one a little later') await his.rung()
    const hisCall = his.call(alice.record)
    // The one whose call stands may wait for the other's search.
    await vi.waitFor(
      () => {
        clock.advance(200)
        expect([herCall.state.kind, hisCall.state.kind]).toEqual(['accepted', 'accepted'])
      },
      { timeout: 15_000 },
    )
    expect(herCall.state).toEqual(hisCall.state)
    expect(hers.links.length + his.links.length).toBe(1)
    await Promise.all([...hers.incoming, ...his.incoming].map((call) => reaches(call, 'cancelled')))
  })

  it('the lower key’s call stands', async () => {
    const [low, high] = [await listening(lower), await listening(higher)]
    const [lowCall, highCall] = [low.call(higher.record), high.call(lower.record)]
    await Promise.all([reaches(lowCall, 'accepted'), reaches(highCall, 'accepted')])
    expect([low.links.length, high.links.length]).toEqual([1, 0])
    expect(highCall.state).toEqual({ kind: 'accepted', linkCode: low.links[0] })
    expect([low.incoming, high.incoming]).toEqual([[], []])
  })

  it('meet even if the one whose call stands cannot reach the other’s device', async () => {
    // Not listening: nobody can find it.
    const [low, high] = [await listening(lower), silent(higher)]
    const lowCall = low.call(higher.record)
    const highCall = high.call(lower.record)
    await reaches(highCall, 'ringing')
    expect(lowCall.state.kind).toBe('searching')
    clock.advance(3_000)
    await Promise.all([reaches(lowCall, 'accepted'), reaches(highCall, 'accepted')])
    expect(lowCall.state).toEqual(highCall.state)
  })

  it('the waiting call rings like any other once ours is cancelled', async () => {
    const [low, high] = [await listening(lower), silent(higher)]
    const lowCall = low.call(higher.record)
    const highCall = high.call(lower.record)
    await reaches(highCall, 'ringing')
    expect(low.incoming).toEqual([])
    lowCall.cancel()
    const shown = await low.rung()
    expect(shown.state.kind).toBe('ringing')
    await shown.accept()
    await reaches(highCall, 'accepted')
  })

  it('the one who yields accepts at once, and gives nobody else a link meanwhile', async () => {
    const callee = await scriptedCallee(lower)
    const high = await listening(higher)
    const call = high.call(lower.record)
    const ours = await callee.line()
    await reaches(call, 'ringing')
    const theirs = await scriptedCaller(lower, higher)
    await theirs.hears('accept')
    expect(high.incoming).toEqual([])
    ours.say({ kind: 'accept' })
    theirs.say({ kind: 'invitation', linkCode: 'b'.repeat(95) })
    await reaches(call, 'accepted')
    expect([call.state, high.links]).toEqual([{ kind: 'accepted', linkCode: 'b'.repeat(95) }, []])
    await ours.hears('cancel')
    expect(ours.heard).not.toContain('invitation')
  })

  it('the one who yields goes on with its own call, and what was accepted of it, if the other is gone', async () => {
    const callee = await scriptedCallee(lower)
    const high = await listening(higher)
    const call = high.call(lower.record)
    const ours = await callee.line()
    await reaches(call, 'ringing')
    const theirs = await scriptedCaller(lower, higher)
    await theirs.hears('accept')
    ours.say({ kind: 'accept' })
    theirs.channel.close('left')
    await ours.hears('invitation')
    expect(call.state).toEqual({ kind: 'accepted', linkCode: high.links[0] })
  })

  it('the one whose call stands waits three seconds, accepts, and still goes by its own if that is accepted too', async () => {
    const callee = await scriptedCallee(higher)
    const low = await listening(lower)
    const call = low.call(higher.record)
    const ours = await callee.line()
    await reaches(call, 'ringing')
    const theirs = await scriptedCaller(higher, lower)
    await theirs.hears('ringing')
    clock.advance(crossingGraceMs - 1)
    expect(theirs.heard).toEqual(['ringing'])
    clock.advance(1)
    await theirs.hears('accept')
    ours.say({ kind: 'accept' })
    await ours.hears('invitation')
    await theirs.closed()
    expect([call.state, low.incoming]).toEqual([{ kind: 'accepted', linkCode: low.links[0] }, []])
  })

  it('a ring that comes after the other has accepted ours changes nothing', async () => {
    const callee = await scriptedCallee(lower)
    const high = await listening(higher)
    let give: (code: string) => void = () => undefined
    const linkCode = (): Promise<string> =>
      new Promise((resolve) => {
        give = resolve
      })
    const call = high.ringer.call(lower.record, { video: false, linkCode })
    const ours = await callee.line()
    ours.say({ kind: 'accept' })
    await reaches(call, 'inviting')
    const late = await scriptedCaller(lower, higher)
    await late.closed()
    expect(late.heard).not.toContain('accept')
    give('c'.repeat(95))
    await ours.hears('invitation')
    expect([call.state, high.incoming]).toEqual([{ kind: 'accepted', linkCode: 'c'.repeat(95) }, []])
  })

  it('somebody else’s ring is no crossing', async () => {
    const carol = await Neighbour.create()
    befriend(carol, higher)
    const high = await listening(higher)
    high.call(lower.record)
    const other = await scriptedCaller(carol, higher)
    const incoming = await high.rung()
    expect([incoming.from.id, incoming.state.kind]).toEqual([carol.id, 'ringing'])
    expect(other.heard).not.toContain('accept')
  })
})
