import type { Locator } from '@playwright/test'
import { dumpOf, expect, type Person, test } from '../harness/index.ts'

const patience = { timeout: 30_000 }
/** The slot of a room's chat; its name tells that there is one, and not of which room. */
const chatSlot = /room-chat:[\w-]+/

async function newKeepingRoom(person: Person): Promise<string> {
  await person.page.goto(`${person.url}/`)
  await person.page.getByText('Privacy:', { exact: true }).click()
  await person.page.getByRole('switch', { name: /^Keep the chat/ }).check()
  await person.button('New room').click()
  await expect(policyOf(person)).toContainText('Standard, chat kept')
  await person.enter()
  return person.inviteLink()
}

const policyOf = (person: Person): Locator => person.page.getByRole('region', { name: 'Privacy', exact: true })
const chatOf = (person: Person): Locator => person.page.getByRole('complementary', { name: 'Chat' })
const logOf = (person: Person): Locator => person.page.getByRole('log', { name: 'Conversation' })
/** What was said, in the order in which it is shown. */
const saidTo = (person: Person): Promise<string[]> => logOf(person).locator('p[dir="auto"]').allInnerTexts()

async function manageChat(person: Person, action: string): Promise<void> {
  await person.openChat()
  await person.button('More about this chat').click()
  await person.page.getByRole('menuitem', { name: action }).click()
}

test('three people chat in a room that keeps it; after a reload all is there, in order, once, until it is deleted', async ({
  openPerson,
}) => {
  test.setTimeout(180_000)
  const ada = await openPerson('Ada', { camera: false })
  const link = await newKeepingRoom(ada)
  const ben = await openPerson('Ben', { camera: false })
  await ben.open(link)
  // before anybody joins, the page says what becomes of what they write
  await expect(policyOf(ben)).toContainText('The chat is kept')
  await ben.enter()
  const cleo = await openPerson('Cleo', { camera: false })
  await cleo.joinByLink(link)
  await ada.seesNobodyBut('Ben', 'Cleo')
  await ben.seesNobodyBut('Ada', 'Cleo')

  await ada.say('One by Ada')
  await ben.say('Two by Ben')
  await cleo.say('Three by Cleo')
  await ada.say('Four by Ada')
  const words = ['One by Ada', 'Two by Ben', 'Three by Cleo', 'Four by Ada']
  for (const one of [ada, ben, cleo]) await expect.poll(() => saidTo(one), patience).toEqual(words)
  await expect(chatOf(ada)).toContainText('Kept on each member’s device.')

  await ada.page.reload()
  await ada.seesNobodyBut('Ben', 'Cleo')
  await ada.openChat()
  expect(await saidTo(ada)).toEqual(words)
  await expect(logOf(ada).getByRole('separator')).toHaveText('Kept from earlier visits')
  await expect(logOf(ada)).toContainText('Cleo')
  await ada.say('Five after the reload')
  words.push('Five after the reload')
  for (const one of [ada, ben, cleo]) await expect.poll(() => saidTo(one), patience).toEqual(words)

  // it outlives the call, too, and what was not looked at is counted
  await cleo.button('Close panel').click()
  await ben.say('Six, while Cleo looks away')
  await expect(cleo.page.getByRole('button', { name: /^Chat/ }).first()).toHaveAccessibleDescription(
    /1 new message/,
    patience,
  )
  await cleo.page.reload()
  await cleo.seesNobodyBut('Ada', 'Ben')
  await expect(cleo.page.getByRole('button', { name: /^Chat/ }).first()).toHaveAccessibleDescription(/1 new message/)

  const download = ada.page.waitForEvent('download')
  await manageChat(ada, 'Save as text')
  expect((await download).suggestedFilename()).toMatch(/^room-chat-.*\.txt$/)

  const dump = await dumpOf(ada.page)
  expect(dump).toMatch(chatSlot)
  for (const word of [...words, 'Cleo']) expect(dump.includes(word), 'the chat lies open on the disk').toBe(false)
  await manageChat(ada, 'Delete the chat of this room here…')
  await ada.button('Delete').click()
  await expect(ada.page.getByText('The chat of this room was deleted on this device.').first()).toBeVisible()
  expect(await saidTo(ada)).toEqual([])
  expect(await dumpOf(ada.page)).not.toMatch(chatSlot)
  await expect.poll(() => saidTo(ben), patience).toEqual([...words, 'Six, while Cleo looks away'])
  await ada.page.reload()
  await ada.seesNobodyBut('Ben', 'Cleo')
  await ada.openChat()
  expect(await saidTo(ada)).toEqual([])

  // a forgotten room takes its chat with it
  expect(await dumpOf(ben.page)).toMatch(chatSlot)
  await ben.leave()
  await ben.goHome()
  await expect(ben.page.getByRole('listitem').filter({ hasText: 'Chat kept here' })).toHaveCount(1)
  await ben.page.getByRole('button', { name: /^Remove / }).click()
  await expect.poll(() => dumpOf(ben.page), patience).not.toMatch(chatSlot)
})

test('what was written and reached nobody is sent after the reload', async ({ openPerson }) => {
  const ada = await openPerson('Ada', { camera: false })
  const link = await newKeepingRoom(ada)
  await ada.write('The door code is on the table')
  await expect(ada.delivery('The door code is on the table')).toHaveText('Waiting for someone to join')
  // kept as soon as it is on its way; the disk tells when
  await expect.poll(() => dumpOf(ada.page), patience).toMatch(chatSlot)
  await ada.page.reload()
  await expect(ada.button('Leave')).toBeVisible(patience)
  const ben = await openPerson('Ben', { camera: false })
  await ben.joinByLink(link)
  await ben.reads('The door code is on the table')
  await ada.openChat()
  await expect(ada.delivery('The door code is on the table')).toHaveText('Delivered', patience)
  expect(await saidTo(ben)).toEqual(['The door code is on the table'])
})

test('in a room that keeps nothing, nothing is kept, and the page says so', async ({ openPerson }) => {
  const ada = await openPerson('Ada', { camera: false })
  const link = await ada.newRoom()
  const ben = await openPerson('Ben', { camera: false })
  await ben.open(link)
  await expect(policyOf(ben)).toContainText('The chat is not kept')
  await ben.enter()
  await ada.seesNobodyBut('Ben')
  const slots = async (): Promise<string[]> => (await dumpOf(ada.page)).match(/"[\w-]+:[\w-]+"/g) ?? []
  const before = await slots()
  expect(before.length).toBeGreaterThan(0)
  await ada.say('Said to be forgotten')
  await ben.say('And so is this')
  await ada.reads('And so is this')
  await expect(chatOf(ada)).toContainText('Not kept: gone when you leave or reload.')
  const dump = await dumpOf(ada.page)
  expect(dump).not.toMatch(chatSlot)
  for (const word of ['Said to be forgotten', 'And so is this']) expect(dump.includes(word)).toBe(false)
  expect(await slots()).toEqual(before)

  await ada.page.reload()
  await ada.seesNobodyBut('Ben')
  await ada.openChat()
  expect(await saidTo(ada)).toEqual([])
  await ada.leave()
  await ada.goHome()
  await expect(ada.page.getByRole('listitem')).not.toContainText('Chat kept here')
  expect(await dumpOf(ada.page)).not.toMatch(chatSlot)
})
