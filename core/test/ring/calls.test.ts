import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ringTimeoutMs, searchTimeoutMs, settleMs } from '../../src/ring/limits.ts'
import { FakeClock } from '../../src/testing/index.ts'
import { FakeNetwork } from './fake-network.ts'
import { befriend, Neighbour, reaches, type Post } from './neighbour.ts'
import { holdsAny, secretsOf } from './secrets-of.ts'

let network: FakeNetwork
let clock: FakeClock
let alice: Neighbour
let bob: Neighbour

beforeEach(async () => {
  network = new FakeNetwork()
  clock = new FakeClock()
  ;[alice, bob] = await Promise.all([Neighbour.create(), Neighbour.create(2)])
  befriend(alice, bob)
})

async function listening(whose: Neighbour, index = 0): Promise<Post> {
  const post = whose.device({ carrier: network.carrier(), clock }, index)
  await post.ringer.listen()
  return post
}

function silent(whose: Neighbour, index = 0): Post {
  return whose.device({ carrier: network.carrier(), clock }, index)
}

describe('a call between contacts', () => {
  it('rings, is accepted, and both have the same link', async () => {
    const [caller, callee] = [silent(alice), await listening(bob)]
    const call = caller.call(bob.record, true)
    const incoming = await callee.rung()
    expect([incoming.from.id, incoming.name, incoming.video]).toEqual([alice.id, 'Neighbour', true])
    await reaches(call, 'ringing')
    expect(caller.links).toEqual([])
    const code = await incoming.accept()
    expect(await reaches(call, 'accepted')).toEqual({ kind: 'accepted', linkCode: code })
    expect([incoming.state, caller.links]).toEqual([{ kind: 'accepted', linkCode: code }, [code]])
    expect([caller.met, callee.met]).toEqual([[bob.record], [alice.record]])
    await expect(incoming.accept()).resolves.toBe(code)
    incoming.decline()
    call.cancel()
    expect([incoming.state.kind, call.state.kind]).toEqual(['accepted', 'accepted'])
  })

  it('is declined, and rings nowhere any more', async () => {
    const [caller, laptop, phone] = [silent(alice), await listening(bob, 0), await listening(bob, 1)]
    const call = caller.call(bob.record)
    const [onLaptop, onPhone] = await Promise.all([laptop.rung(), phone.rung()])
    onLaptop.decline()
    await reaches(call, 'declined')
    await reaches(onPhone, 'cancelled')
    expect(onPhone.state).toEqual({ kind: 'cancelled', reason: 'declined-elsewhere' })
    expect([onLaptop.state.kind, caller.links]).toEqual(['declined', []])
    await expect(onLaptop.accept()).rejects.toMatchObject({ code: 'call-over' })
  })

  it('the first device that accepts wins, and the others are told', async () => {
    const [caller, laptop, phone] = [silent(alice), await listening(bob, 0), await listening(bob, 1)]
    const call = caller.call(bob.record)
    const [onLaptop, onPhone] = await Promise.all([laptop.rung(), phone.rung()])
    const results = await Promise.allSettled([onPhone.accept(), onLaptop.accept()])
    await reaches(call, 'accepted')
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'call-lost' } })
    const loser = onPhone.state.kind === 'accepted' ? onLaptop : onPhone
    expect(loser.state).toEqual({ kind: 'cancelled', reason: 'answered-elsewhere' })
    expect(caller.links).toHaveLength(1)
  })

  it('is cancelled by the caller, who then can call again', async () => {
    const [caller, callee] = [silent(alice), await listening(bob)]
    const call = caller.call(bob.record)
    const incoming = await callee.rung()
    expect(() => caller.call(bob.record)).toThrow(expect.objectContaining({ code: 'already-calling' }))
    call.cancel()
    await reaches(incoming, 'cancelled')
    expect([call.state.kind, incoming.state]).toEqual(['cancelled', { kind: 'cancelled', reason: 'withdrawn' }])
    caller.call(bob.record)
    expect((await callee.rung(1)).state.kind).toBe('ringing')
  })

  it('ends after 45 s when nobody answers, and leaves no timer behind', async () => {
    const [caller, callee] = [silent(alice), await listening(bob)]
    const call = caller.call(bob.record)
    const incoming = await callee.rung()
    await reaches(call, 'ringing')
    clock.advance(ringTimeoutMs)
    expect(call.state.kind).toBe('unanswered')
    await reaches(incoming, 'missed')
    callee.scope.end()
    caller.scope.end()
    // What is left are the last words of the channels.
    clock.advance(1_000)
    expect(clock.pending).toBe(0)
  })

  it('ends at the callee too when the caller is gone without a word', async () => {
    const [caller, callee] = [silent(alice), await listening(bob)]
    caller.call(bob.record)
    const incoming = await callee.rung()
    for (const [here] of network.streams) here.close()
    await reaches(incoming, 'missed')
  })

  it('a busy contact says so, if no other device of theirs rings', async () => {
    const [caller, laptop] = [silent(alice), await listening(bob, 0)]
    laptop.ringer.setBusy(true)
    const call = caller.call(bob.record)
    await caller.until(() => call.state.kind === 'searching' && call.state.heard === 'busy')
    clock.advance(settleMs)
    expect(call.state.kind).toBe('busy')
    const again = caller.call(bob.record)
    const phone = await listening(bob, 1)
    await caller.until(() => again.state.kind === 'searching' && again.state.heard === 'busy')
    // The next round finds the phone.
    clock.advance(1_000)
    await phone.rung()
    await reaches(again, 'ringing')
    expect(laptop.incoming).toEqual([])
  })

  it('the end of a scope ends its calls and makes the device unreachable', async () => {
    const [caller, callee] = [silent(alice), await listening(bob)]
    const call = caller.call(bob.record)
    const incoming = await callee.rung()
    caller.scope.end()
    expect(call.state.kind).toBe('cancelled')
    await reaches(incoming, 'cancelled')
    callee.scope.end()
    expect(network.topics).toEqual([])
    expect(caller.call(bob.record).state.kind).toBe('cancelled')
  })

  it('follows the day, and stands under two topics near midnight only', async () => {
    await listening(bob)
    const [today] = network.topics
    expect(network.topics).toHaveLength(2)
    // From 22:13 to after two in the morning; the check of each minute takes a moment that is none of this clock.
    clock.advance(4 * 3_600_000)
    await vi.waitFor(() => {
      clock.advance(60_000)
      expect(network.topics).toHaveLength(1)
    })
    expect(network.topics).not.toContain(today)
  })
})

describe('whoever may not ring', () => {
  it('a stranger is noted and never rings', async () => {
    const [mallory, callee] = [await Neighbour.create(), await listening(bob)]
    const post = silent(mallory)
    const call = post.call(bob.record)
    await callee.until(() => callee.requests.length === 1)
    await post.until(() => call.state.kind === 'searching' && call.state.heard === 'noted')
    clock.advance(settleMs)
    expect(call.state.kind).toBe('noted')
    expect([callee.requests[0]?.record.id, callee.requests[0]?.name]).toEqual([mallory.id, 'Neighbour'])
    expect([callee.incoming, post.links]).toEqual([[], []])
  })

  it('a stranger does not learn that somebody is busy', async () => {
    const [post, callee] = [silent(await Neighbour.create()), await listening(bob)]
    callee.ringer.setBusy(true)
    const call = post.call(bob.record)
    await post.until(() => call.state.kind === 'searching' && call.state.heard !== undefined)
    expect(call.state).toEqual({ kind: 'searching', heard: 'noted' })
  })

  it('a blocked caller cannot tell a refusal from an absence: the same word after the same wait', async () => {
    const callee = await listening(bob)
    bob.verdicts.set(alice.id, 'refuse')
    const blocked = silent(alice).call(bob.record)
    const absent = silent(alice).call((await Neighbour.create()).record)
    const told: [string, number][] = []
    for (const [who, call] of [
      ['blocked', blocked],
      ['absent', absent],
    ] as const) {
      call.subscribe(() => told.push([`${who} ${call.state.kind}`, clock.now()]))
    }
    const start = clock.now()
    await network.over(1)
    clock.advance(searchTimeoutMs)
    expect(told).toEqual([
      ['blocked unreachable', start + searchTimeoutMs],
      ['absent unreachable', start + searchTimeoutMs],
    ])
    expect([callee.incoming, callee.requests, callee.met]).toEqual([[], [], []])
    // Of the callee the blocked one got handshake message 2, as any prober would, and nothing after it.
    expect(network.streams.every(([, there]) => there.sent.length <= 1)).toBe(true)
  })

  it('a flood of strangers leaves six requests, and a contact still rings', async () => {
    const callee = await listening(bob)
    const strangers = await Promise.all(Array.from({ length: 12 }, () => Neighbour.create()))
    for (const [index, stranger] of strangers.entries()) {
      silent(stranger).call(bob.record)
      await network.over(index + 1)
    }
    expect(callee.requests).toHaveLength(6)
    silent(alice).call(bob.record)
    expect((await callee.rung()).from.id).toBe(alice.id)
  })

  it('more contacts than may ring at once are told busy', async () => {
    const callee = await listening(bob)
    const friends = await Promise.all(Array.from({ length: 4 }, () => Neighbour.create()))
    for (const friend of friends) befriend(friend, bob)
    for (const friend of friends.slice(0, 3)) silent(friend).call(bob.record)
    await callee.until(() => callee.incoming.length === 3)
    const post = silent(friends[3]!)
    const call = post.call(bob.record)
    await post.until(() => call.state.kind === 'searching' && call.state.heard === 'busy')
    expect(callee.incoming).toHaveLength(3)
  })
})

describe('devices and records', () => {
  it('a revoked device rings nobody who knows the later record', async () => {
    const callee = await listening(alice)
    const old = bob.record
    const phone = bob.device({ carrier: network.carrier(), clock }, 1, () => old)
    alice.known.set(bob.id, await bob.signAgain(2, [bob.devices[0]!]))
    phone.call(alice.record)
    await network.over(1)
    expect([callee.incoming, callee.met]).toEqual([[], []])
    // With the new record it proves a device that this one does not list.
    const bold = bob.device({ carrier: network.carrier(), clock }, 1)
    bold.call(alice.record)
    await network.over(2)
    expect([callee.incoming, callee.requests]).toEqual([[], []])
    const laptop = bob.device({ carrier: network.carrier(), clock }, 0)
    laptop.call(alice.record)
    await callee.rung()
  })

  it('a revoked device is not called, and does not learn who would have', async () => {
    const old = bob.record
    const phone = bob.device({ carrier: network.carrier(), clock }, 1, () => old)
    await phone.ringer.listen()
    const caller = silent(alice)
    caller.call(await bob.signAgain(2, [bob.devices[0]!]))
    await network.over(1)
    expect([phone.incoming, phone.met, caller.met]).toEqual([[], [], []])
    // One frame of ours, capabilities and a fresh key, and never message 3.
    expect(network.streams.map(([here]) => here.sent.length)).toEqual(network.streams.map(() => 1))
  })

  it('two records of one number are a conflict: neither end goes on', async () => {
    const callee = await listening(alice)
    const forked = await bob.signAgain(1, [bob.devices[1]!])
    bob.device({ carrier: network.carrier(), clock }, 1, () => forked).call(alice.record)
    await network.over(1)
    expect([callee.incoming, callee.requests]).toEqual([[], []])
  })

  it('a newer record is met on both sides', async () => {
    const [caller, callee] = [silent(alice), await listening(bob, 1)]
    const [before, hers, his] = [bob.record, await alice.signAgain(5), await bob.signAgain(9)]
    caller.call(before)
    await callee.rung()
    await caller.until(() => caller.met.length === 1)
    expect([callee.met, caller.met]).toEqual([[hers], [his]])
  })

  it('a record out of its time is nobody’s', async () => {
    clock.advance(2_000_000_000_000)
    const callee = await listening(bob)
    silent(alice).call(bob.record)
    await network.over(1)
    expect([callee.incoming, callee.requests]).toEqual([[], []])
  })

  it('nobody rings in another’s name: a genuine record shown by a device that it does not list', async () => {
    const [mallory, callee] = [await Neighbour.create(), await listening(bob)]
    mallory.device({ carrier: network.carrier(), clock }, 0, () => alice.record).call(bob.record)
    await network.over(1)
    expect([callee.incoming, callee.requests, callee.met]).toEqual([[], [], []])
  })

  it('whoever stands under a contact’s topic without their device learns nothing of the caller', async () => {
    const mallory = await Neighbour.create()
    // Mallory has Bob's contact card and pretends to be him.
    const trap = mallory.device({ carrier: network.carrier(), clock }, 0, () => bob.record)
    await trap.ringer.listen()
    silent(alice).call(bob.record)
    await network.over(1)
    expect(network.streams.map(([here]) => here.sent.length)).toEqual(network.streams.map(() => 1))
    expect([trap.incoming, trap.requests]).toEqual([[], []])
  })

  it('nobody can call themselves', () => {
    expect(() => silent(alice).call(alice.record)).toThrow(expect.objectContaining({ code: 'own-identity' }))
  })
})

it('what passes the carrier holds no link, key, record or name', async () => {
  const [caller, callee] = [silent(alice), await listening(bob)]
  const call = caller.call(bob.record)
  const code = await (await callee.rung()).accept()
  await reaches(call, 'accepted')
  expect(network.capture.length).toBeGreaterThan(6)
  expect(holdsAny(network.capture, secretsOf([alice, bob], code))).toBe(false)
})
