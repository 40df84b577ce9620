import { describe, expect, it } from 'vitest'
import { card, dayMs, nowMs, person, record } from '../../test/contacts.ts'
import { LimitError, UsageError } from '../errors/index.ts'
import {
  addContact,
  blockContact,
  contactOf,
  emptyBook,
  markVerified,
  maxContacts,
  removeContact,
  renameContact,
  replaceIdentity,
  trustOf,
  unverify,
  type ContactBook,
} from './index.ts'

const [ada, bob] = [await person(1), await person(2)]
const adaCard = await card(1, 'Ada')
const withAda = addContact(emptyBook, adaCard, 'link', nowMs).book

function trust(book: ContactBook, id = ada.id) {
  const contact = contactOf(book, id)
  return contact && trustOf(book, contact, nowMs)
}

describe('adding', () => {
  it('somebody new', () => {
    const { book, added } = addContact(emptyBook, adaCard, 'link', nowMs)
    expect(added).toBe('added')
    expect(contactOf(book, ada.id)).toMatchObject({
      petname: 'Ada',
      claimedName: 'Ada',
      addedAtMs: nowMs,
      blocked: false,
    })
    expect(trust(book)).toEqual({ kind: 'unverified' })
    expect(emptyBook.contacts).toEqual([])
  })

  it('from a code that was scanned in person is a verification; a link, or a room, is none', () => {
    expect(trust(addContact(emptyBook, adaCard, 'scanned', nowMs).book)).toEqual({
      kind: 'verified',
      how: 'scanned',
      atMs: nowMs,
    })
    expect(trust(addContact(emptyBook, adaCard, 'room', nowMs).book)).toEqual({ kind: 'unverified' })
    expect(trust(addContact(withAda, adaCard, 'scanned', nowMs + 1).book)).toMatchObject({ how: 'scanned' })
    expect(trust(addContact(withAda, adaCard, 'link', nowMs + 1).book)).toEqual({ kind: 'unverified' })
  })

  it('somebody who is there keeps the petname, and says another name', () => {
    const named = renameContact(withAda, ada.id, 'My Ada', nowMs + 1)
    const { book, added } = addContact(named, { ...adaCard, name: 'Bank' }, 'link', nowMs + 2)
    expect(added).toBe('unchanged')
    expect(contactOf(book, ada.id)).toMatchObject({ petname: 'My Ada', claimedName: 'Bank' })
  })

  it('a scanned card with new keys still waits for the user', async () => {
    const { book, added } = addContact(
      withAda,
      { name: 'Ada', record: await record(1, 2, [1, 2]) },
      'scanned',
      nowMs + 1,
    )
    expect(added).toBe('changed')
    expect(trust(book)).toEqual({ kind: 'unverified' })
    expect(contactOf(book, ada.id)?.change).toBeDefined()
  })

  it('B10: a card whose time is over, or an older one, adds nothing', async () => {
    const over = { name: 'Ada', record: await record(1, 1, [1], { notAfterMs: nowMs - 2 * dayMs, notBeforeMs: 0 }) }
    expect(addContact(emptyBook, over, 'link', nowMs)).toEqual({ book: emptyBook, added: 'stale' })
    const newer = addContact(emptyBook, await card(1, 'Ada', 5), 'link', nowMs).book
    expect(addContact(newer, adaCard, 'scanned', nowMs)).toEqual({ book: newer, added: 'stale' })
  })

  it('more than fit is refused', () => {
    const contact = withAda.contacts[0]
    if (contact === undefined) throw new Error('nobody')
    const full = { ...emptyBook, contacts: Array.from({ length: maxContacts }, () => ({ ...contact, id: bob.id })) }
    expect(() => addContact(full, adaCard, 'link', nowMs)).toThrow(LimitError)
  })

  it('keeps the book in one order', async () => {
    const others = await Promise.all([2, 3, 4, 5].map((who) => card(who, 'x')))
    const forwards = others.reduce((book, one) => addContact(book, one, 'link', nowMs).book, withAda)
    const backwards = others.toReversed().reduce((book, one) => addContact(book, one, 'link', nowMs).book, withAda)
    expect(forwards).toEqual(backwards)
  })
})

describe('the user', () => {
  it('renames, blocks, forgets', () => {
    expect(contactOf(renameContact(withAda, ada.id, ' Ada  L\u202e ', nowMs), ada.id)?.petname).toBe('Ada L')
    expect(() => renameContact(withAda, ada.id, '\u200b', nowMs)).toThrow(UsageError)
    const blocked = blockContact(withAda, ada.id, true, nowMs)
    expect(contactOf(blocked, ada.id)?.blocked).toBe(true)
    expect(contactOf(blockContact(blocked, ada.id, false, nowMs), ada.id)?.blocked).toBe(false)
    expect(removeContact(withAda, ada.id)).toEqual(emptyBook)
    expect(removeContact(withAda, bob.id)).toEqual(withAda)
  })

  it('verifies, and takes it back', () => {
    const verified = markVerified(withAda, ada.id, 'compared', nowMs)
    expect(trust(verified)).toEqual({ kind: 'verified', how: 'compared', atMs: nowMs })
    expect(trust(unverify(verified, ada.id, nowMs + 1))).toEqual({ kind: 'unverified' })
  })

  it('verifies nobody whose keys are in doubt', async () => {
    const changing = replaceIdentity(withAda, ada.id, await card(3, 'Ada'), nowMs)
    expect(() => markVerified(changing, ada.id, 'compared', nowMs)).toThrow(
      expect.objectContaining({ code: 'change-pending' }),
    )
  })

  it.each([
    () => renameContact(withAda, bob.id, 'x', nowMs),
    () => blockContact(withAda, bob.id, true, nowMs),
    () => markVerified(withAda, bob.id, 'compared', nowMs),
    () => unverify(withAda, bob.id, nowMs),
  ])('does nothing to somebody who is not in the book: %#', (act) => {
    expect(act).toThrow(expect.objectContaining({ code: 'unknown-contact' }))
  })
})
