import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { card, dayMs, nowMs, organisation, person, record } from '../../test/contacts.ts'
import { AuthenticationError, CodecError } from '../errors/index.ts'
import type { IdentityId } from '../identity/index.ts'
import {
  acceptChange,
  addContact,
  applyRoster,
  contactOf,
  emptyBook,
  forgetOrganisation,
  markVerified,
  maxContacts,
  maxOrganisations,
  maxRosterMembers,
  meetRecord,
  organisationFingerprint,
  readRoster,
  replaceIdentity,
  signRoster,
  trustOf,
  trustOrganisation,
  type ContactBook,
  type Roster,
  type RosterFields,
  type RosterMember,
} from './index.ts'

const [acme, other] = [await organisation(), await organisation(201)]
const [ada, bob, cy] = [await person(1), await person(2), await person(3)]
const member = async (who: number, name: string): Promise<RosterMember> => {
  const { publicKey } = await person(who)
  return { name, publicKey, record: await record(who, 1) }
}
const [adaMember, bobMember] = [await member(1, 'Ada Lovelace'), await member(2, 'Bob')]
const cyMember: RosterMember = { name: 'Cy', publicKey: cy.publicKey, record: undefined }

function fields(seq: number, more: Partial<RosterFields> = {}): RosterFields {
  return {
    organisation: 'Acme',
    seq,
    issuedAtMs: nowMs,
    expiresAtMs: nowMs + 90 * dayMs,
    members: [adaMember, bobMember, cyMember],
    revoked: [],
    ...more,
  }
}

const first = await signRoster(acme, fields(1))
const trusting = trustOrganisation(emptyBook, first, nowMs).book
const revokingAda = await signRoster(
  acme,
  fields(2, { members: [bobMember], revoked: [{ publicKey: ada.publicKey, atMs: nowMs + 5 }] }),
)

const trust = (book: ContactBook, id: IdentityId, atMs = nowMs) => {
  const contact = contactOf(book, id)
  return contact && trustOf(book, contact, atMs)
}

describe('a roster file', () => {
  it('is read as it was signed, in whatever order members were given', async () => {
    expect(await readRoster(first.bytes)).toEqual(first)
    const turned = await signRoster(acme, fields(1, { members: [cyMember, bobMember, adaMember] }))
    expect(turned).toEqual(first)
    expect(first.members.map(({ name }) => name).sort()).toEqual(['Ada Lovelace', 'Bob', 'Cy'])
  })

  it('altered anywhere is refused with a type', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(first.bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const altered = first.bytes.slice()
        altered[at] = (altered[at] ?? 0) ^ flip
        await readRoster(altered).then(
          () => expect.unreachable(),
          (error: unknown) => {
            expect(error instanceof CodecError || error instanceof AuthenticationError).toBe(true)
          },
        )
      }),
      { numRuns: 150 },
    )
  })

  it.each([
    ['roster-missing', new Uint8Array()],
    ['roster-missing', new Uint8Array(300)],
    ['roster-version', Uint8Array.of(...Buffer.from('PGNr'), 2)],
    ['roster-damaged', Uint8Array.of(...Buffer.from('PGNr'), 1)],
    ['roster-damaged', first.bytes.slice(0, -1)],
    ['roster-damaged', Uint8Array.of(...first.bytes, 0)],
  ])('%s', async (code, bytes) => {
    await expect(readRoster(bytes)).rejects.toMatchObject({ code })
  })

  it('signed by somebody else is not genuine', async () => {
    const forged = first.bytes.slice()
    forged.set(other.publicKey, 5)
    await expect(readRoster(forged)).rejects.toMatchObject({ code: 'roster-not-genuine' })
  })

  it.each([
    ['a key twice', { members: [adaMember, { ...adaMember, name: 'x' }] }],
    ['a key listed and revoked', { revoked: [{ publicKey: bob.publicKey, atMs: 1 }] }],
    ['a record of somebody else', { members: [{ ...adaMember, record: bobMember.record }] }],
    ['a name that is not clean', { members: [{ ...adaMember, name: 'A\u202e' }] }],
    ['an organisation without a name', { organisation: '' }],
    ['an end before the beginning', { expiresAtMs: nowMs - 1 }],
    [
      'too many members',
      {
        members: Array.from({ length: maxRosterMembers + 1 }, (_, index) => ({
          ...cyMember,
          publicKey: new Uint8Array(32).fill(index & 255).fill(index >> 8, 16),
        })),
      },
    ],
  ])('is not made with %s', async (_, more) => {
    await expect(signRoster(acme, fields(1, more))).rejects.toMatchObject({ code: 'bad-roster' })
  })

  it('has a fingerprint of its organisation: eight groups of four', async () => {
    expect(await organisationFingerprint(acme.publicKey)).toMatch(/^([0-9a-f]{4} ){7}[0-9a-f]{4}$/)
    expect(await organisationFingerprint(other.publicKey)).not.toBe(await organisationFingerprint(acme.publicKey))
  })
})

describe('applying', () => {
  it('nothing of an organisation that the user does not trust', () => {
    expect(applyRoster(emptyBook, first, nowMs)).toEqual({ book: emptyBook, applied: 'untrusted' })
  })

  it('members become verified contacts, with or without a record, and the user does not', () => {
    expect(trust(trusting, ada.id)).toEqual({ kind: 'verified', how: 'roster', organisation: 'Acme', atMs: nowMs })
    expect(contactOf(trusting, ada.id)).toMatchObject({
      petname: 'Ada Lovelace',
      roster: 'Acme',
      record: adaMember.record,
    })
    expect(contactOf(trusting, cy.id)).toMatchObject({ petname: 'Cy', record: undefined })
    const own = trustOrganisation(emptyBook, first, nowMs, bob.id).book
    expect(contactOf(own, bob.id)).toBeUndefined()
  })

  it('a member known by key only gets a record by being met', async () => {
    const met = meetRecord(trusting, await record(3, 4), nowMs)
    expect(met.met).toBe('renewed')
    expect(contactOf(met.book, cy.id)?.record?.seq).toBe(4)
    expect(trust(met.book, cy.id)?.kind).toBe('verified')
  })

  it('vouches for who is there already, and touches no name and no verification', async () => {
    const known = markVerified(
      addContact(emptyBook, await card(1, 'My Ada'), 'link', nowMs).book,
      ada.id,
      'compared',
      nowMs,
    )
    const { book } = trustOrganisation(known, first, nowMs)
    expect(contactOf(book, ada.id)).toEqual(contactOf(known, ada.id))
    expect(trust(book, ada.id)).toMatchObject({ how: 'compared' })
  })

  it('a record with new keys waits, also when a roster brings it', async () => {
    const known = addContact(emptyBook, await card(1, 'Ada'), 'link', nowMs).book
    const changed = { ...adaMember, record: await record(1, 2, [1, 7]) }
    const { book } = trustOrganisation(known, await signRoster(acme, fields(1, { members: [changed] })), nowMs)
    expect(contactOf(book, ada.id)?.change?.record).toEqual(changed.record)
    expect(trust(acceptChange(book, ada.id, nowMs), ada.id)).toMatchObject({ kind: 'verified', how: 'roster' })
  })

  it('vouches for a replaced identity only if it lists the new one', async () => {
    const known = addContact(emptyBook, await card(5, 'Eve'), 'link', nowMs).book
    const { id } = await person(5)
    const listed = acceptChange(replaceIdentity(known, id, await card(1, 'Eve'), nowMs), id, nowMs)
    expect(trust(trustOrganisation(listed, first, nowMs).book, ada.id)?.kind).toBe('verified')
    const unlisted = acceptChange(replaceIdentity(known, id, await card(6, 'Eve'), nowMs), id, nowMs)
    expect(trust(trustOrganisation(unlisted, first, nowMs).book, (await person(6)).id)?.kind).toBe('unverified')
  })

  it('an older one, the same, and another one of the same seq change nothing', async () => {
    const { book } = applyRoster(trusting, await signRoster(acme, fields(2)), nowMs)
    expect(applyRoster(book, first, nowMs)).toEqual({ book, applied: 'older' })
    expect(applyRoster(book, await signRoster(acme, fields(2)), nowMs)).toEqual({ book, applied: 'unchanged' })
    const second = await signRoster(acme, fields(2, { members: [cyMember] }))
    expect(applyRoster(book, second, nowMs)).toEqual({ book, applied: 'conflicting' })
  })

  it('of another key under the name of a trusted organisation is refused, in whatever letters', async () => {
    for (const name of ['Acme', 'ACME', 'Ａｃｍｅ']) {
      const imitation = await signRoster(other, fields(9, { organisation: name }))
      expect(applyRoster(trusting, imitation, nowMs)).toEqual({ book: trusting, applied: 'other-key' })
      expect(trustOrganisation(trusting, imitation, nowMs)).toEqual({ book: trusting, applied: 'other-key' })
    }
  })

  it('one whose time is over is not trusted first, and vouches for nobody; of a trusted one its revocations count', async () => {
    const late = nowMs + 100 * dayMs
    expect(trustOrganisation(emptyBook, first, late)).toEqual({ book: emptyBook, applied: 'expired' })
    expect(trust(trusting, ada.id, late)).toEqual({ kind: 'unverified' })
    const { book, applied } = applyRoster(trusting, revokingAda, late)
    expect(applied).toBe('expired')
    expect(trust(book, ada.id, late)).toMatchObject({ kind: 'revoked' })
    expect(trust(book, bob.id, late)).toEqual({ kind: 'unverified' })
  })

  it('one that is to come changes nothing', async () => {
    const early = await signRoster(acme, fields(3, { issuedAtMs: nowMs + 2 * dayMs }))
    expect(applyRoster(trusting, early, nowMs)).toEqual({ book: trusting, applied: 'early' })
    expect(trustOrganisation(emptyBook, early, nowMs)).toEqual({ book: emptyBook, applied: 'early' })
  })

  it('whoever is missing in a later one is unverified again, and stays a contact', async () => {
    const { book } = applyRoster(trusting, await signRoster(acme, fields(2, { members: [bobMember] })), nowMs)
    expect(trust(book, ada.id)).toEqual({ kind: 'unverified' })
  })

  it('to more contacts than fit is refused, before anything is changed', () => {
    const contact = trusting.contacts[0]
    if (contact === undefined) throw new Error('nobody')
    const strangers = Array.from({ length: maxContacts - 2 }, (_, index) => ({
      ...contact,
      id: String(index) as IdentityId,
    }))
    expect(() => trustOrganisation({ ...emptyBook, contacts: strangers }, first, nowMs)).toThrow(
      expect.objectContaining({ code: 'too-many-contacts' }),
    )
  })

  it('a further organisation than fits is refused', () => {
    const [trusted] = trusting.rosters
    if (trusted === undefined) throw new Error('none')
    const rosters = Array.from({ length: maxOrganisations }, (_, index) => {
      const roster: Roster = { ...first, organisation: String(index), publicKey: new Uint8Array(32).fill(index) }
      return { ...trusted, roster }
    })
    expect(() => trustOrganisation({ ...emptyBook, rosters }, first, nowMs)).toThrow(
      expect.objectContaining({ code: 'too-many-organisations' }),
    )
  })

  it('an organisation that is forgotten vouches for nobody; its people stay', () => {
    const book = forgetOrganisation(trusting, acme.publicKey)
    expect(book.rosters).toEqual([])
    expect(trust(book, ada.id)).toEqual({ kind: 'unverified' })
  })
})

describe('precedence', () => {
  const { book } = applyRoster(trusting, revokingAda, nowMs)

  it('a revocation beats the own verification before it, and any other organisation', async () => {
    const before = markVerified(book, ada.id, 'compared', nowMs + 5)
    expect(trust(before, ada.id)).toEqual({ kind: 'revoked', organisation: 'Acme', atMs: nowMs + 5 })
    const club = await signRoster(other, fields(1, { organisation: 'Club', members: [adaMember] }))
    expect(trust(trustOrganisation(book, club, nowMs).book, ada.id)?.kind).toBe('revoked')
  })

  it('the own verification after it beats the revocation', () => {
    expect(trust(markVerified(book, ada.id, 'scanned', nowMs + 6), ada.id)).toMatchObject({
      kind: 'verified',
      how: 'scanned',
    })
  })

  it('the latest of two revocations is named', async () => {
    const revoked = [{ publicKey: ada.publicKey, atMs: nowMs + 50 }]
    const club = await signRoster(other, fields(1, { organisation: 'Club', members: [], revoked }))
    expect(trust(trustOrganisation(book, club, nowMs).book, ada.id)).toMatchObject({
      organisation: 'Club',
      atMs: nowMs + 50,
    })
  })

  it('a revoked key that its organisation lists again is trusted again', async () => {
    const back = applyRoster(book, await signRoster(acme, fields(3)), nowMs).book
    expect(trust(back, ada.id)).toMatchObject({ kind: 'verified', how: 'roster' })
  })
})
