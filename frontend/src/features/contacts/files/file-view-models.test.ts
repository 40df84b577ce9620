import { organisationSigner, signRoster } from '@p2pigeon/core/people'
import { expect, test } from 'vitest'
import { fakeCard, fakeRecord, openPeople, peopleNowMs } from '../../../session/testing/index.ts'
import { contactsText as words } from '../../../text/contacts/index.ts'
import { ExportViewModel, ImportViewModel, RosterViewModel } from './file-view-models.ts'

test('a passphrase is long enough and written twice, then the file is saved', async () => {
  const saved: string[] = []
  const model = new ExportViewModel({
    minPassphraseLength: 8,
    seal: () => Promise.resolve(new Uint8Array([1])),
    save: (_file, name) => saved.push(name),
  })
  await model.save('short', 'short')
  expect(model.state.get()).toMatchObject({ fault: { field: 'new' } })
  await model.save('long enough', 'long enouhg')
  expect(model.state.get()).toMatchObject({ fault: { field: 'again' } })
  await model.save('long enough', 'long enough')
  expect(model.state.get()).toEqual({ kind: 'saved' })
  expect(saved).toEqual([words.files.name])
})

test('a browser that cannot seal says so', async () => {
  const model = new ExportViewModel({
    minPassphraseLength: 8,
    seal: () => Promise.reject(new TypeError('no')),
    save: () => {},
  })
  await model.save('long enough', 'long enough')
  expect(model.state.get()).toEqual({ kind: 'failed' })
})

test('a file is previewed before it counts', async () => {
  const { people: other } = await openPeople()
  await other.contacts.add(await fakeCard(10), 'link')
  const file = await other.files.export('grey pigeons')
  const { people } = await openPeople()
  const done: number[] = []
  const model = new ImportViewModel({
    open: (bytes, passphrase) => people.files.open(bytes, passphrase),
    done: (added) => done.push(added),
  })
  model.choose(new Uint8Array([1, 2, 3]))
  await model.open('grey pigeons')
  expect(model.state.get()).toEqual({ kind: 'choosing', fault: words.files.notAFile })
  model.choose(file)
  await model.open('grey cats')
  expect(model.state.get()).toMatchObject({ kind: 'locked', fault: words.files.wrong })
  await model.open('grey pigeons')
  expect(model.state.get()).toMatchObject({ kind: 'preview', opened: { contacts: [{ kind: 'new' }] } })
  expect(people.contacts.book.get().contacts).toEqual([])
  await model.import()
  expect(done).toEqual([1])
})

test('an organisation is asked about once; what is wrong with a roster is said', async () => {
  const { people } = await openPeople()
  const signer = await organisationSigner(new Uint8Array(32).fill(9))
  const member = await fakeRecord(10)
  const roster = (seq: number, expiresAtMs = peopleNowMs * 2, by = signer) =>
    signRoster(by, {
      organisation: 'Institute',
      seq,
      issuedAtMs: Math.min(peopleNowMs, expiresAtMs - 1),
      expiresAtMs,
      members: [{ name: 'Ada', publicKey: member.publicKey, record: undefined }],
      revoked: [],
    })
  const said: string[] = []
  const model = new RosterViewModel({
    open: (file) => people.files.openRoster(file),
    done: (words) => said.push(words),
  })
  const { bytes } = await roster(2)
  const forged = bytes.slice()
  forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1
  await model.read(forged)
  expect(model.state.get()).toEqual({ kind: 'choosing', fault: words.roster.forged })
  await model.read(bytes)
  expect(model.state.get()).toMatchObject({ kind: 'asking', busy: false })
  await model.trust()
  await model.read((await roster(3)).bytes)
  expect(said).toEqual([words.roster.accepted('Institute'), words.roster.updated('Institute')])
  for (const [file, fault] of [
    [await roster(1), words.roster.refused.older],
    [await roster(3), words.roster.refused.unchanged],
    [await roster(9, 1_000), words.roster.refused.expired],
    [
      await roster(9, peopleNowMs * 2, await organisationSigner(new Uint8Array(32).fill(8))),
      words.roster.refused['other-key'],
    ],
  ] as const) {
    await model.read(file.bytes)
    expect(model.state.get()).toEqual({ kind: 'choosing', fault })
  }
  await model.read(new Uint8Array([1]))
  expect(model.state.get()).toEqual({ kind: 'choosing', fault: words.roster.notARoster })
})
