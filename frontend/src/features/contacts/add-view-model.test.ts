import { encodeCard } from '@p2pigeon/core/people'
import { expect, test } from 'vitest'
import { fakeCard, fakeRecord, openPeople } from '../../session/testing/index.ts'
import { contactsText as words } from '../../text/contacts/index.ts'
import { AddViewModel, type AddChoice } from './add-view-model.ts'

const card = await fakeCard(10, 'Ada')
const code = await encodeCard(card)
const choice: AddChoice = { petname: 'Aunt Ada', inPerson: false, replaces: undefined }

async function setUp(picture: () => Promise<string | undefined> = () => Promise.resolve(code)) {
  const { people } = await openPeople()
  return { people, model: new AddViewModel({ contacts: people.contacts, readPicture: picture }) }
}

test('a link shows whose it is before anything is added', async () => {
  const { people, model } = await setUp()
  await model.read(code, 'link')
  expect(model.state.get()).toMatchObject({ kind: 'preview', card: { name: 'Ada' }, source: 'link' })
  expect(people.contacts.book.get().contacts).toEqual([])
  await model.add({ ...choice, inPerson: true })
  expect(model.state.get()).toMatchObject({ kind: 'added', contact: { petname: 'Aunt Ada', checked: { how: 'none' } } })
})

test('only the camera can see a code in person, and only if the user says so', async () => {
  for (const [source, inPerson, how] of [
    ['camera', true, 'scanned'],
    ['camera', false, 'none'],
    ['picture', true, 'none'],
  ] as const) {
    const { model } = await setUp()
    await model.read(code, source)
    await model.add({ ...choice, inPerson })
    expect(model.state.get()).toMatchObject({ kind: 'added', contact: { checked: { how } } })
  }
})

test.each([
  ['', 'not a contact link'],
  [code.slice(0, 40), 'cut off'],
  [`${code.slice(0, -4)}AAAA`, 'damaged'],
])('%s is explained in place', async (typed, said) => {
  const { model } = await setUp()
  await model.read(typed, 'link')
  const state = model.state.get()
  expect(state.kind === 'entry' && state.fault?.title).toContain(said)
})

test('another code, or a picture without one, is said to be that', async () => {
  const { model } = await setUp(() => Promise.resolve(undefined))
  await model.read('https://example.org/menu', 'camera')
  expect(model.state.get()).toMatchObject({ kind: 'entry', fault: { title: words.scan.notOurs } })
  await model.readPicture(new Blob())
  expect(model.state.get()).toMatchObject({ kind: 'entry', fault: { title: words.scan.noCode } })
})

test('somebody known, with or without other keys, and oneself are told', async () => {
  const { people, model } = await setUp()
  await people.contacts.add(card, 'link')
  await model.read(code, 'link')
  expect(model.state.get()).toMatchObject({ kind: 'known', changed: false })
  await model.read(await encodeCard({ name: 'Ada', record: await fakeRecord(10, ['Phone'], 2) }), 'link')
  expect(model.state.get()).toMatchObject({ kind: 'known', changed: true })
  await model.read((await people.contacts.ownCard()).link, 'link')
  expect(model.state.get()).toEqual({ kind: 'self' })
})

test('a new identity of somebody known waits to be accepted', async () => {
  const { people, model } = await setUp()
  const grace = await people.contacts.add(await fakeCard(11, 'Grace'), 'scanned')
  await model.read(code, 'camera')
  await model.add({ ...choice, inPerson: true, replaces: grace.id })
  expect(model.state.get()).toMatchObject({ kind: 'replaced', contact: { change: { replacesIdentity: true } } })
})
