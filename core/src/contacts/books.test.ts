import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { card, dayMs, nowMs, organisation, person, record, withoutNostr } from '../../test/contacts.ts'
import { toHex } from '../bytes/index.ts'
import { AuthenticationError, CodecError } from '../errors/index.ts'
import {
  acceptChange,
  addContact,
  blockContact,
  contactOf,
  decodeBook,
  emptyBook,
  encodeBook,
  exportBook,
  importBook,
  markVerified,
  mergeBooks,
  meetRecord,
  readExport,
  removeContact,
  renameContact,
  replaceIdentity,
  signRoster,
  trustOf,
  trustOrganisation,
  unverify,
  type ContactBook,
} from './index.ts'
import { decodeForeignBook } from './book-codec.ts'

const owner = await person(50)
const ownKeys = [owner.publicKey]
const people = await Promise.all([1, 2, 3].map(person))
const cards = await Promise.all([1, 2, 3, 4].map((who) => card(who, `Person ${String(who)}`)))
const records = await Promise.all(
  [1, 2, 3].flatMap((who) => [
    record(who, 2, [who, 10]),
    record(who, 3, [who, 10, 11]),
    record(who, 3, [who]),
    record(who, 4, [who, 12]),
  ]),
)
const rosters = await Promise.all(
  [
    [200, 1],
    [200, 2],
    [201, 1],
  ].map(async ([key = 0, seq = 0]) =>
    signRoster(await organisation(key), {
      organisation: `Organisation ${String(key)}`,
      seq,
      issuedAtMs: nowMs,
      expiresAtMs: nowMs + dayMs,
      members: people.slice(0, seq).map(({ publicKey }) => ({ name: 'Member', publicKey, record: undefined })),
      revoked: people.slice(2).map(({ publicKey }) => ({ publicKey, atMs: nowMs })),
    }),
  ),
)

/** Anything a user and the world may do to a book, at some time. */
const act: fc.Arbitrary<(book: ContactBook, atMs: number) => ContactBook> = fc.oneof(
  fc
    .constantFrom(...cards)
    .chain((one) =>
      fc
        .constantFrom('link' as const, 'scanned' as const)
        .map((how) => (book: ContactBook, atMs: number) => addContact(book, one, how, atMs).book),
    ),
  fc.constantFrom(...records).map((one) => (book: ContactBook, atMs: number) => meetRecord(book, one, atMs).book),
  fc
    .constantFrom(...rosters)
    .map((one) => (book: ContactBook, atMs: number) => trustOrganisation(book, one, atMs, owner.id).book),
  fc.constantFrom(...people).chain(({ id }) =>
    fc.constantFrom(
      (book: ContactBook, atMs: number) => acceptChange(book, id, atMs),
      (book: ContactBook, atMs: number) => renameContact(book, id, `Name ${String(atMs)}`, atMs),
      (book: ContactBook, atMs: number) => blockContact(book, id, atMs % 2 === 0, atMs),
      (book: ContactBook, atMs: number) => markVerified(book, id, 'compared', atMs),
      (book: ContactBook, atMs: number) => unverify(book, id, atMs),
      (book: ContactBook) => removeContact(book, id),
      (book: ContactBook, atMs: number) => replaceIdentity(book, id, cards[3] ?? cards[0]!, atMs),
    ),
  ),
)
const books: fc.Arbitrary<ContactBook> = fc.array(fc.tuple(act, fc.nat(50)), { maxLength: 25 }).map((script) =>
  script.reduce((book, [one, after]) => {
    try {
      return one(book, nowMs + after)
    } catch {
      // Not possible in this book: then it does not happen.
      return book
    }
  }, emptyBook),
)

const [ada] = people
if (ada === undefined) throw new Error('nobody')
const adaCard = cards[0] ?? (await card(1, 'Ada'))
const verifiedAda = markVerified(addContact(emptyBook, adaCard, 'link', nowMs).book, ada.id, 'compared', nowMs)

describe('a book in bytes', () => {
  it('survives the round trip, as it was kept and verified anew', async () => {
    await fc.assert(
      fc.asyncProperty(books, async (book) => {
        expect(await decodeBook(encodeBook(book))).toEqual(book)
        expect(await decodeForeignBook(encodeBook(book))).toEqual(book)
      }),
      { numRuns: 60 },
    )
  })

  it('B10: keeps in mind that a Nostr key is not signed for, and from elsewhere believes no flag', async () => {
    const { record: genuine, name } = adaCard
    const book = addContact(emptyBook, { name, record: withoutNostr(genuine) }, 'link', nowMs).book
    expect(await decodeBook(encodeBook(book))).toEqual(book)
    await expect(decodeForeignBook(encodeBook(book))).rejects.toMatchObject({ code: 'bad-value' })
  })

  it('A8: from elsewhere a record that its owner did not sign is refused', async () => {
    const forged = { ...adaCard.record, bytes: adaCard.record.bytes.with(-1, 1) }
    const book = addContact(emptyBook, { ...adaCard, record: forged }, 'link', nowMs).book
    await expect(decodeForeignBook(encodeBook(book))).rejects.toBeInstanceOf(AuthenticationError)
  })

  it.each([
    ['kept', decodeBook],
    ['foreign', decodeForeignBook],
  ])('altered or cut, %s, is refused with a type, or is the one form of another book', async (_, decode) => {
    const bytes = encodeBook(trustOrganisation(verifiedAda, rosters[0]!, nowMs).book)
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), fc.boolean(), async (at, value, isCut) => {
        const altered = isCut ? bytes.slice(0, at) : bytes.slice()
        if (!isCut) altered[at] = value
        try {
          expect(toHex(encodeBook(await decode(altered)))).toBe(toHex(altered))
        } catch (error) {
          if (!(error instanceof CodecError) && !(error instanceof AuthenticationError)) throw error
        }
      }),
      { numRuns: 200 },
    )
  })

  it('of a later version is told from damage', async () => {
    await expect(decodeBook(Uint8Array.of(2, 0, 0, 0))).rejects.toMatchObject({ code: 'book-version' })
    await expect(decodeBook(Uint8Array.of(1, 0xff, 0xff, 0))).rejects.toMatchObject({ code: 'too-long' })
  })

  it('with a waiting record that is not later than the accepted one is refused', async () => {
    const book = meetRecord(verifiedAda, records[0]!, nowMs).book
    const contact = contactOf(book, ada.id)
    if (contact?.change === undefined) throw new Error('nothing waits')
    const forged = { ...book, contacts: [{ ...contact, record: contact.change.record }] }
    await expect(decodeBook(encodeBook(forged))).rejects.toMatchObject({ code: 'bad-value' })
  })
})

describe('merging', () => {
  it('depends on no order, and twice is once', () => {
    fc.assert(
      fc.property(books, books, books, (a, b, c) => {
        const all = mergeBooks(mergeBooks(a, b), c)
        expect(mergeBooks(a, mergeBooks(b, c))).toEqual(all)
        expect(mergeBooks(mergeBooks(c, a), b)).toEqual(all)
        expect(mergeBooks(a, b)).toEqual(mergeBooks(b, a))
        expect(mergeBooks(all, b)).toEqual(all)
        expect(mergeBooks(a, a)).toEqual(a)
      }),
      { numRuns: 400 },
    )
  })

  it('never verifies what neither of the two has verified, nor opens a contact that waits in both', () => {
    fc.assert(
      fc.property(books, books, (a, b) => {
        for (const contact of mergeBooks(a, b).contacts) {
          const before = [contactOf(a, contact.id), contactOf(b, contact.id)].filter((one) => one !== undefined)
          if (contact.checked.how !== 'none') {
            expect(
              before.some(({ checked, record: known }) => checked.how !== 'none' && known === contact.record),
            ).toBe(true)
          }
          if (before.length === 2 && before.every(({ change }) => change !== undefined)) {
            expect(contact.change).toBeDefined()
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('takes the verification with the keys that it was of', () => {
    const later = acceptChange(meetRecord(verifiedAda, records[0]!, nowMs + 1).book, ada.id, nowMs + 2)
    const checkedAgain = unverify(markVerified(verifiedAda, ada.id, 'compared', nowMs + 9), ada.id, nowMs + 8)
    for (const older of [verifiedAda, checkedAgain]) {
      const contact = contactOf(mergeBooks(later, older), ada.id)
      expect(contact).toMatchObject({ record: records[0], checked: { how: 'none' } })
    }
  })
})

describe('export and import', () => {
  it('of one’s own is the identity, for an empty book and for itself', async () => {
    await fc.assert(
      fc.asyncProperty(books, async (book) => {
        const exported = await readExport(await exportBook(book, owner))
        expect(importBook(emptyBook, exported, ownKeys, nowMs)).toEqual(book)
        expect(importBook(book, exported, ownKeys, nowMs)).toEqual(book)
      }),
      { numRuns: 40 },
    )
  })

  it('of somebody else brings people alone: no verification, organisation, block or accepted key', async () => {
    const stranger = await person(60)
    const theirs = trustOrganisation(
      markVerified(
        addContact(addContact(emptyBook, adaCard, 'scanned', nowMs).book, cards[1]!, 'scanned', nowMs).book,
        ada.id,
        'compared',
        nowMs,
      ),
      rosters[0]!,
      nowMs,
    ).book
    const exported = await readExport(await exportBook(theirs, stranger))
    const book = importBook(emptyBook, exported, ownKeys, nowMs)
    expect(book.rosters).toEqual([])
    expect(book.contacts).toHaveLength(2)
    for (const contact of book.contacts) expect(trustOf(book, contact, nowMs)).toEqual({ kind: 'unverified' })
    // What is here already is met, not overwritten.
    const changed = acceptChange(meetRecord(theirs, records[0]!, nowMs).book, ada.id, nowMs)
    const after = importBook(verifiedAda, await readExport(await exportBook(changed, stranger)), ownKeys, nowMs)
    expect(contactOf(after, ada.id)).toMatchObject({ record: adaCard.record, checked: { how: 'compared' } })
    expect(contactOf(after, ada.id)?.change).toBeDefined()
  })

  it('of somebody else does not make oneself a contact, and skips keys without a record', async () => {
    const ownCard = { name: 'Me', record: await record(50, 1) }
    const theirs = trustOrganisation(addContact(emptyBook, ownCard, 'link', nowMs).book, rosters[0]!, nowMs).book
    const exported = await readExport(await exportBook(theirs, await person(60)))
    expect(importBook(emptyBook, exported, ownKeys, nowMs)).toEqual(emptyBook)
  })

  it('altered by anybody is refused', async () => {
    const bytes = await exportBook(verifiedAda, owner)
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const altered = bytes.slice()
        altered[at] = (altered[at] ?? 0) ^ flip
        await readExport(altered).then(
          () => expect.unreachable(),
          (error: unknown) => {
            expect(error instanceof CodecError || error instanceof AuthenticationError).toBe(true)
          },
        )
      }),
      { numRuns: 100 },
    )
  })

  it('another file, a later version and a cut file are told apart', async () => {
    const bytes = await exportBook(emptyBook, owner)
    await expect(readExport(rosters[0]!.bytes)).rejects.toMatchObject({ code: 'contacts-missing' })
    await expect(readExport(bytes.with(4, 2))).rejects.toMatchObject({ code: 'contacts-version' })
    await expect(readExport(bytes.slice(0, -1))).rejects.toMatchObject({ code: 'contacts-damaged' })
  })
})
