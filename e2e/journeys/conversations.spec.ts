import { acquainted, expect, OpenRelay, type Person, test } from '../harness/index.ts'

const patience = { timeout: 45_000 }

async function listsRelay({ page }: Person, address: string): Promise<void> {
  await page.getByRole('button', { name: 'Settings of conversations' }).click()
  const dialog = page.getByRole('dialog', { name: 'Settings of conversations' })
  await dialog.getByLabel('Add a relay').fill('https://relay.example')
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(dialog.getByRole('alert')).toContainText('It looks like wss://relay.example')
  await dialog.getByLabel('Add a relay').fill(address)
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(dialog.getByRole('listitem').filter({ hasText: new URL(address).host })).toContainText(
    'Connected',
    patience,
  )
}

test('two contacts write to each other: by line while both are there, answer, react, edit, delete', async ({
  openPerson,
}) => {
  const ada = await openPerson('Ada', { camera: false })
  const ben = await openPerson('Ben', { camera: false })
  await acquainted(ada, ben)
  await ada.writesTo('Ben')
  await ada.sendsLetter('Hello Ben')
  await expect(ada.letters('Ben').getByText('Delivered')).toBeVisible(patience)
  await ben.writesTo('Ada')
  await expect(ben.letters('Ada').getByText('Hello Ben')).toBeVisible(patience)
  await expect(ben.page.getByText('Online now')).toBeVisible(patience)
  await ben.sendsLetter('Hello Ada')
  await expect(ada.letters('Ben').getByText('Hello Ada')).toBeVisible(patience)

  await ada.page.getByRole('textbox', { name: 'Message', exact: true }).press('ArrowUp')
  await ada.page.getByRole('textbox', { name: 'Message', exact: true }).fill('Hello dear Ben')
  await ada.page.getByRole('textbox', { name: 'Message', exact: true }).press('Enter')
  await expect(ben.letters('Ada').getByText('Hello dear Ben')).toBeVisible(patience)
  await expect(ben.letters('Ada').getByText('edited')).toBeVisible(patience)

  await ada.page.reload()
  await expect(ada.letters('Ben').getByText('Hello Ada')).toBeVisible(patience)
  await expect(ada.letters('Ben').getByText('Hello dear Ben')).toBeVisible(patience)
})

test('a message to somebody who is away waits sealed at a relay and arrives when they return, the sender gone', async ({
  openPerson,
  node,
  recordRelay,
}) => {
  const network = await recordRelay(node)
  const ada = await openPerson('Ada', { node: network, camera: false })
  const ben = await openPerson('Ben', { node: network, camera: false })
  await acquainted(ada, ben)
  // Ben's conversations are open, so his relay knows where he takes his mail; then he goes.
  await ben.writesTo('Ada')
  await ben.sendsLetter('I am off')
  await expect(ben.letters('Ada').getByText(/Delivered|Kept by a relay/)).toBeVisible(patience)
  const away = ben.page.url()
  await ben.page.goto('about:blank')

  await ada.writesTo('Ben')
  await expect(ada.letters('Ben').getByText('I am off')).toBeVisible(patience)
  await ada.sendsLetter('A secret for later')
  await expect(ada.letters('Ben').getByText('Kept by a relay')).toBeVisible(patience)
  expect(network.saw('A secret for later')).toBe(false)
  await ada.page.goto('about:blank')

  await ben.page.goto(away)
  await expect(ben.letters('Ada').getByText('A secret for later')).toBeVisible(patience)
})

test('who is no contact waits as a request, and conversations are in one tab at a time', async ({ openPerson }) => {
  const ada = await openPerson('Ada', { camera: false })
  const ben = await openPerson('Ben', { camera: false })
  await ada.toContacts()
  await ben.toContacts()
  const bensCard = await ben.contactLink()
  await ben.page.goto(`${ben.url}/#/chat`)
  await expect(ben.page.getByText('No conversations yet')).toBeVisible(patience)
  await ada.addContact(bensCard, 'Ben')
  await ada.writesTo('Ben')
  await ada.sendsLetter('You do not know me')
  await ben.page.getByRole('tab', { name: /Requests/ }).click(patience)
  await ben.page.getByText('You do not know me').first().click(patience)
  await expect(ben.page.getByText('They learn nothing until you accept', { exact: false })).toBeVisible(patience)
  await ben.button('Accept').click()
  await ben.sendsLetter('Now I do')
  await expect(ada.letters('Ben').getByText('Now I do')).toBeVisible(patience)

  const second = await ben.page.context().newPage()
  await second.goto(`${ben.url}/#/chat`)
  await expect(second.getByText('Conversations are open in another tab')).toBeVisible(patience)
  await second.getByRole('button', { name: 'Use them here' }).click()
  await expect(second.getByText('Now I do').first()).toBeVisible(patience)
  await expect(ben.page.getByText('Conversations are open in another tab')).toBeVisible(patience)
  await second.close()
})

test('the node’s relay out of reach, a message goes by a relay that both have listed themselves', async ({
  openPerson,
  node,
  recordRelay,
}) => {
  const network = await recordRelay(node)
  const second = await OpenRelay.start()
  try {
    const ada = await openPerson('Ada', { node: network, camera: false })
    const ben = await openPerson('Ben', { node: network, camera: false })
    for (const { faults } of [ada, ben]) faults.expect(/WebSocket connection to/)
    await acquainted(ada, ben)
    await ada.writesTo('Ben')
    await ben.writesTo('Ada')
    // A relay of this machine means nothing to somebody else, unless it is their own already when they hear of it.
    await listsRelay(ada, second.url)
    await listsRelay(ben, second.url)
    await ada.page.keyboard.press('Escape')
    await ben.page.reload()
    await ben.sendsLetter('I am off')
    await expect(ada.letters('Ben').getByText('I am off')).toBeVisible(patience)
    const away = ben.page.url()
    await ben.page.goto('about:blank')

    network.block('nostr')
    await ada.sendsLetter('By the second road')
    await expect(ada.letters('Ben').getByText('Kept by a relay')).toBeVisible(patience)
    await ada.page.goto('about:blank')
    await ben.page.goto(away)
    await expect(ben.letters('Ada').getByText('By the second road')).toBeVisible(patience)
  } finally {
    await second.close()
  }
})
