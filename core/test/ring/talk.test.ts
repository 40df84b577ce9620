import { beforeEach, expect, it } from 'vitest'
import { utf8 } from '../../src/bytes/index.ts'
import { encodeRingFrame } from '../../src/ring/ring-frame.ts'
import type { TalkLine } from '../../src/ring/index.ts'
import { FakeClock } from '../../src/testing/index.ts'
import { FakeNetwork } from './fake-network.ts'
import { befriend, Neighbour, type Post } from './neighbour.ts'
import { holdsAny } from './secrets-of.ts'

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

function device(whose: Neighbour, index = 0): Post {
  return whose.device({ carrier: network.carrier(), clock }, index)
}

/** Lines as they come, with all that is heard on them. */
class Desk {
  readonly lines: TalkLine[] = []
  readonly heard: string[] = []
  lost = 0
  #wake: () => void = () => undefined

  take = (line: TalkLine): void => {
    this.lines.push(line)
    line.listen({
      heard: (message) => {
        this.heard.push(new TextDecoder().decode(message))
        this.#wake()
      },
      lost: () => {
        this.lost += 1
        this.#wake()
      },
    })
    this.#wake()
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => (this.#wake = resolve))
  }
}

it('opens a line to every device of a contact that is online, and messages go both ways', async () => {
  const [caller, laptop, phone] = [device(alice), device(bob, 0), device(bob, 1)]
  const [here, there] = [new Desk(), new Desk()]
  for (const post of [laptop, phone]) post.ringer.answerTalk(there.take)
  await Promise.all([laptop.ringer.listen(), phone.ringer.listen()])
  const stop = caller.ringer.talk(bob.record, here.take)
  await Promise.all([here.until(() => here.lines.length === 2), there.until(() => there.lines.length === 2)])
  expect(new Set(here.lines.map((line) => line.device)).size).toBe(2)
  expect(here.lines.every((line) => line.with.id === bob.id)).toBe(true)
  expect(there.lines.every((line) => line.with.id === alice.id)).toBe(true)
  for (const line of here.lines) line.send(utf8('hello'))
  await there.until(() => there.heard.length === 2)
  there.lines[0]?.send(utf8('hello yourself'))
  await here.until(() => here.heard.length === 1)
  expect([there.heard, here.heard]).toEqual([['hello', 'hello'], ['hello yourself']])
  expect(holdsAny(network.capture, [utf8('hello')])).toBe(false)
  stop()
  await there.until(() => there.lost === 2)
  expect(here.lost).toBe(0)
  here.lines[0]?.send(utf8('into the void'))
})

it('opens no line to or from somebody who is no contact, is blocked, or shows an old record', async () => {
  const mallory = await Neighbour.create()
  mallory.verdicts.set(bob.id, 'ring')
  const [stranger, callee, desk] = [device(mallory), device(bob), new Desk()]
  callee.ringer.answerTalk(desk.take)
  await callee.ringer.listen()
  stranger.ringer.talk(bob.record, desk.take)
  await network.over(1)
  bob.verdicts.set(alice.id, 'refuse')
  device(alice).ringer.talk(bob.record, desk.take)
  await network.over(2)
  expect(desk.lines).toEqual([])
  expect(callee.requests).toEqual([])
})

it('rings nothing, and a line that says more of a call is over', async () => {
  const [caller, callee] = [device(alice), device(bob)]
  const [here, there] = [new Desk(), new Desk()]
  callee.ringer.answerTalk(there.take)
  await callee.ringer.listen()
  caller.ringer.talk(bob.record, here.take)
  await Promise.all([here.until(() => here.lines.length === 1), there.until(() => there.lines.length === 1)])
  here.lines[0]?.send(encodeRingFrame({ kind: 'ring', video: false, name: 'Alice' }))
  await there.until(() => there.heard.length === 1)
  expect(callee.incoming).toEqual([])
})

it('looks again for a device whose line was lost', async () => {
  const [caller, callee] = [device(alice), device(bob)]
  const [here, there] = [new Desk(), new Desk()]
  callee.ringer.answerTalk(there.take)
  await callee.ringer.listen()
  caller.ringer.talk(bob.record, here.take)
  await there.until(() => there.lines.length === 1)
  there.lines[0]?.close()
  await here.until(() => here.lost === 1)
  clock.advance(8_000)
  await here.until(() => here.lines.length === 2)
  expect(here.lines).toHaveLength(2)
})

it('is refused where nobody takes it', async () => {
  const [caller, callee, desk] = [device(alice), device(bob), new Desk()]
  await callee.ringer.listen()
  caller.ringer.talk(bob.record, desk.take)
  await network.over(1)
  expect(desk.lines).toEqual([])
})
