import { damagedLink, expect, futureLink, test, truncatedLink, wrongSecretLink } from '../harness/index.ts'

test('a link with another secret leads nowhere: nobody meets', async ({ openPerson }) => {
  const ada = await openPerson('Ada', { camera: false })
  const link = await ada.newRoom()
  const eve = await openPerson('Eve', { camera: false })
  await eve.joinByLink(wrongSecretLink(link))
  await expect(eve.page.getByText("You're the first here")).toBeVisible()

  // Ben came last and by the same way: had Eve had a way in, it would have led there by now
  const ben = await openPerson('Ben', { camera: false })
  await ben.joinByLink(link)
  await ada.seesNobodyBut('Ben')
  await ben.seesNobodyBut('Ada')
  await ada.say('Only for us')
  await ben.reads('Only for us')
  await eve.openChat()
  await expect(eve.message('Only for us')).toHaveCount(0)
  await eve.seesNobodyBut()
})

const broken = [
  { what: 'cut off', breakLink: truncatedLink, words: 'This room link is cut off' },
  { what: 'damaged', breakLink: damagedLink, words: 'This room link is damaged' },
  { what: 'of a later version', breakLink: futureLink, words: 'This room link needs a newer P2Pigeon' },
]

for (const { what, breakLink, words } of broken)
  test(`a link that is ${what} says so, opened and pasted`, async ({ openPerson }) => {
    const ada = await openPerson('Ada', { camera: false })
    const link = breakLink(await ada.newRoom())
    const ben = await openPerson('Ben')

    await ben.open(link)
    await expect(ben.page.getByText(words)).toBeVisible()
    await expect(ben.button('Join now')).toHaveCount(0)

    await ben.page.goto(`${ben.url}/`)
    await ben.page.getByRole('textbox', { name: 'Room link' }).fill(link)
    await ben.button('Join room').click()
    await expect(ben.page.getByText(words)).toBeVisible()
  })
