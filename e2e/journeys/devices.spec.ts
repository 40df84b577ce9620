import { expect, test } from '../harness/index.ts'

const cases = [
  { what: 'denied', devices: 'denied', words: /camera is blocked|blocked/i },
  { what: 'missing', devices: 'no-camera', words: /No camera found|No microphone found|No camera/i },
  { what: 'held by another program', devices: 'busy-camera', words: /camera is in use/i },
] as const

for (const { what, devices, words } of cases)
  test(`with a camera that is ${what} one joins all the same, sees and writes`, async ({ openPerson }) => {
    const ada = await openPerson('Ada')
    const link = await ada.newRoom()
    const ben = await openPerson('Ben', { devices })
    await ben.open(link)
    await expect(ben.page.getByRole('alert').filter({ hasText: words })).toBeVisible()
    await ben.enter()

    await ben.sees('Ada')
    await ben.hears('Ada')
    await expect(ada.tile('Ben')).toBeVisible()
    await expect(ada.tile('Ben').locator('video')).toHaveCount(0)
    await ben.say('I have no picture today')
    await ada.reads('I have no picture today')
  })

test('a busy camera leaves the microphone: one is heard', async ({ openPerson, openTerminal }) => {
  const ada = await openPerson('Ada', { devices: 'busy-camera' })
  const link = await ada.newRoom()
  await expect(ada.button('Mute microphone')).toBeVisible()
  const terry = openTerminal('Terry', link)
  await terry.event('peer-connected', { name: 'Ada' })
})
