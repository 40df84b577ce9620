import { expect, test } from 'vitest'
import { becomes, fakeCard, fakeRecord, openPeople, peopleNowMs } from '../../session/testing/index.ts'
import { contactsText as words } from '../../text/contacts/index.ts'
import { ContactsViewModel, type ContactsPorts } from './contacts-view-model.ts'

async function setUp(part: Partial<ContactsPorts> = {}) {
  const opened = await openPeople()
  const { people } = opened
  const said: string[] = []
  const undos: (() => void)[] = []
  const model = new ContactsViewModel({
    people,
    toast: (words, undo) => {
      said.push(words)
      if (undo) undos.push(undo)
    },
    complain: (words) => said.push(`fault: ${words}`),
    copy: () => Promise.resolve(),
    now: () => peopleNowMs,
    write: () => Promise.resolve(),
    ...part,
  })
  return { ...opened, model, said, undos }
}

const ids = await Promise.all([1, 2, 3, 4].map(async (who) => (await fakeRecord(who + 20)).id))
const [ada, grace] = ids as [(typeof ids)[number], (typeof ids)[number]]

async function fill({ people }: Awaited<ReturnType<typeof setUp>>): Promise<void> {
  for (const [index, name] of ['Ada', 'grace', 'Émilie', 'Zoë'].entries()) {
    await people.contacts.add(await fakeCard(21 + index, name), 'link')
  }
}

test('the list is by name, those whose keys changed first and those blocked last', async () => {
  const page = await setUp()
  await fill(page)
  const names = () => page.model.rows().map(({ name }) => name)
  expect(names()).toEqual(['Ada', 'Émilie', 'grace', 'Zoë'])
  await page.people.contacts.block(ada, true)
  ;(await page.ringer()).emit('recordMet', await fakeRecord(24, ['Phone'], 2))
  await becomes(page.people.contacts.book, ({ contacts }) => contacts.some(({ change }) => change))
  expect(names()).toEqual(['Zoë', 'Émilie', 'grace', 'Ada'])
  expect(page.model.rows().map(({ callable }) => callable)).toEqual([false, true, true, false])
})

test('a search looks at both names', async () => {
  const page = await setUp()
  await fill(page)
  await page.model.rename(grace, 'Admiral')
  page.model.search(' gra ')
  expect(page.model.rows().map(({ name }) => name)).toEqual(['Admiral'])
  page.model.search('nobody')
  expect(page.model.rows()).toEqual([])
})

test('removing and blocking can be undone', async () => {
  const page = await setUp()
  await fill(page)
  await page.model.remove(grace)
  expect(page.said).toEqual([words.removed('grace')])
  page.undos[0]?.()
  await becomes(page.people.contacts.book, ({ contacts }) => contacts.length === 4)
  await page.model.block(grace, true)
  page.undos[1]?.()
  await becomes(page.people.contacts.book, ({ contacts }) => contacts.every(({ blocked }) => !blocked))
})

test('a link is copied, or shown where the browser keeps the clipboard closed', async () => {
  const page = await setUp()
  await fill(page)
  await page.model.copyLink(ada)
  expect(page.said).toEqual([words.linkCopied])
  const closed = await setUp({ copy: () => Promise.reject(new DOMException('no', 'NotAllowedError')) })
  await fill(closed)
  await closed.model.copyLink(ada)
  expect(closed.model.dialog.get()).toMatchObject({ kind: 'link' })
})

test('what cannot be done is said in words', async () => {
  const page = await setUp()
  await fill(page)
  await page.people.contacts.block(ada, true)
  await page.model.call(ada, false)
  expect(page.said).toEqual(['fault: You have blocked this contact. Unblock them before you call.'])
})

test('a contact link that was opened is looked at first', async () => {
  const { people } = await openPeople()
  const model = new ContactsViewModel(
    {
      people,
      toast: () => {},
      complain: () => {},
      copy: () => Promise.resolve(),
      now: () => peopleNowMs,
      write: () => Promise.resolve(),
    },
    'code',
  )
  expect(model.dialog.get()).toEqual({ kind: 'add', code: 'code' })
})
