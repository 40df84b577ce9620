import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import type { NostrEvent } from '@p2pigeon/core/nostr'
import Database from 'libsql'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { defaultLimits } from '../limits.ts'
import { mayReceive, matches } from '../rules/index.ts'
import type { Filter } from '../wire/index.ts'
import { EventStore } from './event-store.ts'
import { filterQuery } from './filter-query.ts'

const nowSeconds = 1_700_000_000
const everybody = { nowSeconds, readers: undefined }
const hex = (digit: string): string => digit.repeat(64)
const filterOf = (parts: Partial<Filter>): Filter => ({ tags: new Map(), limit: 500, ...parts })

let nth = 0
function eventOf(parts: Partial<NostrEvent> = {}): NostrEvent {
  const id = (++nth).toString(16).padStart(64, '0')
  return {
    id,
    pubkey: hex('a'),
    created_at: nowSeconds,
    kind: 1,
    tags: [],
    content: '',
    sig: hex('0').repeat(2),
    ...parts,
  }
}
const add = (store: EventStore, event: NostrEvent) => store.add(event, JSON.stringify(event), nowSeconds)
const idsOf = (store: EventStore, seqs: readonly number[]): string[] =>
  seqs.map((seq) => (JSON.parse(store.body(seq, nowSeconds) ?? '{}') as NostrEvent).id)

// Few values each, so that conditions meet events.
const key = fc.constantFrom(hex('a'), hex('b'), hex('c'))
const text = fc.constantFrom('', 'x', 'y', 'ü', '\u{1f54a}', `'"\\%_`, 'x\u0001')
const kind = fc.constantFrom(1, 2, 5, 1059, 10_050, 30_000)
const time = fc.integer({ min: nowSeconds - 3, max: nowSeconds })
const tag = fc.oneof(
  fc.tuple(fc.constantFrom('p', 'e'), key),
  fc.tuple(fc.constantFrom('t', 'T', 'd', 'long'), text),
  fc.tuple(fc.constant('t')),
  fc.tuple(fc.constant('t'), text, text),
)
const parts = fc.record({ pubkey: key, kind, created_at: time, tags: fc.array(tag, { maxLength: 4 }) })
const set = <T>(value: fc.Arbitrary<T>) =>
  fc.option(
    fc.array(value, { maxLength: 3 }).map((list) => new Set(list)),
    { nil: undefined },
  )
const filter = fc
  .record({
    ids: set(fc.integer({ min: 1, max: 30 }).map((at) => at.toString(16).padStart(64, '0'))),
    authors: set(key),
    kinds: set(kind),
    since: fc.option(time, { nil: undefined }),
    until: fc.option(time, { nil: undefined }),
    p: set(key),
    t: set(text),
    T: set(text),
    limit: fc.integer({ min: 0, max: 40 }),
  })
  .map(({ ids, authors, kinds, since, until, p, t, T, limit }): Filter => {
    const lists = { p, t, T }
    const tags = Object.entries(lists).flatMap(([name, list]) => (list ? [[name, list] as const] : []))
    return {
      ...(ids && { ids }),
      ...(authors && { authors }),
      ...(kinds && { kinds }),
      ...(since !== undefined && { since }),
      ...(until !== undefined && { until }),
      tags: new Map(tags),
      limit,
    }
  })

test('what SQL finds is what matches in memory, in the order of NIP-01, and what its reader may see', () => {
  fc.assert(
    fc.property(
      fc.array(parts, { maxLength: 30 }),
      fc.array(filter, { minLength: 1, maxLength: 8 }),
      set(key),
      (drafts, filters, keys) => {
        nth = 0
        const store = new EventStore(':memory:', defaultLimits)
        const readers = keys ?? new Set<string>()
        const kept = drafts.map((draft) => eventOf(draft)).filter((event) => add(store, event) === 'stored')
        const there = kept.filter(({ id }) => store.find(filterOf({ ids: new Set([id]) }), everybody).length === 1)
        const inOrder = there.toSorted((a, b) => b.created_at - a.created_at || (a.id < b.id ? -1 : 1))
        for (const one of filters) {
          const matching = inOrder.filter((event) => matches(one, event))
          expect(idsOf(store, store.find(one, everybody))).toEqual(matching.slice(0, one.limit).map(({ id }) => id))
          const readable = matching.filter((event) => mayReceive(event, one, readers))
          const found = store.find(one, { nowSeconds, readers: [...readers] })
          expect(idsOf(store, found)).toEqual(readable.slice(0, one.limit).map(({ id }) => id))
        }
        store.close()
      },
    ),
    { numRuns: 150 },
  )
})

test('what is counted is what is there, whatever came, was replaced, deleted, evicted and swept', () => {
  const limits = { ...defaultLimits, maxStoredEvents: 8, maxReplaceableEvents: 4, maxStoredPerRecipient: 3 }
  const expiring = fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined })
  fc.assert(
    fc.property(fc.array(fc.tuple(parts, expiring), { maxLength: 60 }), (drafts) => {
      nth = 0
      const store = new EventStore(':memory:', limits)
      for (const [draft, seconds] of drafts) {
        const expiration = seconds === undefined ? [] : [['expiration', String(nowSeconds + seconds)]]
        const target = nth.toString(16).padStart(64, '0')
        const tags = [...draft.tags, ...expiration, ...(draft.kind === 5 ? [['e', target]] : [])]
        add(store, eventOf({ ...draft, tags }))
        if (nth % 7 === 0) store.sweep(nowSeconds + nth / 4)
        const bodies = store.find(filterOf({}), { ...everybody, nowSeconds: 0 }).map((seq) => store.body(seq, 0) ?? '')
        expect(store.events).toBe(bodies.length)
        expect(store.bytes).toBe(bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0))
        expect(store.events).toBeLessThanOrEqual(12)
      }
      store.close()
    }),
    { numRuns: 100 },
  )
})

test.each<[string, Partial<Filter>, string]>([
  ['ids', { ids: new Set([hex('1')]), kinds: new Set([1]) }, 'sqlite_autoindex_events_1'],
  ['authors', { authors: new Set([hex('a')]), kinds: new Set([1]), since: 1 }, 'events_by_author'],
  [
    'a tag',
    { tags: new Map([['p', new Set([hex('a')])]]), kinds: new Set([1059]), since: 1 },
    'tags USING PRIMARY KEY',
  ],
  ['kinds', { kinds: new Set([1]), since: 1 }, 'events_by_kind'],
  ['nothing', {}, 'events_by_time'],
])('a filter by %s walks the index made for it', (_name, conditions, index) => {
  const folder = mkdtempSync(join(tmpdir(), 'relay-'))
  const file = join(folder, 'nostr.db')
  new EventStore(file, defaultLimits).close()
  const database = new Database(file)
  const { sql, values } = filterQuery(filterOf(conditions), everybody)
  const plan = database.prepare<[unknown]>(`EXPLAIN QUERY PLAN ${sql}`).all([...values])
  database.close()
  rmSync(folder, { recursive: true })
  const steps = JSON.stringify(plan)
  expect(steps).toContain(index)
  expect(steps).not.toContain('SCAN events"')
})

describe('on disk', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'relay-'))
    file = join(folder, 'nostr.db')
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  test('everything is there again after a restart, and counted', () => {
    const store = new EventStore(file, defaultLimits)
    const wrap = eventOf({ kind: 1059, tags: [['p', hex('b')]], content: 'ü' })
    add(store, wrap)
    add(store, eventOf({ kind: 10_050 }))
    const { events, bytes } = store
    store.close()
    const again = new EventStore(file, { ...defaultLimits, maxStoredPerRecipient: 1 })
    expect({ events: again.events, bytes: again.bytes }).toEqual({ events, bytes })
    expect(idsOf(again, again.find(filterOf({ kinds: new Set([1059]) }), everybody))).toEqual([wrap.id])
    add(again, eventOf({ kind: 1059, tags: [['p', hex('b')]] }))
    expect(again.events).toBe(2)
    again.close()
  })

  test('only its owner reads the file', () => {
    new EventStore(file, defaultLimits).close()
    expect(statSync(file).mode & 0o077).toBe(0)
  })

  test('what is deleted is no longer in the file', () => {
    const store = new EventStore(file, defaultLimits)
    const event = eventOf({ content: 'remember-me-not' })
    add(store, event)
    add(store, eventOf({ kind: 5, tags: [['e', event.id]] }))
    store.close()
    expect(readFileSync(file).includes('remember-me-not')).toBe(false)
  })

  test('a store of a later version is left alone', () => {
    new EventStore(file, defaultLimits).close()
    const database = new Database(file)
    database.exec('PRAGMA user_version = 99')
    database.close()
    expect(() => new EventStore(file, defaultLimits)).toThrow(expect.objectContaining({ code: 'store-too-new' }))
  })

  test('a file that is no database is refused and not overwritten', () => {
    writeFileSync(file, 'a letter to somebody '.repeat(100))
    expect(() => new EventStore(file, defaultLimits)).toThrow(expect.objectContaining({ code: 'store-unusable' }))
    expect(() => new EventStore(join(file, 'below'), defaultLimits)).toThrow('Move nostr.db away')
    expect(statSync(file).size).toBe(2_100)
  })

  test('a write that fails changes nothing, and the next one works', () => {
    const store = new EventStore(file, defaultLimits)
    add(store, eventOf({ kind: 10_050 }))
    const lock = new Database(file)
    lock.exec(`CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT raise(ABORT, 'disk full'); END`)
    expect(() => add(store, eventOf({ kind: 10_050, created_at: nowSeconds + 1 }))).toThrow('disk full')
    expect(store.events).toBe(1)
    lock.exec('DROP TRIGGER full')
    lock.close()
    expect(add(store, eventOf())).toBe('stored')
    expect(store.events).toBe(2)
    store.close()
  })
})
