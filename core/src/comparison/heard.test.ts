import { expect, it } from 'vitest'
import { peerIdOf } from '../identity/index.ts'
import { Heard, maxHeard } from './heard.ts'

const round = new Uint8Array(32)
const commit = (fill: number, attempt = 0) => ({
  kind: 'commit' as const,
  round,
  attempt,
  commitment: new Uint8Array(32).fill(fill),
})
const reveal = (fill: number) => ({
  kind: 'reveal' as const,
  round,
  attempt: 0,
  reveal: { nonce: new Uint8Array(32).fill(fill), claims: new Map() },
})
const peer = (number: number) => peerIdOf(new Uint8Array(32).fill(number))

it('keeps the last commitment of each, and the first reveal after it', () => {
  const heard = new Heard()
  heard.reveal(peer(1), reveal(1))
  expect(heard.of(peer(1), round)).toBeUndefined()
  expect(heard.commit(peer(1), commit(1), false)).toBe(false)
  heard.reveal(peer(1), reveal(2))
  heard.reveal(peer(1), reveal(3))
  expect(heard.of(peer(1), round)).toMatchObject({ conflicts: false, reveal: reveal(2).reveal })
  expect(heard.commit(peer(1), commit(4), true)).toBe(true)
  expect(heard.of(peer(1), round)).toMatchObject({ conflicts: true, reveal: undefined })
  expect(heard.commit(peer(1), commit(5, 1), true)).toBe(false)
  expect(heard.of(peer(1), round)).toMatchObject({ attempt: 1, conflicts: false })
  expect(heard.of(peer(1), round.with(0, 1))).toBeUndefined()
  heard.forget(peer(1))
  expect(heard.of(peer(1), round)).toBeUndefined()
})

it('has room for 64, and those who are there go on', () => {
  const heard = new Heard()
  for (let number = 0; number <= maxHeard; number++) heard.commit(peer(number), commit(1), false)
  expect(heard.of(peer(maxHeard - 1), round)).toBeDefined()
  expect(heard.of(peer(maxHeard), round)).toBeUndefined()
  expect(heard.commit(peer(0), commit(2), false)).toBe(true)
})
