import type { Exposure, Learns, PeerId } from '@p2pigeon/core'
import { expect, test } from 'vitest'
import { cardsOf, ExposureViewModel } from './exposure-view-model.ts'

const nothing: Learns = { address: 'no', timing: false, peers: false, roomSize: 'no' }
const empty: Exposure = { privacy: 'standard', parties: [] }

function setUp(answers: (() => Promise<Exposure>)[]) {
  const ticks = new Set<() => void>()
  const changes = new Set<() => void>()
  let asked = 0
  const model = new ExposureViewModel({
    exposure: () => {
      asked += 1
      return (answers.shift() ?? (() => Promise.resolve(empty)))()
    },
    subscribe: (changed) => {
      changes.add(changed)
      return () => changes.delete(changed)
    },
    every: (_ms, run) => {
      ticks.add(run)
      return () => ticks.delete(run)
    },
  })
  const tick = async (times = 1) => {
    for (let turn = 0; turn < times; turn++) {
      for (const run of ticks) run()
      await new Promise((resolve) => setTimeout(resolve))
    }
  }
  return { model, tick, changes, ticks, asked: () => asked }
}

test('it asks at once, after a change, and every few seconds; never twice at a time; and not any more after its end', async () => {
  let answer: (exposure: Exposure) => void = () => undefined
  const { model, tick, changes, ticks, asked } = setUp([() => new Promise((resolve) => (answer = resolve))])
  const end = model.start()
  expect([asked(), model.state.get().kind]).toEqual([1, 'loading'])
  for (const changed of changes) changed()
  await tick(20)
  expect(asked()).toBe(1)
  answer(empty)
  await tick()
  expect(model.state.get()).toEqual({ kind: 'known', exposure: empty })
  await tick()
  expect(asked()).toBe(2)
  await tick(4)
  expect(asked()).toBe(2)
  await tick(2)
  expect(asked()).toBe(3)
  for (const changed of changes) changed()
  for (const changed of changes) changed()
  await tick()
  expect(asked()).toBe(4)
  end()
  expect([ticks.size, changes.size]).toEqual([0, 0])
})

test('a failure is said and mended by the next answer', async () => {
  const { model, tick } = setUp([() => Promise.reject(new TypeError('closed'))])
  model.start()
  await tick()
  expect(model.state.get()).toEqual({ kind: 'failed' })
  await tick(6)
  expect(model.state.get().kind).toBe('known')
})

test('each party has a card that says what it learns; nobody but a participant is meant to have the contents', () => {
  const cards = cardsOf({
    privacy: 'standard',
    parties: [
      {
        kind: 'participant',
        peerId: 'grace' as PeerId,
        name: 'Grace',
        path: 'direct',
        learns: { address: 'public', timing: true, peers: true, roomSize: 'exactly' },
      },
      { kind: 'turn', host: undefined, learns: { ...nothing, timing: true } },
      { kind: 'stun', host: 'stun.example', learns: { ...nothing, address: 'public' } },
      { kind: 'carrier', road: 'server', host: 'node.example', learns: { ...nothing, roomSize: 'roughly' } },
    ],
  })
  expect(cards.map(({ title, line }) => [title, line])).toEqual([
    ['Grace', 'Connected directly'],
    ['Call relay of others', 'Chosen by another participant'],
    ['Address service', 'stun.example'],
    ['Meeting point: a signalling server', 'node.example'],
  ])
  const answers = cards.map(({ rows }) => rows.map(({ answer, learns }) => `${learns ? '+' : '-'} ${answer}`))
  expect(answers).toEqual([
    ['+ Yes, the public one', '+ Yes', '+ Yes', '+ Yes', '+ Yes, it is for them'],
    ['- No', '+ Yes', '- No', '- No', '- Never'],
    ['+ Yes, the public one', '- No', '- No', '- No', '- Never'],
    ['- No', '- No', '- No', '+ Roughly', '- Never'],
  ])
})

test('who was met by a member, and the member who passes the negotiation on, are told', () => {
  const [ada, cleo] = ['ada' as PeerId, 'cleo' as PeerId]
  const cards = cardsOf(
    {
      privacy: 'standard',
      parties: [
        {
          kind: 'participant',
          peerId: cleo,
          name: 'Cleo',
          path: 'direct',
          learns: { address: 'public', timing: true, peers: true, roomSize: 'exactly' },
        },
        {
          kind: 'introducer',
          peerId: ada,
          name: 'Ada',
          learns: { address: 'no', timing: true, peers: true, roomSize: 'exactly' },
        },
      ],
    },
    new Map([[cleo, 'member']]),
  )
  expect(cards.map(({ title, line }) => [title, line])).toEqual([
    ['Cleo', 'Connected directly · met by a member of the room'],
    ['Introductions by Ada', 'A member of this room'],
  ])
  expect(cards[1]?.rows.map(({ answer }) => answer)).toEqual(['No', 'Yes', 'Yes', 'Yes', 'Never'])
})
