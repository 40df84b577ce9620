import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matches } from './rules/index.ts'
import { Subscriptions, type Subscription } from './subscriptions.ts'
import type { Filter } from './wire/index.ts'

const key = fc.constantFrom('a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64))
const kind = fc.constantFrom(1, 2, 3)
const set = <T>(value: fc.Arbitrary<T>) =>
  fc.option(
    fc.array(value, { maxLength: 2 }).map((list) => new Set(list)),
    { nil: undefined },
  )
const filter = fc
  .record({ ids: set(key), authors: set(key), kinds: set(kind), p: set(key), t: set(key) })
  .map(({ ids, authors, kinds, p, t }): Filter => ({
    ...(ids && { ids }),
    ...(authors && { authors }),
    ...(kinds && { kinds }),
    tags: new Map([...(t ? [['t', t] as const] : []), ...(p ? [['p', p] as const] : [])]),
    limit: 0,
  }))
const event = fc
  .record({ id: key, pubkey: key, kind, tags: fc.array(fc.tuple(fc.constantFrom('p', 't'), key), { maxLength: 3 }) })
  .map((parts) => ({ ...parts, created_at: 1, content: '', sig: '' }))

test('the index finds every subscription that matches, each once, and no other; what is removed is gone', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(filter, { maxLength: 3 }), { maxLength: 12 }),
      fc.array(event, { maxLength: 5 }),
      (all, events) => {
        const subscriptions = new Subscriptions()
        const added = all.map((filters): Subscription => ({
          filters,
          authenticated: new Set(),
          deliver: () => undefined,
        }))
        for (const one of added) subscriptions.add(one)
        for (const one of added.filter((_, at) => at % 3 === 0)) subscriptions.remove(one)
        const left = added.filter((_, at) => at % 3 !== 0)
        for (const one of events) {
          const expected = left.filter(({ filters }) => filters.some((each) => matches(each, one)))
          const found = subscriptions.matching(one, () => true)
          expect(expected.every((each) => found.has(each))).toBe(true)
          expect(found.size).toBe(expected.length)
        }
        for (const one of left) subscriptions.remove(one)
        expect(subscriptions.size).toBe(0)
        expect(subscriptions.values).toBe(0)
      },
    ),
  )
})
