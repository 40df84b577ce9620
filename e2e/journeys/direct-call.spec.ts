import { expect, type Person, test } from '../harness/index.ts'

const patience = { timeout: 30_000 }

async function opens(person: Person, card: string, name: string): Promise<void> {
  await person.follows(card)
  await expect(person.page.getByText('Add this person?')).toBeVisible(patience)
  expect(person.page.url()).toMatch(/#\/contacts$/)
  await person.page.getByRole('dialog').getByRole('button', { name: 'Add contact' }).click()
  await expect(person.page.getByText(`${name} is a contact now.`).first()).toBeVisible(patience)
  await person.button('Done').click()
}

test('a stranger never rings: the wish waits in a list, and from there both know each other', async ({
  openPerson,
}) => {
  const ada = await openPerson('Ada', { camera: false })
  const ben = await openPerson('Ben', { camera: false })
  await ada.toContacts()
  await ben.toContacts()
  await opens(ben, await ada.contactLink(), 'Ada')
  await ben.button('Call Ada').click()
  await expect(ben.page.getByTestId('call-state')).toContainText('Does not have you as a contact', patience)
  await ben.button('Close').click()
  await expect(ada.page.getByRole('button', { name: /^Accept with/ })).toHaveCount(0)
  await ada.page.getByRole('tab', { name: /Requests/ }).click()
  await ada.button('Accept Ben as a contact').click()
  await ada.page.getByRole('tab', { name: 'People' }).click()

  await ada.button('Call Ben').click()
  await expect(ben.button('Decline')).toBeVisible(patience)
  await ben.button('Decline').click()
  await expect(ada.page.getByTestId('call-state')).toHaveText('Declined the call.', patience)

  await ada.button('Call again').click()
  await expect(ben.button('Decline')).toBeVisible(patience)
  await ada.button('Cancel call').click()
  await expect(ben.button('Decline')).toHaveCount(0, patience)
  await ben.page.getByRole('tab', { name: /Requests/ }).click()
  await expect(ben.page.getByText(/Missed call/).first()).toBeVisible(patience)

  // A second tab of Ben: one of them rings.
  const second = await ben.page.context().newPage()
  await second.goto(ben.page.url())
  await expect(second.getByText('1 contact', { exact: true })).toBeVisible(patience)
  await ada.button('Call Ben').click()
  await expect(ben.button('Accept with voice')).toBeVisible(patience)
  await expect(second.getByRole('button', { name: /^Accept with/ })).toHaveCount(0)
  await ben.button('Accept with voice').click()
  await ada.seesNobodyBut('Ben')
  await second.close()

  // Whoever blocks somebody hears nothing of them.
  await ben.leave()
  await ben.button('Home').click()
  await ben.button('Contacts').click()
  await ben.button('More about Ada').click()
  await ben.page.getByRole('menuitem', { name: 'Block' }).click()
  await ada.leave()
  await ada.button('Home').click()
  await ada.button('Contacts').click()
  await ada.button('Call Ben').click()
  await expect(ada.page.getByTestId('call-state')).toContainText('Cannot be reached', { timeout: 40_000 })
  await expect(ben.page.getByRole('button', { name: /^Accept with/ })).toHaveCount(0)
})
