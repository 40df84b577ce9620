import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { card, dayMs, nowMs, person, record, withoutNostr } from '../../test/contacts.ts'
import { successionOf } from '../identity/index.ts'
import {
  acceptChange,
  addContact,
  contactOf,
  emptyBook,
  markVerified,
  meetRecord,
  replaceIdentity,
  trustOf,
  type ContactBook,
} from './index.ts'

const ada = await person(1)
const first = await record(1, 5, [1, 2])
const book = markVerified(
  addContact(emptyBook, { name: 'Ada', record: first }, 'link', nowMs).book,
  ada.id,
  'compared',
  nowMs,
)
const later = await record(1, 6, [1, 2, 3])
const changed = meetRecord(book, later, nowMs + 1).book

const adaIn = (some: ContactBook) => contactOf(some, ada.id)
const trustIn = (some: ContactBook) => {
  const contact = adaIn(some)
  return contact && trustOf(some, contact, nowMs).kind
}

describe('a record that is met', () => {
  it('of nobody in the book: unknown', async () => {
    expect(meetRecord(book, await record(2, 1), nowMs)).toEqual({ book, met: 'unknown' })
  })

  it.each([
    ['over', { notBeforeMs: 0, notAfterMs: nowMs - 2 * dayMs }],
    ['to come', { notBeforeMs: nowMs + 2 * dayMs, notAfterMs: nowMs + 9 * dayMs }],
  ])('whose time is %s: stale', async (_, times) => {
    expect(meetRecord(book, await record(1, 9, [1, 9], times), nowMs)).toEqual({ book, met: 'stale' })
  })

  it('B10: an older one, as of a device that is revoked: stale', async () => {
    expect(meetRecord(book, await record(1, 4, [1, 2, 7]), nowMs)).toEqual({ book, met: 'stale' })
  })

  it('another one of the same seq: conflicting, not believed', async () => {
    expect(meetRecord(book, await record(1, 5, [1, 7]), nowMs)).toEqual({ book, met: 'conflicting' })
  })

  it('the same one: unchanged', () => {
    expect(meetRecord(book, first, nowMs)).toEqual({ book, met: 'unchanged' })
  })

  it('a later one with fewer devices: renewed at once, and verified as before', async () => {
    const fewer = await record(1, 6, [1])
    const { book: next, met } = meetRecord(book, fewer, nowMs + 1)
    expect(met).toBe('renewed')
    expect(adaIn(next)).toMatchObject({ record: fewer, change: undefined })
    expect(trustIn(next)).toBe('verified')
  })

  it('a later one with one device more: changed, and the former keys stay until that is accepted', () => {
    const { book: next, met } = meetRecord(book, later, nowMs + 1)
    expect(met).toBe('changed')
    const contact = adaIn(next)
    expect(contact?.record).toEqual(first)
    expect(contact?.change).toMatchObject({
      record: later,
      noticedAtMs: nowMs + 1,
      replacesIdentity: false,
      nostrChanged: false,
    })
    expect(contact?.change?.addedDevices.map(({ name }) => name)).toEqual(['Device 3'])
    expect(contact?.change?.removedDevices).toEqual([])
    expect(meetRecord(next, later, nowMs + 2)).toEqual({ book: next, met: 'changed' })
    expect(meetRecord(next, first, nowMs + 2)).toEqual({ book: next, met: 'stale' })
  })

  it('a later one with another device key in place of one: changed', async () => {
    const { met, book: next } = meetRecord(book, await record(1, 6, [1, 3]), nowMs)
    expect(met).toBe('changed')
    expect(adaIn(next)?.change).toMatchObject({
      addedDevices: [{ name: 'Device 3' }],
      removedDevices: [{ name: 'Device 2' }],
    })
  })

  it('B10: a later one without the Nostr key, or with one where there was none: changed', async () => {
    const bare = withoutNostr(await record(1, 6, [1, 2]))
    const { met, book: next } = meetRecord(book, bare, nowMs)
    expect([met, adaIn(next)?.change?.nostrChanged]).toEqual(['changed', true])
    const accepted = acceptChange(next, ada.id, nowMs)
    expect(meetRecord(accepted, await record(1, 7, [1, 2]), nowMs).met).toBe('changed')
  })

  it('a still later one takes the place of the one that waits; one without the new device withdraws it', async () => {
    const evenLater = await record(1, 7, [1, 2, 3, 4])
    const { book: next } = meetRecord(changed, evenLater, nowMs + 9)
    expect(adaIn(next)?.change).toMatchObject({ record: evenLater, noticedAtMs: nowMs + 1 })
    const withdrawn = await record(1, 8, [1, 2])
    const { book: calm, met } = meetRecord(next, withdrawn, nowMs + 10)
    expect(met).toBe('renewed')
    expect(adaIn(calm)).toMatchObject({ record: withdrawn, change: undefined })
    expect(trustIn(calm)).toBe('verified')
  })

  it('never loses a seq or accepts a key by itself, whatever comes in whatever order', async () => {
    const pool = await Promise.all([
      ...[1, 2, 5, 6, 7].map((seq) => record(1, seq, [1, 2])),
      ...[6, 7, 8].map((seq) => record(1, seq, [1, 2, 3])),
      ...[7, 9].map((seq) => record(1, seq, [1])),
      record(2, 1),
    ])
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...pool), fc.constant('accept' as const)), { maxLength: 20 }),
        (script) => {
          let now = book
          for (const [step, one] of script.entries()) {
            const before = adaIn(now)
            now = one === 'accept' ? acceptChange(now, ada.id, nowMs + step) : meetRecord(now, one, nowMs + step).book
            const after = adaIn(now)
            if (before?.record === undefined || after?.record === undefined) throw new Error('nobody')
            expect(['newer', 'same']).toContain(successionOf(before.record, after.record))
            if (one !== 'accept') {
              const known = new Set(before.record.devices.map(({ name }) => name))
              expect(after.record.devices.every(({ name }) => known.has(name))).toBe(true)
              expect(after.checked).toEqual(before.checked)
            }
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('accepting', () => {
  it('takes the new keys, and the verification is gone', () => {
    const next = acceptChange(changed, ada.id, nowMs + 5)
    expect(adaIn(next)).toMatchObject({ record: later, change: undefined, checked: { how: 'none', atMs: nowMs + 5 } })
    expect(trustIn(next)).toBe('unverified')
    expect(acceptChange(next, ada.id, nowMs + 6)).toBe(next)
  })

  it('of somebody who is not there is refused', async () => {
    const { id } = await person(9)
    expect(() => acceptChange(book, id, nowMs)).toThrow(expect.objectContaining({ code: 'unknown-contact' }))
  })
})

describe('an identity that is replaced', async () => {
  const bob = await person(2)
  const bobCard = await card(2, 'Ada (new)')
  const replacing = replaceIdentity(book, ada.id, bobCard, nowMs + 1)

  it('waits for the user as another person would', () => {
    expect(adaIn(replacing)?.change).toMatchObject({ replacesIdentity: true, record: bobCard.record })
    expect(adaIn(replacing)?.record).toEqual(first)
    expect(meetRecord(replacing, bobCard.record, nowMs)).toEqual({ book: replacing, met: 'changed' })
  })

  it('keeps the contact closed to the former identity, and takes later records of the new one into the waiting', async () => {
    expect(meetRecord(replacing, first, nowMs)).toEqual({ book: replacing, met: 'changed' })
    expect(meetRecord(replacing, later, nowMs)).toEqual({ book: replacing, met: 'changed' })
    expect(meetRecord(replacing, await record(1, 4), nowMs)).toEqual({ book: replacing, met: 'stale' })
    const newer = await record(2, 2, [2, 5])
    expect(adaIn(meetRecord(replacing, newer, nowMs).book)?.change).toMatchObject({
      record: newer,
      replacesIdentity: true,
    })
  })

  it('is the contact once it is accepted, unverified, and the former one is nobody', () => {
    const next = acceptChange(replacing, ada.id, nowMs + 2)
    expect(contactOf(next, ada.id)).toBeUndefined()
    expect(contactOf(next, bob.id)).toMatchObject({ petname: 'Ada', record: bobCard.record, checked: { how: 'none' } })
    expect(meetRecord(next, first, nowMs).met).toBe('unknown')
  })

  it('may not be that of another contact, before or at the time of acceptance', () => {
    const both = addContact(book, bobCard, 'link', nowMs).book
    expect(() => replaceIdentity(both, ada.id, bobCard, nowMs)).toThrow(
      expect.objectContaining({ code: 'already-a-contact' }),
    )
    const bobInTheMeantime = {
      ...replacing,
      contacts: [...replacing.contacts, ...addContact(emptyBook, bobCard, 'link', nowMs).book.contacts],
    }
    expect(() => acceptChange(bobInTheMeantime, ada.id, nowMs)).toThrow(
      expect.objectContaining({ code: 'already-a-contact' }),
    )
  })

  it('with a card of the same identity is no replacement', () => {
    expect(replaceIdentity(book, ada.id, { name: 'Ada', record: later }, nowMs + 1)).toEqual(changed)
  })
})
