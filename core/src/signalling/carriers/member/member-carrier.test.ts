import { beforeEach, describe, expect, it } from 'vitest'
import { toHex } from '../../../bytes/index.ts'
import { CodecError } from '../../../errors/index.ts'
import { nodeRuntime } from '../../../runtime/node/index.ts'
import { runCarrierSuite } from '../../../testing/carrier-suite.ts'
import { bytes, Queue, read, someTopic } from '../../../testing/carrier-readers.ts'
import { FakeClock } from '../../../testing/fake-clock.ts'
import type { CarrierAddress, CarrierStream } from '../../carrier.ts'
import { maxPieceBytes, memberLimits, windowBytes, type MemberLimits } from './limits.ts'
import { MemberCarrier, type MemberCarrierPorts, type MemberLeg } from './member-carrier.ts'
import { decodeMemberFrame, encodeMemberFrame, type MemberFrame } from './wire.ts'

const { clock, random } = nodeRuntime()
const boundless: MemberLimits = {
  streamsPerPair: Infinity,
  dialsPerMember: Infinity,
  incomingPerMember: Infinity,
  bytesPerSecond: Infinity,
  burstBytes: Infinity,
  framesPerSecond: Infinity,
  burstFrames: Infinity,
}

/** Connects two as a session would: frames arrive in a later turn, in order. Ends both ends when called. */
function connect(
  [a, selfOfA]: readonly [MemberCarrier, CarrierAddress],
  [b, selfOfB]: readonly [MemberCarrier, CarrierAddress],
): () => void {
  const legs: MemberLeg[] = []
  const to = (index: number) => (frame: Uint8Array<ArrayBuffer>) => {
    queueMicrotask(() => legs[index]?.receive(frame))
  }
  legs.push(a.join(selfOfB, to(1)), b.join(selfOfA, to(0)))
  return () => {
    for (const leg of legs) leg.gone()
  }
}

function member(ports: Partial<MemberCarrierPorts> = {}): readonly [MemberCarrier, CarrierAddress] {
  const self = random.bytes(32)
  const carrier = new MemberCarrier({
    clock,
    random,
    self,
    offerDelayMs: 0,
    offersChanged: () => undefined,
    ...ports,
  })
  return [carrier, self]
}

runCarrierSuite(
  'member, by one introducer',
  () => {
    const hub = member({ limits: boundless, introduces: () => true })
    return Promise.resolve({
      carrier: () => {
        const one = member({ limits: boundless })
        const part = connect(hub, one)
        one[0].on('stateChanged', ({ kind }) => {
          // Behind its last words.
          if (kind === 'closed') setTimeout(part)
        })
        return one[0]
      },
      close: () => {
        hub[0].close()
        return Promise.resolve()
      },
    })
  },
  { reconnects: false },
)

describe('an introducer', () => {
  const topic = someTopic()
  const [benKey, cleoKey] = [random.bytes(32), random.bytes(32)]
  let time: FakeClock
  let ada: MemberCarrier
  let heard: { ben: MemberFrame[]; cleo: MemberFrame[] }
  let ben: MemberLeg
  let cleo: MemberLeg

  beforeEach(() => {
    time = new FakeClock()
    ada = new MemberCarrier({ clock: time, random, self: random.bytes(32), offersChanged: () => undefined })
    ada.announce(topic, () => undefined)
    heard = { ben: [], cleo: [] }
    ben = ada.join(benKey, (frame) => heard.ben.push(decodeMemberFrame(frame)))
    cleo = ada.join(cleoKey, (frame) => heard.cleo.push(decodeMemberFrame(frame)))
    for (const leg of [ben, cleo]) leg.receive(encodeMemberFrame({ kind: 'standing', topics: [topic] }))
    time.advance(1_000)
    heard.ben.length = heard.cleo.length = 0
  })

  const say = (leg: MemberLeg, frame: MemberFrame): void => {
    leg.receive(encodeMemberFrame(frame))
  }
  const dial = (stream = random.bytes(16), to = cleoKey, under = topic) => {
    say(ben, { kind: 'dial', stream, topic: under, to })
    return stream
  }
  const end = (stream: Uint8Array<ArrayBuffer>, unreachable = false): MemberFrame => ({
    kind: 'end',
    stream,
    unreachable,
  })

  it('offers each to the other once, and takes back whoever has gone', () => {
    const told: MemberFrame[] = []
    ada.join(random.bytes(32), (frame) => told.push(decodeMemberFrame(frame)))
    time.advance(1_000)
    const offers = told.filter((frame) => frame.kind === 'offers')
    expect(offers).toEqual([{ kind: 'offers', offers: [{ topic, members: [benKey, cleoKey] }] }])
    say(ben, { kind: 'standing', topics: [topic] })
    time.advance(1_000)
    ben.gone()
    time.advance(1_000)
    expect(told.filter((frame) => frame.kind === 'offers').slice(1)).toEqual([
      { kind: 'offers', offers: [{ topic, members: [cleoKey] }] },
    ])
  })

  it('passes frames on as they are, both ways', () => {
    const stream = dial()
    say(ben, { kind: 'data', stream, bytes: bytes(1, 2) })
    say(cleo, { kind: 'data', stream, bytes: bytes(3) })
    say(cleo, { kind: 'credit', stream, count: 2 })
    expect(heard.cleo).toEqual([
      { kind: 'incoming', stream, topic },
      { kind: 'data', stream, bytes: bytes(1, 2) },
    ])
    expect(heard.ben).toEqual([
      { kind: 'data', stream, bytes: bytes(3) },
      { kind: 'credit', stream, count: 2 },
    ])
  })

  it.each<[string, () => Uint8Array<ArrayBuffer>]>([
    ['to somebody it is not connected with', () => dial(random.bytes(16), random.bytes(32))],
    ['to the one who asks', () => dial(random.bytes(16), benKey)],
    ['under a topic that it does not stand under itself', () => dial(random.bytes(16), cleoKey, someTopic())],
    [
      'to somebody who does not stand there',
      () => {
        say(cleo, { kind: 'standing', topics: [] })
        return dial()
      },
    ],
    [
      'to somebody whose session has ended, as of one who was removed',
      () => {
        cleo.gone()
        return dial()
      },
    ],
  ])('leads nowhere %s', (_what, ask) => {
    const stream = ask()
    expect(heard.ben.filter(({ kind }) => kind === 'end')).toEqual([end(stream, true)])
    expect(heard.cleo.filter(({ kind }) => kind === 'incoming')).toEqual([])
  })

  it('passes nothing on for one who was removed, and nobody hears of it', () => {
    ben.gone()
    dial()
    expect([heard.ben, heard.cleo]).toEqual([[], []])
  })

  it('never passes on what was passed on to it: one introducer, and no more', () => {
    say(ben, { kind: 'incoming', stream: random.bytes(16), topic: someTopic() })
    expect(heard.cleo).toEqual([])
  })

  it('allows two members a few streams, and no other the names of theirs', () => {
    const streams = Array.from({ length: memberLimits.streamsPerPair + 1 }, () => dial())
    expect(heard.cleo).toHaveLength(memberLimits.streamsPerPair)
    expect(heard.ben).toEqual([end(streams.at(-1) ?? bytes(), true)])
    const [first] = streams
    if (first !== undefined) dial(first)
    expect(heard.cleo).toHaveLength(memberLimits.streamsPerPair)
  })

  it('ends a stream at both ends when either sends more than there is credit for', () => {
    const stream = dial()
    const piece = new Uint8Array(maxPieceBytes)
    for (let sent = 0; sent < windowBytes; sent += piece.length) say(ben, { kind: 'data', stream, bytes: piece })
    expect(heard.ben).toEqual([])
    say(ben, { kind: 'data', stream, bytes: bytes(1) })
    expect([heard.ben.at(-1), heard.cleo.at(-1)]).toEqual([end(stream), end(stream)])
    say(ben, { kind: 'data', stream, bytes: bytes(1) })
    expect(heard.cleo.at(-1)).toEqual(end(stream))
  })

  it('ends a stream whose reader gives credit for what it has not got', () => {
    const stream = dial()
    say(ben, { kind: 'data', stream, bytes: bytes(1, 2) })
    say(cleo, { kind: 'credit', stream, count: 3 })
    expect([heard.ben.at(-1), heard.cleo.at(-1)]).toEqual([end(stream), end(stream)])
  })

  it('drops what comes faster than its pace, and takes more when time has passed', () => {
    const stream = dial()
    const round = (): void => {
      say(ben, { kind: 'data', stream, bytes: bytes(1) })
      say(cleo, { kind: 'credit', stream, count: 1 })
    }
    for (let rounds = 0; rounds < 2 * memberLimits.burstFrames; rounds++) round()
    expect(heard.cleo.length).toBeLessThan(memberLimits.burstFrames + 2)
    expect(heard.cleo.at(-1)).toEqual(end(stream))
    heard.cleo.length = 0
    dial()
    expect(heard.cleo).toEqual([])
    time.advance(10_000)
    dial()
    expect(heard.cleo.map(({ kind }) => kind)).toEqual(['incoming'])
  })

  it('ends what it passes on when either has gone, at the other end', () => {
    const stream = dial()
    cleo.gone()
    expect(heard.ben).toEqual([end(stream)])
  })

  it('refuses what is no frame, and passes none of it on', () => {
    expect(() => {
      ben.receive(bytes(1, 99))
    }).toThrow(CodecError)
    expect(() => {
      ben.receive(bytes(2, 1, 0))
    }).toThrow(CodecError)
  })
})

describe('an end', () => {
  const topic = someTopic()

  it('goes by another introducer when it dials again, and loses its streams with the one that goes', async () => {
    const [ada, ann] = [member({ introduces: () => true }), member({ introduces: () => true })]
    const [ben, cleo] = [member(), member()]
    const partings = [connect(ada, ben), connect(ann, ben)]
    for (const one of [ada, ann]) connect(one, cleo)
    const accepted = new Queue<CarrierStream>()
    cleo[0].announce(topic, (stream) => {
      accepted.push(stream)
    })
    const { signal } = new AbortController()
    while (ben[0].offered(topic).get(toHex(cleo[1]))?.introducers !== 2) await new Promise(setImmediate)
    const first = read(await ben[0].dial(topic, cleo[1], { signal }))
    const second = await ben[0].dial(topic, cleo[1], { signal })
    const there = [read(await accepted.next()), read(await accepted.next())]
    expect(ben[0].introducers()).toHaveLength(2)
    partings[0]?.()
    expect([await first.ended, await there[0]?.ended]).toEqual(['carrier-lost', 'remote'])
    await second.send(bytes(5))
    expect(await there[1]?.frames.next()).toEqual(bytes(5))
    expect(ben[0].introducers()).toEqual([ann[1]])
  })

  it('counts a member that offers somebody twice once', () => {
    const [ben] = member()
    const [leg, stranger] = [ben.join(random.bytes(32), () => undefined), random.bytes(32)]
    leg.receive(encodeMemberFrame({ kind: 'offers', offers: [{ topic, members: [stranger, stranger] }] }))
    expect([...ben.offered(topic).values()]).toEqual([{ address: stranger, introducers: 1 }])
  })

  it('leaves a member alone by whom nobody answers, and asks it again when one did', async () => {
    const strangers = Array.from({ length: 4 }, () => random.bytes(32))
    const said: MemberFrame[] = []
    const [ben] = member()
    const leg = ben.join(random.bytes(32), (frame) => said.push(decodeMemberFrame(frame)))
    leg.receive(encodeMemberFrame({ kind: 'offers', offers: [{ topic, members: strangers }] }))
    const { signal } = new AbortController()
    const dial = (index: number) => ben.dial(topic, strangers[index] ?? bytes(), { signal })
    for (let index = 0; index < memberLimits.dialsPerMember; index++) await dial(index)
    await expect(dial(3)).rejects.toMatchObject({ code: 'unreachable' })
    const [first] = said
    if (first?.kind !== 'dial') throw new Error('nobody was dialled')
    leg.receive(encodeMemberFrame({ kind: 'data', stream: first.stream, bytes: bytes(0) }))
    await dial(3)
    expect(said.map(({ kind }) => kind)).toEqual(Array<string>(4).fill('dial'))
  })

  it('takes streams under its own topics alone, and so many of one member', () => {
    const said: MemberFrame[] = []
    const [ben] = member({ limits: { ...memberLimits, incomingPerMember: 2 } })
    const leg = ben.join(random.bytes(32), (frame) => said.push(decodeMemberFrame(frame)))
    let accepted = 0
    ben.announce(topic, () => {
      accepted += 1
    })
    said.length = 0
    for (const under of [someTopic(), topic, topic, topic]) {
      leg.receive(encodeMemberFrame({ kind: 'incoming', stream: random.bytes(16), topic: under }))
    }
    expect(accepted).toBe(2)
    expect(said.map((frame) => frame.kind === 'end' && frame.unreachable)).toEqual([true, true])
  })

  it('ends a stream by which an introducer sends more than was asked for', async () => {
    const [ben] = member()
    const leg = ben.join(random.bytes(32), () => undefined)
    const taken = new Queue<CarrierStream>()
    ben.announce(topic, (stream) => {
      taken.push(stream)
    })
    const stream = random.bytes(16)
    leg.receive(encodeMemberFrame({ kind: 'incoming', stream, topic }))
    const reading = await taken.next()
    const data = encodeMemberFrame({ kind: 'data', stream, bytes: new Uint8Array(maxPieceBytes).fill(1) })
    for (let sent = 0; sent <= windowBytes; sent += maxPieceBytes) leg.receive(data)
    expect(await read(reading).ended).toBe('violation')
  })
})
