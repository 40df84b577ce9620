import { expect, test } from '../harness/index.ts'

test('the ninth is told that the room is full, and gets in when someone has left', async ({
  openPerson,
  openTerminal,
  node,
}) => {
  test.setTimeout(180_000)
  const ada = await openPerson('Ada', { camera: false })
  const link = await ada.newRoom()
  const names = ['Ben', 'Cleo', 'Dan', 'Eli', 'Fay', 'Gus', 'Hal']
  const guests = names.map((name) => openTerminal(name, link, { relay: node }))
  // everyone has met everyone: a full mesh of eight
  for (const guest of guests) {
    await guest.event('peer-connected', { name: 'Ada' })
    for (const name of names) if (name !== guest.name) await guest.event('peer-connected', { name })
  }
  await ada.seesNobodyBut(...names)
  await ada.say('Eight of us')
  for (const guest of guests) await guest.event('message', { text: 'Eight of us' })

  const ivy = await openPerson('Ivy', { camera: false })
  await ivy.open(link)
  await ivy.page.getByRole('textbox', { name: 'Your name' }).fill('Ivy')
  await ivy.button('Join now').click()
  await expect(ivy.page.getByRole('heading', { name: 'This room is full' })).toBeVisible()
  const jo = openTerminal('Jo', link, { relay: node })
  expect(await jo.exited).toBe(3)
  await ada.seesNobodyBut(...names)

  expect(await guests.at(-1)?.leave()).toBe(0)
  await ada.seesNobodyBut(...names.slice(0, -1))
  await ivy.page.goto('about:blank')
  await ivy.joinByLink(link)
  await ada.seesNobodyBut(...names.slice(0, -1), 'Ivy')
})
