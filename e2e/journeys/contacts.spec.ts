import { expect, type Person, test } from '../harness/index.ts'

const patience = { timeout: 30_000 }

async function numberOf(person: Person, name: string): Promise<string> {
  await person.button(`More about ${name}`).click()
  await person.page.getByRole('menuitem', { name: 'Compare safety number' }).click()
  const number = person.page.getByRole('dialog').getByLabel('Safety number', { exact: true })
  await expect(number).toBeVisible(patience)
  return ((await number.textContent()) ?? '').replace(/\D/g, '')
}

test('two people exchange cards, compare a safety number, and one calls the other', async ({ openPerson }) => {
  const ada = await openPerson('Ada', { camera: false })
  const ben = await openPerson('Ben', { camera: false })
  await ada.toContacts()
  await ben.toContacts()
  const [adasCard, bensCard] = [await ada.contactLink(), await ben.contactLink()]
  await ada.addContact(bensCard, 'Ben')
  await ben.addContact(adasCard, 'Ada')

  const number = await numberOf(ada, 'Ben')
  expect(number).toMatch(/^\d{60}$/)
  expect(await numberOf(ben, 'Ada')).toBe(number)
  await ada.button('They match').click()
  await expect(ada.page.getByText(/Verified by comparing/).first()).toBeVisible(patience)
  await ben.page.keyboard.press('Escape')

  await ada.button('Call Ben').click()
  await expect(ben.page.getByText('Ada', { exact: true }).first()).toBeVisible()
  // Nothing opens a microphone before Ben says so.
  const accept = ben.page.getByRole('button', { name: /^Accept/ }).first()
  await expect(accept).toBeVisible(patience)
  expect((await ben.page.evaluate(() => window.pigeonProbe.voiceSent())).packets).toBe(0)
  await accept.click()
  await ada.seesNobodyBut('Ben')
  await ben.seesNobodyBut('Ada')
})
