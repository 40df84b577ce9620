import { beforeEach, describe, expect, it } from 'vitest'
import { handshakeRate, invitationTimeoutMs, ringGraceMs, ringTimeoutMs } from '../../src/ring/limits.ts'
import type { RingFrame } from '../../src/ring/ring-frame.ts'
import { ringKeys } from '../../src/ring/ring-keys.ts'
import type { Carrier, CarrierStream } from '../../src/signalling/index.ts'
import { FakeClock } from '../../src/testing/index.ts'
import { FakeNetwork } from './fake-network.ts'
import { befriend, Neighbour, reaches, type Post } from './neighbour.ts'
import { ScriptedDevice } from './scripted-device.ts'

let network: FakeNetwork
let clock: FakeClock
let alice: Neighbour
let bob: Neighbour

beforeEach(async () => {
  network = new FakeNetwork()
  clock = new FakeClock()
  ;[alice, bob] = await Promise.all([Neighbour.create(), Neighbour.create()])
  befriend(alice, bob)
})

const ring: RingFrame = { kind: 'ring', video: true, name: 'Alice' }
const invitation: RingFrame = { kind: 'invitation', linkCode: 'a'.repeat(95) }

function road(): { carrier: Carrier; clock: FakeClock } {
  return { carrier: network.carrier(), clock }
}

async function listening(whose: Neighbour): Promise<Post> {
  const post = whose.device(road())
  await post.ringer.listen()
  return post
}

describe('a hostile caller who is a contact', () => {
  it('D17: an invitation before the user’s own accept is a violation, and nothing is accepted', async () => {
    const callee = await listening(bob)
    const caller = await ScriptedDevice.calling(alice, bob, road())
    caller.say(ring)
    const incoming = await callee.rung()
    caller.say(invitation)
    expect(await caller.closed()).toBe('violation')
    expect(incoming.state).toEqual({ kind: 'missed' })
    await expect(incoming.accept()).rejects.toMatchObject({ code: 'call-over' })
    expect(caller.heard).not.toContain('accept')
  })

  it.each<RingFrame>([invitation, { kind: 'accept' }, { kind: 'ringing' }, { kind: 'cancel', reason: 'withdrawn' }])(
    'D17: nothing rings for one that begins with $kind',
    async (frame) => {
      const callee = await listening(bob)
      const caller = await ScriptedDevice.calling(alice, bob, road())
      caller.say(frame)
      expect(await caller.closed()).toBe('violation')
      expect([callee.incoming, callee.met, caller.heard]).toEqual([[], [], []])
    },
  )

  it.each<RingFrame>([ring, { kind: 'accept' }, { kind: 'decline' }, { kind: 'ringing' }])(
    'a $kind while it rings here is a violation',
    async (frame) => {
      const callee = await listening(bob)
      const caller = await ScriptedDevice.calling(alice, bob, road())
      caller.say(ring)
      const incoming = await callee.rung()
      caller.say(frame)
      expect(await caller.closed()).toBe('violation')
      expect(incoming.state.kind).toBe('missed')
    },
  )

  it('garbage is a violation', async () => {
    const callee = await listening(bob)
    const caller = await ScriptedDevice.calling(alice, bob, road())
    caller.channel.send(Uint8Array.of(99))
    expect(await caller.closed()).toBe('violation')
    expect(callee.incoming).toEqual([])
  })

  it('one that never stops ringing is stopped, and one that never sends the link, too', async () => {
    const callee = await listening(bob)
    const caller = await ScriptedDevice.calling(alice, bob, road())
    caller.say(ring)
    const first = await callee.rung()
    // Its pings keep the channel alive; the ring has an end of its own.
    for (let passed = 0; passed < ringTimeoutMs + ringGraceMs; passed += 10_000) clock.advance(10_000)
    expect(first.state.kind).toBe('missed')
    await caller.closed()

    const again = await ScriptedDevice.calling(alice, bob, road())
    again.say(ring)
    const second = await callee.rung(1)
    const accepted = expect(second.accept()).rejects.toMatchObject({ code: 'call-lost' })
    await again.hears('accept')
    clock.advance(invitationTimeoutMs)
    await accepted
    expect(second.state.kind).toBe('failed')
  })

  it('one that proves itself and says nothing loses its place, and the channel', async () => {
    await listening(bob)
    const mute = await ScriptedDevice.calling(alice, bob, road())
    await mute.channel.proven
    clock.advance(10_000)
    expect(await mute.closed()).toBe('timeout')
  })

  it('rings six times and then is not heard for a while', async () => {
    const callee = await listening(bob)
    for (let time = 0; time < 9; time++) {
      const caller = await ScriptedDevice.calling(alice, bob, road())
      caller.say(ring)
      if (time < 6) await callee.rung(time)
      caller.channel.close('left')
      await network.over(time + 1)
    }
    expect(callee.incoming).toHaveLength(6)
  })

  it('a second device of somebody who rings already is told busy; the same one again takes over', async () => {
    const carol = await Neighbour.create(2)
    befriend(carol, bob)
    const callee = await listening(bob)
    const [laptop, phone] = [carol.device(road(), 0), carol.device(road(), 1)]
    laptop.call(bob.record)
    const first = await callee.rung()
    const second = phone.call(bob.record)
    await phone.until(() => second.state.kind === 'searching' && second.state.heard === 'busy')
    expect([first.state.kind, callee.incoming.length]).toEqual(['ringing', 1])
    const again = await ScriptedDevice.calling(carol, bob, road())
    again.say(ring)
    expect((await callee.rung(1)).state.kind).toBe('ringing')
    expect(first.state.kind).toBe('cancelled')
  })
})

describe('a hostile callee', () => {
  it.each<RingFrame>([{ kind: 'accept' }, { kind: 'decline' }, invitation, ring])(
    'D17: a $kind that comes first changes nothing, and gets no link',
    async (frame) => {
      let device: ScriptedDevice | undefined
      const caller = alice.device(road())
      await ScriptedDevice.called(bob, road(), (met) => {
        device = met
        met.say(frame)
      })
      const call = caller.call(bob.record)
      await network.over(1)
      expect(await device?.closed()).toBe('violation')
      expect([call.state.kind, caller.links]).toEqual(['searching', []])
    },
  )

  it.each<RingFrame>([invitation, { kind: 'ringing' }, { kind: 'cancel', reason: 'withdrawn' }])(
    'D17: a $kind while it rings there changes nothing',
    async (frame) => {
      const caller = alice.device(road())
      await ScriptedDevice.called(bob, road(), (met) => {
        met.say({ kind: 'ringing' })
        met.say(frame)
      })
      const call = caller.call(bob.record)
      await reaches(call, 'ringing')
      await network.over(1)
      expect([call.state.kind, caller.links]).toEqual(['ringing', []])
    },
  )

  it.each(['accepts twice', 'goes at once'])('gets no link if it accepts and then %s', async (what) => {
    const caller = alice.device(road())
    let device: ScriptedDevice | undefined
    await ScriptedDevice.called(bob, road(), (met) => {
      device = met
      met.say({ kind: 'ringing' })
      met.say({ kind: 'accept' })
      if (what === 'accepts twice') met.say({ kind: 'accept' })
      else met.channel.close('left')
    })
    let give: (code: string) => void = () => undefined
    const linkCode = (): Promise<string> =>
      new Promise((resolve) => {
        give = resolve
      })
    const call = caller.ringer.call(bob.record, { video: false, linkCode })
    await reaches(call, 'unanswered')
    give('a'.repeat(95))
    await network.over(1)
    expect([call.state.kind, device?.heard.includes('invitation')]).toEqual(['unanswered', false])
  })

  it('hears that the call is over if our own side cannot make a link', async () => {
    const caller = alice.device(road())
    let device: ScriptedDevice | undefined
    await ScriptedDevice.called(bob, road(), (met) => {
      device = met
      met.say({ kind: 'ringing' })
      met.say({ kind: 'accept' })
    })
    const linkCode = async (): Promise<string> => Promise.resolve('https://example.test/no-link')
    const call = caller.ringer.call(bob.record, { video: false, linkCode })
    await reaches(call, 'failed')
    await device?.closed()
    expect(device?.heard).toEqual(['ring', 'cancel'])
  })
})

it('a flood without the contact card costs no handshake beyond the rate, and its places come back', async () => {
  const callee = await listening(bob)
  const flooder = network.carrier()
  const topic = Uint8Array.from(Buffer.from(network.topics[0]!, 'hex'))
  const { signal } = new AbortController()
  const streams: CarrierStream[] = []
  for (let burst = 0; burst < 20; burst++) {
    for await (const address of flooder.lookup(topic, { signal })) {
      const stream = await flooder.dial(topic, address, { signal })
      streams.push(stream)
      await stream.send(new Uint8Array(400).fill(burst))
    }
    await network.over(streams.length)
  }
  // None got a byte back.
  expect(network.streams.every(([, there]) => there.sent.length === 0)).toBe(true)
  clock.advance(handshakeRate.refillMs * handshakeRate.capacity)
  alice.device(road()).call(bob.record)
  expect((await callee.rung()).from.id).toBe(alice.id)
})

it('liars who stand under the topic do not keep the caller from the device', async () => {
  const { carrier } = road()
  const keys = await ringKeys(bob.record.publicKey)
  const topic = await keys.topic('dht', clock.now())
  for (let liar = 0; liar < 40; liar++) {
    carrier.announce(topic, (stream) => {
      stream.close()
    })
  }
  const callee = await listening(bob)
  const call = alice.device(road()).call(bob.record)
  await callee.rung()
  await reaches(call, 'ringing')
  // Three times each, at most.
  expect(network.streams.length).toBeLessThanOrEqual(3 * 40 + 1)
})
