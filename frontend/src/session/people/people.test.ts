import { importSeed } from '@p2pigeon/core'
import {
  organisationSigner,
  personalIdentity,
  readCard,
  signPresentation,
  signRecord,
  signRoster,
  deviceIdentity,
} from '@p2pigeon/core/people'
import type { PeerId } from '@p2pigeon/core'
import { expect, test } from 'vitest'
import {
  becomes,
  fakeCard,
  FakeIncomingCall,
  FakeKeeper,
  fakeParticipant,
  fakeRecord,
  FakeRoom,
  openPeople,
  peopleNowMs,
} from '../testing/index.ts'

const ada = await fakeRecord(10)
const grace = await fakeRecord(11)
const graceChanged = await fakeRecord(11, ['Phone'], 2)

test('contacts outlive the page', async () => {
  const { people, keeper } = await openPeople()
  const contact = await people.contacts.add(await fakeCard(10), 'link', 'Aunt Ada')
  expect(contact).toMatchObject({ petname: 'Aunt Ada', claimedName: 'Person 10' })
  expect(people.contacts.trustOf(contact)).toEqual({ kind: 'unverified' })
  const { people: again } = await openPeople({ keeper })
  expect(again.contacts.find(ada.id)?.petname).toBe('Aunt Ada')
})

test('a list that cannot be read is not written over', async () => {
  const keeper = new FakeKeeper()
  await keeper.write('contacts', new Uint8Array([255, 1, 2]))
  await expect(openPeople({ keeper })).rejects.toHaveProperty('code', 'book-version')
  expect(keeper.kept.get('contacts')).toEqual(new Uint8Array([255, 1, 2]))
})

test('what another tab added is not lost', async () => {
  const keeper = new FakeKeeper()
  const { people: one } = await openPeople({ keeper })
  const { people: other } = await openPeople({ keeper })
  await one.contacts.add(await fakeCard(10), 'link')
  await other.contacts.add(await fakeCard(11), 'link')
  expect(other.contacts.book.get().contacts).toHaveLength(2)
  expect(await openPeople({ keeper }).then(({ people }) => people.contacts.book.get().contacts)).toHaveLength(2)
})

test('the own card is read by others, and is known as one’s own', async () => {
  const { people } = await openPeople()
  const { link, name } = await people.contacts.ownCard()
  expect(link).toMatch(/^https:\/\/node\.example\/#\/c\//)
  expect((await readCard(link)).name).toBe(name)
  expect(await people.contacts.readCard(link)).toEqual({ kind: 'self' })
})

test('nobody listens before there is anybody to be called by', async () => {
  const { people, ringer } = await openPeople()
  await expect(ringer()).rejects.toThrow()
  await people.contacts.ownCard()
  expect((await ringer()).listening).toBe(true)
  const { people: hidden, ringer: none } = await openPeople()
  await hidden.change({ reachable: false })
  await hidden.contacts.add(await fakeCard(10), 'link')
  await expect(none()).rejects.toThrow()
})

test('only contacts as they are known ring', async () => {
  const { people, ringer } = await openPeople()
  await people.contacts.add(await fakeCard(10), 'link')
  await people.contacts.add(await fakeCard(11), 'link')
  await people.contacts.add(await fakeCard(12), 'link')
  const { judge, known } = (await ringer()).ports
  expect(judge(ada)).toBe('ring')
  expect(judge(await fakeRecord(13))).toBe('request')
  expect(judge(await fakeRecord(11, ['Phone'], 2))).toBe('request')
  await people.contacts.block(ada.id, true)
  expect(judge(ada)).toBe('refuse')
  const outdated = await signRecord(await personalIdentity(await importSeed(new Uint8Array(32).fill(12))), {
    devices: grace.devices,
    seq: 0,
    notBeforeMs: 0,
    notAfterMs: peopleNowMs * 2,
  })
  expect(judge(outdated)).toBe('refuse')
  expect(known(ada.id)?.seq).toBe(1)
  expect(known(grace.id)?.seq).toBe(1)
})

test('a stranger is noted once, and may become a contact or not', async () => {
  const { people, ringer } = await openPeople()
  await people.contacts.ownCard()
  const { emit } = { emit: (await ringer()).emit.bind(await ringer()) }
  const dorothy = await fakeRecord(20)
  emit('requested', { record: dorothy, name: 'Dorothy' })
  emit('requested', { record: await fakeRecord(21), name: 'Mary' })
  await becomes(people.inbox.requests, (list) => list.length === 2)
  expect(await becomes(people.inbox.waiting, (count) => count === 2)).toBe(2)
  const undo = await people.inbox.decline(dorothy.id)
  expect(people.inbox.requests.get().map(({ name }) => name)).toEqual(['Mary'])
  await undo()
  await people.inbox.accept(dorothy.id, people.contacts)
  expect(people.contacts.find(dorothy.id)?.petname).toBe('Dorothy')
  await people.inbox.block((await fakeRecord(21)).id, people.contacts)
  expect(people.contacts.book.get().contacts.filter(({ blocked }) => blocked)).toHaveLength(1)
  expect(people.inbox.requests.get()).toEqual([])
})

test('keys that changed block calls in both directions until they are accepted', async () => {
  const { people, ringer } = await openPeople()
  await people.contacts.add(await fakeCard(11), 'scanned')
  const bell = await ringer()
  bell.emit('recordMet', graceChanged)
  bell.emit('requested', { record: graceChanged, name: 'Grace' })
  await becomes(people.inbox.missed, (calls) => calls.length === 1)
  expect(people.contacts.find(grace.id)?.change?.addedDevices.map(({ name }) => name)).toEqual(['Phone'])
  expect(people.inbox.requests.get()).toEqual([])
  expect(bell.ports.judge(graceChanged)).toBe('request')
  await expect(people.call(grace.id, false)).rejects.toHaveProperty('code', 'contact-changed')
  const seen = people.contacts.find(grace.id)?.change
  if (!seen) throw new TypeError('no change')
  await people.contacts.acceptChange(grace.id, seen)
  expect(bell.ports.judge(graceChanged)).toBe('ring')
  await people.call(grace.id, false)
  expect(bell.made).toHaveLength(1)
})

test('a call ends when the device that answers is a new one, and no room is made for it', async () => {
  const { people, ringer, rooms } = await openPeople()
  await people.contacts.add(await fakeCard(11), 'link')
  const bell = await ringer()
  await people.call(grace.id, true)
  const made = bell.made[0]
  made?.become({ kind: 'ringing' })
  bell.emit('recordMet', graceChanged)
  await expect(made?.terms.linkCode()).rejects.toHaveProperty('code', 'contact-changed')
  expect(people.calls.outgoing.get()?.state).toEqual({ kind: 'fault', code: 'contact-changed' })
  expect(made?.state.kind).toBe('cancelled')
  expect(rooms).toEqual([])
})

test('whoever compared the number has accepted the keys that it was of', async () => {
  const { people, ringer } = await openPeople()
  const contact = await people.contacts.add(await fakeCard(11), 'link')
  const before = await people.contacts.safetyNumber(contact.id)
  expect(before).toMatch(/^\d{60}$/)
  ;(await ringer()).emit('recordMet', graceChanged)
  await becomes(people.contacts.book, ({ contacts }) => contacts[0]?.change !== undefined)
  await people.contacts.verify(contact.id, before)
  const verified = people.contacts.find(contact.id)
  expect(verified?.change).toBeUndefined()
  expect(verified && people.contacts.trustOf(verified)).toMatchObject({ kind: 'verified', how: 'compared' })
})

test('what is accepted is what was seen, and what was compared', async () => {
  const { people, ringer } = await openPeople()
  await people.contacts.add(await fakeCard(11), 'link')
  const bell = await ringer()
  const change = async (seq: number) => {
    bell.emit('recordMet', await fakeRecord(11, ['Phone', `Device ${seq}`], seq))
    await becomes(people.contacts.book, ({ contacts }) => contacts[0]?.change?.record.seq === seq)
    return people.contacts.find(grace.id)?.change
  }
  const seen = await change(2)
  await change(3)
  if (!seen) throw new TypeError('no change')
  await expect(people.contacts.acceptChange(grace.id, seen)).rejects.toHaveProperty('code', 'change-newer')
  await expect(people.contacts.verify(grace.id, '0'.repeat(60))).rejects.toHaveProperty('code', 'change-newer')
  expect(people.contacts.find(grace.id)?.change?.record.seq).toBe(3)
})

test('somebody with a new identity waits to be accepted, and is the same contact then', async () => {
  const { people } = await openPeople()
  await people.contacts.add(await fakeCard(10), 'link', 'Aunt Ada')
  const card = await fakeCard(40)
  const contact = await people.contacts.replaceIdentity(ada.id, card)
  expect(contact.change?.replacesIdentity).toBe(true)
  if (contact.change) await people.contacts.acceptChange(ada.id, contact.change)
  expect(people.contacts.find(card.record.id)?.petname).toBe('Aunt Ada')
  expect(people.contacts.find(ada.id)).toBeUndefined()
})

test('removing a contact can be undone, verification included', async () => {
  const { people } = await openPeople()
  await people.contacts.add(await fakeCard(10), 'scanned')
  const removed = await people.contacts.remove(ada.id)
  expect(people.contacts.find(ada.id)).toBeUndefined()
  await removed?.undo()
  expect(people.contacts.find(ada.id)?.checked.how).toBe('scanned')
})

test('a call that nobody here answered is missed; one that another device took is not', async () => {
  const { people, ringer } = await openPeople()
  await people.contacts.add(await fakeCard(10), 'link')
  const bell = await ringer()
  const calls = [1, 2, 3].map(() => new FakeIncomingCall(ada, 'Ada'))
  for (const call of calls) bell.emit('incoming', call)
  expect(people.calls.incoming.get()).toHaveLength(3)
  calls[0]?.become({ kind: 'cancelled', reason: 'withdrawn' })
  calls[1]?.become({ kind: 'cancelled', reason: 'answered-elsewhere' })
  const [last] = people.calls.incoming.get()
  if (last) people.calls.decline(last)
  expect(people.calls.incoming.get()).toEqual([])
  await becomes(people.inbox.missed, (missed) => missed.length === 1)
  expect(people.inbox.missed.get()).toEqual([{ id: ada.id, video: false, atMs: peopleNowMs }])
  await people.inbox.forgetMissed(undefined)
  expect(people.inbox.missed.get()).toEqual([])
})

test('accepting gives the room’s link, and only then', async () => {
  const { people, ringer } = await openPeople()
  await people.contacts.add(await fakeCard(10), 'link')
  const call = new FakeIncomingCall(ada, 'Ada', true)
  ;(await ringer()).emit('incoming', call)
  const [view] = people.calls.incoming.get()
  if (!view) throw new TypeError('nothing rings')
  expect(await people.calls.accept(view)).toBe('code-of-theirs')
  await expect(people.calls.accept(view)).rejects.toHaveProperty('code', 'call-over')
})

test('a tab in a call says that it is busy, and calls nobody', async () => {
  const { people, ringer, call } = await openPeople()
  await people.contacts.add(await fakeCard(10), 'link')
  const bell = await ringer()
  call.set({ kind: 'joining', roomId: 'abc', returning: false })
  await Promise.resolve()
  expect(bell.busy).toBe(true)
  await expect(people.call(ada.id, false)).rejects.toHaveProperty('code', 'in-a-call')
})

test('contacts travel in an encrypted file, to oneself with all that was verified', async () => {
  const { people } = await openPeople()
  await people.contacts.add(await fakeCard(10), 'scanned', 'Aunt Ada')
  const file = await people.files.export('three grey pigeons')
  await expect(people.files.open(file, 'three grey cats')).rejects.toHaveProperty('code', 'backup-locked')
  const { people: own } = await openPeople()
  const opened = await own.files.open(file, 'three grey pigeons')
  expect(opened).toMatchObject({ own: true, contacts: [{ name: 'Aunt Ada', kind: 'new' }] })
  expect(await opened.import()).toBe(1)
  expect(own.contacts.find(ada.id)?.checked.how).toBe('scanned')
  const { people: other } = await openPeople({
    keeper: new FakeKeeper(new Uint8Array(32).fill(77), new Uint8Array(32).fill(78)),
  })
  const foreign = await other.files.open(file, 'three grey pigeons')
  expect(foreign.own).toBe(false)
  await foreign.import()
  expect(other.contacts.find(ada.id)?.checked.how).toBe('none')
})

test('an organisation is trusted once; later rosters take effect by themselves', async () => {
  const { people } = await openPeople()
  const signer = await organisationSigner(new Uint8Array(32).fill(99))
  const fields = { organisation: 'Institute', issuedAtMs: peopleNowMs, expiresAtMs: peopleNowMs * 2 }
  const member = { name: 'Grace', publicKey: grace.publicKey, record: grace }
  const first = await signRoster(signer, { ...fields, seq: 1, members: [member], revoked: [] })
  const opened = await people.files.openRoster(first.bytes)
  expect(opened.applied).toBe('untrusted')
  expect(people.contacts.book.get().contacts).toEqual([])
  expect(await opened.trust()).toBe('applied')
  const contact = people.contacts.find(grace.id)
  expect(contact && people.contacts.trustOf(contact)).toMatchObject({ how: 'roster', organisation: 'Institute' })
  const revoked = [{ publicKey: grace.publicKey, atMs: peopleNowMs }]
  const second = await signRoster(signer, { ...fields, seq: 2, members: [], revoked })
  expect((await people.files.openRoster(second.bytes)).applied).toBe('applied')
  await expect(people.call(grace.id, false)).rejects.toHaveProperty('code', 'contact-revoked')
  expect((await people.files.openRoster(first.bytes)).applied).toBe('older')
  await people.files.forgetOrganisation(first.publicKey)
  expect(contact && people.contacts.trustOf(contact)).toEqual({ kind: 'unverified' })
})

const roomId = btoa('sixteen bytes id').replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
const peerId = grace.id as string as PeerId

async function presentationOf(device: string, seq: number): Promise<Uint8Array<ArrayBuffer>> {
  const seed = new Uint8Array(32).fill(11)
  seed.set(new TextEncoder().encode(device))
  const here = await deviceIdentity(await importSeed(seed))
  const bytes = Uint8Array.from('sixteen bytes id', (character) => character.charCodeAt(0))
  return signPresentation(here, await fakeRecord(11, [device], seq), bytes, grace.publicKey)
}

test('in a room it is told who shows which identity, as the contacts are', async () => {
  const { people } = await openPeople()
  const room = new FakeRoom(roomId, 'code')
  const identities = people.identitiesIn(room)
  const shows = (presentation: Uint8Array<ArrayBuffer> | undefined): void => {
    room.paint({ participants: [fakeParticipant('G', { peerId, presentation })] })
  }
  const kind = (wanted: string) => becomes(identities.shown, (shown) => shown.get(peerId)?.kind === wanted)
  shows(await presentationOf('Laptop', 1))
  await kind('unknown')
  expect(await identities.add(peerId)).toBe('G')
  await kind('contact')
  shows(await presentationOf('Phone', 2))
  expect((await kind('changed')).get(peerId)).toMatchObject({ petname: 'G', change: { addedDevices: ['Phone'] } })
  room.hold(peerId, true)
  expect(identities.shown.get().has(peerId)).toBe(true)
  await identities.accept(peerId)
  await kind('contact')
  room.paint({ held: [] })
  expect(identities.shown.get().size).toBe(0)
  shows(new Uint8Array([1, 2, 3]))
  await kind('invalid')
  shows(await presentationOf('Laptop', 1))
  await kind('invalid')
  expect(people.contacts.find(grace.id)?.record?.seq).toBe(2)
})

test('the own identity is signed for this room and this key', async () => {
  const keeper = new FakeKeeper()
  const { people } = await openPeople({ keeper })
  const room = new FakeRoom(roomId, 'code')
  room.paint({ self: { ...room.view().self, peerId } })
  const presentation = await people.identitiesIn(room).own()
  const { people: other } = await openPeople({
    keeper: new FakeKeeper(new Uint8Array(32).fill(77), new Uint8Array(32).fill(78)),
  })
  const theirs = new FakeRoom(roomId, 'code')
  const identities = other.identitiesIn(theirs)
  theirs.paint({ participants: [fakeParticipant('A', { peerId, presentation })] })
  await becomes(identities.shown, (shown) => shown.get(peerId)?.kind === 'unknown')
})
