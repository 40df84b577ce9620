import { codeOf, dumpOf, encodings, expect, type Person, secretOf, test } from '../harness/index.ts'

const passphrase = 'three grey pigeons'
const patience = { timeout: 30_000 }

async function protect(ada: Person): Promise<void> {
  await ada.button('Settings').click()
  await ada.button('Set passphrase').first().click()
  await ada.page.getByLabel('New passphrase').fill(passphrase)
  await ada.page.getByLabel('The same again').fill(passphrase)
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Set passphrase' }).click()
  await expect(ada.page.getByText('Protected', { exact: true })).toBeVisible(patience)
}

/** Writes down the 24 words, as the page asks for it. */
async function writtenWords(ada: Person): Promise<string[]> {
  await ada.button('Write down 24 words').click()
  await ada.button('Show the words').click()
  const words = await ada.page.getByRole('dialog').locator('li span:last-child').allTextContents()
  await ada.button('I have written them down').click()
  for (const field of await ada.page.getByRole('dialog').getByRole('textbox').all()) {
    const label = await field.evaluate((input) =>
      input instanceof HTMLInputElement ? (input.labels?.[0]?.textContent ?? '') : '',
    )
    await field.fill(words[Number(/\d+/.exec(label)?.[0]) - 1] ?? '')
  }
  await ada.button('Check').click()
  await ada.button('Done').click()
  return words
}

test('I1: a stolen disk of a locked device tells no name, no link and no key; the passphrase opens it, and nothing else', async ({
  openPerson,
}) => {
  const ada = await openPerson('Ada Lovelace', { camera: false })
  const link = await ada.newRoom()
  await ada.leave()
  await ada.goHome()
  await protect(ada)
  await ada.button('Lock now').click()
  await expect(ada.page.getByRole('heading', { name: 'Locked' })).toBeVisible(patience)

  const dump = await dumpOf(ada.page)
  expect(dump.length).toBeGreaterThan(500)
  const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
  for (const needle of ['Ada Lovelace', 'Lovelace', codeOf(link), '#/r/', 'CryptoKey', ...encodings(secretOf(link))]) {
    const text = typeof needle === 'string' ? needle : latin(needle)
    expect(dump.includes(text), 'the disk holds something that it must not').toBe(false)
  }

  await ada.page.getByLabel('Passphrase').fill('three grey sparrows')
  await ada.button('Unlock').click()
  await expect(ada.page.getByText('That does not open it')).toBeVisible(patience)
  // A link that comes while the device is locked waits behind the lock.
  await ada.open(link)
  await ada.page.reload()
  await expect(ada.page.getByRole('heading', { name: 'Locked' })).toBeVisible(patience)
  await ada.page.getByLabel('Passphrase').fill(passphrase)
  await ada.button('Unlock').click()
  await expect(ada.page.getByRole('textbox', { name: 'Your name' })).toHaveValue('Ada Lovelace', patience)
})

test('24 words bring the identity to another device: its owner is the host there, too', async ({ openPerson }) => {
  const ada = await openPerson('Ada', { camera: false })
  const link = await ada.newRoom()
  await ada.leave()
  await ada.goHome()
  await ada.button('Settings').click()
  const words = await writtenWords(ada)
  expect(words).toHaveLength(24)

  const elsewhere = await openPerson('Ada elsewhere', { camera: false })
  await elsewhere.page.goto(`${elsewhere.url}/`)
  await elsewhere.button('Restore a backup').click()
  await elsewhere.page.getByRole('button', { name: /24 words/ }).click()
  await elsewhere.page.getByLabel('Your 24 words').fill([...words.slice(0, 23), 'pigeonn'].join(' '))
  await elsewhere.button('Continue').click()
  await expect(elsewhere.page.getByText(/24/).filter({ hasText: /word/i }).first()).toBeVisible()
  await elsewhere.page.getByLabel('Your 24 words').fill(words.join(' '))
  await elsewhere.button('Continue').click()
  const startedAgain = elsewhere.page.waitForEvent('load')
  await elsewhere.button('Restore').click()
  await startedAgain
  await expect(elsewhere.page.getByText('You already use P2Pigeon elsewhere?')).toBeHidden(patience)
  await elsewhere.joinByLink(link)
  await expect(elsewhere.tile('Ada elsewhere').getByRole('img', { name: 'Host' })).toBeVisible(patience)
})

test('one room is open in one tab', async ({ openPerson }) => {
  const ada = await openPerson('Ada', { camera: false })
  await ada.newRoom()
  const tab = await ada.page.context().newPage()
  await tab.goto(ada.page.url())
  await tab.getByRole('button', { name: 'Join now' }).click()
  await expect(tab.getByText('This room is open in another tab').first()).toBeVisible(patience)
})
