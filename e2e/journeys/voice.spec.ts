import { expect, test } from '../harness/index.ts'

test('voice has one packet size, spoken or muted, and no header that tells how loud it is', async ({ openPerson }) => {
  const ada = await openPerson('Ada')
  const link = await ada.newRoom()
  const ben = await openPerson('Ben')
  await ben.joinByLink(link)
  await ben.hears('Ada')

  const sent = () => ada.page.evaluate(() => window.pigeonProbe.voiceSent())
  /** Bytes of each packet over a window of at least `packets`; a whole number only if all of them are alike. */
  const sizeOver = async (packets: number): Promise<number> => {
    const before = await sent()
    await expect.poll(async () => (await sent()).packets - before.packets).toBeGreaterThanOrEqual(packets)
    const after = await sent()
    return (after.bytes - before.bytes) / (after.packets - before.packets)
  }

  const spoken = [await sizeOver(40), await sizeOver(40), await sizeOver(40)]
  await ada.button('Mute microphone').click()
  const muted = [await sizeOver(40), await sizeOver(40)]
  expect(new Set([...spoken, ...muted])).toEqual(new Set([80]))

  const extensions = await ada.page.evaluate(() => window.pigeonProbe.headerExtensions())
  expect(extensions.length).toBeGreaterThan(0)
  expect(extensions.filter((uri) => uri.includes('audio-level'))).toEqual([])
})
