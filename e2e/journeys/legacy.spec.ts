import { expect, OldClient, OpenRelay, type Person, test } from '../harness/index.ts'

const patience = { timeout: 45_000 }
let relay: OpenRelay

test.beforeEach(async () => {
  relay = await OpenRelay.start()
})

test.afterEach(() => relay.close())

async function toConversations(person: Person): Promise<void> {
  await person.toContacts()
  await person.page.goto(`${person.url}/#/chat`)
  await expect(person.button('New conversation').first()).toBeVisible(patience)
}

async function startsWith(person: Person, address: string): Promise<void> {
  const { page } = person
  await person.button('New conversation').first().click()
  await person.button('Write to an old client…').click()
  const dialog = page.getByRole('dialog', { name: 'Write to an old client' })
  await expect(dialog).toContainText('Each message carries your key and theirs')
  await expect(dialog).toContainText('There is no forward secrecy')
  await dialog.getByLabel('Their Nostr address').fill(address)
  await expect(dialog.getByRole('button', { name: 'Start without protection' })).toBeDisabled()
  await dialog.getByLabel('I know that this conversation is not protected').check()
  await dialog.getByRole('button', { name: 'Start without protection' }).click()
}

const letters = (person: Person) => person.page.getByRole('log', { name: /^Unprotected messages with/ })

async function sends(person: Person, text: string): Promise<void> {
  const field = person.page.getByRole('textbox', { name: 'Unprotected message' })
  await field.fill(text)
  await field.press('Enter')
  await expect(field).toHaveValue('')
}

test('G10: a person starts with an old client, which answers; nobody else gets in; ended, it is gone', async ({
  openPerson,
  startNode,
}) => {
  const node = await startNode({ PIGEON_NOSTR_RELAYS: relay.url })
  const ada = await openPerson('Ada', { node, camera: false })
  const [old, stranger] = [new OldClient(relay), new OldClient(relay)]
  await toConversations(ada)
  // The relay is in use, and has not heard of letters of this kind.
  await expect.poll(() => relay.wasAskedFor(1_059), patience).toBe(true)
  expect(relay.wasAskedFor(4)).toBe(false)

  await startsWith(ada, old.address)
  await expect(ada.page.getByText('Old client · not protected')).toBeVisible(patience)
  await expect(ada.page.getByRole('region', { name: 'Not protected: made for an old client' })).toBeVisible()
  await sends(ada, 'Hello, old client')
  await expect(letters(ada).getByText('Taken by a relay')).toBeVisible(patience)
  await expect.poll(() => old.received().map(({ text }) => text), patience).toEqual(['Hello, old client'])
  const [{ from: adasKey } = { from: '' }] = old.received()

  stranger.write(adasKey, 'Let me in')
  old.write(adasKey, 'Hello, see https://example.org')
  await expect(letters(ada).getByText('Hello, see https://example.org')).toBeVisible(patience)
  await expect(letters(ada).getByRole('link')).toHaveCount(0)
  await expect(ada.page.getByText('Let me in')).toHaveCount(0)
  for (const filter of relay.filters.filter(({ kinds }) => kinds?.includes(4))) {
    expect(filter).toMatchObject({ kinds: [4], authors: [old.key], '#p': [adasKey] })
  }
  // Only words: nothing to attach, react with, edit or time.
  await letters(ada).getByRole('button', { name: 'What to do with your message', exact: false }).click()
  await expect(ada.page.getByRole('menuitem')).toHaveText(['Copy text', 'Delete on this device only'])
  await ada.page.getByRole('menuitem', { name: 'Delete on this device only' }).click()
  await expect(ada.page.getByRole('dialog')).toContainText('nobody is asked to delete it')
  await ada.button('Delete here').click()
  await expect(letters(ada).getByText('Hello, old client')).toHaveCount(0)

  await ada.page.reload()
  await expect(letters(ada).getByText('Hello, see https://example.org')).toBeVisible(patience)
  await expect(letters(ada).getByText('Hello, old client')).toHaveCount(0)

  await ada.button(`More about the unprotected conversation with ${shortOf(old.address)}`).click()
  await ada.page.getByRole('menuitem', { name: 'End this conversation' }).click()
  await ada.button('End and delete').click()
  await expect(ada.page.getByText('Old clients: not protected')).toHaveCount(0)
  const asked = relay.filters.length
  await ada.page.reload()
  await expect.poll(() => relay.filters.length, patience).toBeGreaterThan(asked)
  old.write(adasKey, 'Are you there?')
  expect(relay.filters.slice(asked).some(({ kinds }) => kinds?.includes(4))).toBe(false)
  expect(relay.events(5)).toEqual([])
})

test('with one contact both kinds of conversation, and no word of the sealed one is in the other', async ({
  openPerson,
  startNode,
}) => {
  const node = await startNode({ PIGEON_NOSTR_RELAYS: relay.url })
  const ada = await openPerson('Ada', { node, camera: false })
  const ben = await openPerson('Ben', { node, camera: false })
  await ada.toContacts()
  await ben.toContacts()
  const [adasCard, bensCard] = [await ada.contactLink(), await ben.contactLink()]
  await ada.addContact(bensCard, 'Ben')
  await ben.addContact(adasCard, 'Ada')
  await ada.writesTo('Ben')
  await ada.sendsLetter('A secret')
  await ben.writesTo('Ada')
  await expect(ben.letters('Ada').getByText('A secret')).toBeVisible(patience)

  await ada.button('New conversation').first().click()
  await ada.button('Write to an old client…').click()
  const dialog = ada.page.getByRole('dialog', { name: 'Write to an old client' })
  await dialog.getByLabel('Who').selectOption('Ben')
  await dialog.getByLabel('I know that this conversation is not protected').check()
  await dialog.getByRole('button', { name: 'Start without protection' }).click()
  await sends(ada, 'No secret')
  await expect(letters(ada).getByText('Taken by a relay')).toBeVisible(patience)
  await expect(letters(ada).getByText('A secret')).toHaveCount(0)
  expect(relay.events(4)).toHaveLength(1)
  // Ben has started nothing of the kind, so nothing of the kind comes to him.
  await ben.sendsLetter('Another secret')
  await ada.page.getByRole('button', { name: /^Ben/ }).first().click()
  await expect(ada.letters('Ben').getByText('Another secret')).toBeVisible(patience)
  await expect(ada.letters('Ben').getByText('No secret')).toHaveCount(0)
  await expect(ben.page.getByText('No secret')).toHaveCount(0)
  expect(relay.events(4)).toHaveLength(1)
})

test('the relay of a node takes no such message, and the message says so', async ({ openPerson }) => {
  const ada = await openPerson('Ada', { camera: false })
  await toConversations(ada)
  await startsWith(ada, new OldClient(relay).address)
  await sends(ada, 'Anybody?')
  await expect(letters(ada).getByText('No relay takes it; trying again')).toBeVisible(patience)
})

/** As the page shows somebody who is no contact. */
function shortOf(address: string): string {
  return `${address.slice(0, 11)}…${address.slice(-6)}`
}
