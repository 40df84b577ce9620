import type { Contact, KeyChange } from '@p2pigeon/core/people'
import { expect, test } from 'vitest'
import { fakeCard, fakeRecord, openPeople, peopleNowMs as nowMs } from '../../session/testing/index.ts'
import { contactsText as words } from '../../text/contacts/index.ts'
import { changedContacts, changeLines, groupsOf, trustLine } from './contact-words.ts'

const { people } = await openPeople()
const contact = await people.contacts.add(await fakeCard(10), 'link')
const change: KeyChange = {
  record: await fakeRecord(10, ['Phone'], 2),
  noticedAtMs: nowMs,
  addedDevices: (await fakeRecord(10, ['Phone'], 2)).devices,
  removedDevices: contact.record?.devices ?? [],
  nostrChanged: false,
  replacesIdentity: false,
}
const verified = { kind: 'verified', how: 'compared', atMs: nowMs } as const
const revoked = { kind: 'revoked', organisation: 'Institute', atMs: nowMs } as const
const line = (part: Partial<Contact>, trust: Parameters<typeof trustLine>[1]) =>
  trustLine({ ...contact, ...part }, trust, nowMs)

test('the worst that is known of a contact is said first', () => {
  expect(line({}, { kind: 'unverified' })).toEqual({ words: words.trust.unverified, look: 'warn' })
  expect(line({}, verified)).toEqual({ words: words.trust.compared('just now'), look: 'good' })
  expect(line({}, { ...verified, how: 'roster', organisation: 'Institute' })).toEqual({
    words: words.trust.roster('Institute'),
    look: 'good',
  })
  expect(line({ record: undefined }, { kind: 'unverified' }).words).toBe(words.trust.notMet)
  expect(line({ change }, verified)).toEqual({ words: words.trust.changed, look: 'danger' })
  expect(line({ change }, revoked).words).toBe(words.trust.revoked('Institute'))
  expect(line({ change, blocked: true }, revoked).words).toBe(words.trust.blocked)
})

test('a change of keys is told device by device', () => {
  expect(changeLines(change, nowMs)).toEqual([
    words.change.added('Phone', '3 days ago'),
    words.change.removedDevice('Laptop'),
  ])
  const replaced = { ...change, addedDevices: [], removedDevices: [], nostrChanged: true, replacesIdentity: true }
  expect(changeLines(replaced, nowMs)).toEqual([words.change.identity])
  expect(changeLines({ ...replaced, replacesIdentity: false }, nowMs)).toEqual([words.change.nostr])
  expect(changeLines({ ...replaced, replacesIdentity: false, nostrChanged: false }, nowMs)).toEqual([
    words.change.renewed,
  ])
})

test('nobody is asked about keys of somebody blocked', () => {
  const contacts = [contact, { ...contact, change }, { ...contact, change, blocked: true }]
  expect(changedContacts({ contacts, rosters: [] })).toEqual([contacts[1]])
})

test('a number is read in groups of five', () => {
  expect(groupsOf('1'.repeat(60))).toEqual(Array.from({ length: 12 }, () => '11111'))
})
