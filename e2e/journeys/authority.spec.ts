import { expect, Mallory, type RelayRecorder, test } from '../harness/index.ts'

const patience = { timeout: 30_000 }

test('who must ask to come in sees nothing of the room until let in, or is turned away', async ({ openPerson }) => {
  const ada = await openPerson('Ada', { camera: false })
  const link = await ada.newRoom()
  await ada.letsIn('Ask to come in')

  const ben = await openPerson('Ben')
  await ben.knocks(link)
  expect(await ben.page.getByRole('region', { name: 'People in the call' }).count()).toBe(0)
  await ada.button('Let Ben in').click()
  await ben.seesNobodyBut('Ada')
  await ada.sees('Ben')

  const eve = await openPerson('Eve', { camera: false })
  await eve.knocks(link)
  await ada.button('Turn Eve away').click()
  await expect(eve.page.getByRole('heading', { name: 'You were not let in' })).toBeVisible(patience)
  await ada.seesNobodyBut('Ben')
})

test('an invite for one person lets one in, and a locked room nobody', async ({ openPerson }) => {
  const ada = await openPerson('Ada', { camera: false })
  const link = await ada.newRoom()
  await ada.letsIn('Ask to come in')
  await ada.button('Invite…').click()
  await ada.button('Copy invite').click()
  await expect.poll(() => ada.page.evaluate(() => window.pigeonProbe.copied)).not.toBe(link)
  const invite = await ada.page.evaluate(() => window.pigeonProbe.copied)

  const ben = await openPerson('Ben', { camera: false })
  await ben.joinByLink(invite)
  await ben.seesNobodyBut('Ada')
  const cleo = await openPerson('Cleo', { camera: false })
  await cleo.knocks(invite)
  await ada.letsIn('Nobody')
  await expect(cleo.page.getByRole('heading', { name: 'This room is locked' })).toBeVisible(patience)
  await ada.seesNobodyBut('Ben')
})

test('E8: a client that ignores being muted is heard by nobody; its person is told, asks to speak, and decides alone', async ({
  openPerson,
}) => {
  const ada = await openPerson('Ada', { camera: false })
  const link = await ada.newRoom()
  const ben = await openPerson('Ben')
  // A modified client: nothing turns the microphone off.
  await ben.page.addInitScript(() => {
    const own = Object.getOwnPropertyDescriptor(MediaStreamTrack.prototype, 'enabled')
    Object.defineProperty(MediaStreamTrack.prototype, 'enabled', {
      ...own,
      set(this: MediaStreamTrack, on: boolean) {
        if (on || this.kind !== 'audio') own?.set?.call(this, on)
      },
    })
    const replaceTrack = Object.getOwnPropertyDescriptor(RTCRtpSender.prototype, 'replaceTrack')?.value as
      RTCRtpSender['replaceTrack'] | undefined
    RTCRtpSender.prototype.replaceTrack = function (track) {
      return track === null && this.track?.kind === 'audio'
        ? Promise.resolve()
        : (replaceTrack?.call(this, track) ?? Promise.resolve())
    }
  })
  await ben.joinByLink(link)
  await ada.hears('Ben')

  await ada.manage('Ben', 'Mute for everyone')
  await expect(ben.page.getByText('The host has muted you').first()).toBeVisible()
  const before = (await ben.page.evaluate(() => window.pigeonProbe.voiceSent())).packets
  await expect
    .poll(async () => (await ben.page.evaluate(() => window.pigeonProbe.voiceSent())).packets)
    .toBeGreaterThan(before)
  await expect.poll(async () => (await ada.tileMedia('Ben')).audioEnergy).toBe(0)

  await ben.button('Ask to speak').click()
  await expect(ada.page.getByRole('img', { name: 'Ben asks to speak' })).toBeVisible()
  await ada.manage('Ben', 'Allow to speak')
  await expect(ben.page.getByText('You may speak again').first()).toBeVisible()
})

test('E7: who was removed finds nobody by the old link, whoever it says it is; the new link works', async ({
  openPerson,
}) => {
  const ada = await openPerson('Ada', { camera: false })
  const link = await ada.newRoom()
  const ben = await openPerson('Ben', { camera: false })
  const eve = await openPerson('Eve', { camera: false })
  await ben.joinByLink(link)
  await eve.joinByLink(link)
  await ada.seesNobodyBut('Ben', 'Eve')
  await ada.removes('Eve')
  await expect(eve.page.getByRole('heading', { name: 'You were removed' })).toBeVisible()
  await ada.seesNobodyBut('Ben')
  await ben.seesNobodyBut('Ada')

  // A browser without a past is a new identity.
  const again = await openPerson('Eve again', { camera: false })
  await again.joinByLink(link)
  await expect(again.page.getByText("You're the first here")).toBeVisible(patience)

  const renewed = await ben.inviteLink()
  expect(renewed).not.toBe(link)
  const cleo = await openPerson('Cleo', { camera: false })
  await cleo.joinByLink(renewed)
  await cleo.seesNobodyBut('Ada', 'Ben')
  await ada.seesNobodyBut('Ben', 'Cleo')
  await again.seesNobodyBut()
})

test('a co-host keeps order when the host is gone, and the host ends the room for all', async ({ openPerson }) => {
  const ada = await openPerson('Ada', { camera: false })
  const link = await ada.newRoom()
  const ben = await openPerson('Ben', { camera: false })
  await ben.joinByLink(link)
  await ada.seesNobodyBut('Ben')
  await ada.manage('Ben', 'Make co-host')
  await expect(ben.page.getByText('You are a co-host now').first()).toBeVisible()
  await ada.leave()
  await ben.seesNobodyBut()
  await ben.letsIn('Ask to come in')
  const cleo = await openPerson('Cleo', { camera: false })
  await cleo.knocks(link)
  await ben.button('Let Cleo in').click()
  await cleo.seesNobodyBut('Ben')

  await ada.button('Rejoin').click()
  await ada.seesNobodyBut('Ben', 'Cleo')
  await ada.openPeople()
  await ada.page.getByRole('button', { name: /^Room settings/ }).click()
  await ada.button('End for everyone…').click()
  await ada.button('End it').click()
  for (const person of [ada, ben, cleo]) {
    await expect(person.page.getByRole('heading', { name: 'This room is over' })).toBeVisible(patience)
  }
})

/** Makes the relay swap neighbouring frames, repeat earlier ones and drop some, in both directions. Tells how often it did. */
function cheat(relay: RelayRecorder): () => number {
  const held = new Map<string, Buffer>()
  let count = 0
  let cheated = 0
  relay.lieBy((frame, direction) => {
    // Only stream data (type 15 of the relay's protocol): a relay that breaks its own protocol is just a dead one.
    if (frame.readUInt8(0) !== 15) return frame
    count += 1
    if (count % 3 !== 0) return frame
    cheated += 1
    // Another frame of this direction in its place, from before: dropped, swapped and repeated at once.
    const other = held.get(direction)
    held.set(direction, frame)
    return other
  })
  return () => cheated
}

test('a relay that swaps, holds back and drops what it carries keeps people apart at worst, and never comes between', async ({
  openPerson,
  node,
  recordRelay,
}) => {
  const relay = await recordRelay(node)
  const ada = await openPerson('Ada', { node: relay, camera: false })
  const link = await ada.newRoom()
  const cheated = cheat(relay)
  const ben = await openPerson('Ben', { node: relay, camera: false })
  await ben.joinByLink(link)
  await expect.poll(cheated, patience).toBeGreaterThan(3)
  relay.lieBy((frame) => frame)
  relay.cut()
  await ben.seesNobodyBut('Ada')
  await ada.seesNobodyBut('Ben')
  expect(await ada.roomCode()).toEqual(await ben.roomCode())
})

test('people read the same seven emoji to each other', async ({ openPerson }) => {
  const ada = await openPerson('Ada', { camera: false })
  const link = await ada.newRoom()
  const ben = await openPerson('Ben', { camera: false })
  const cleo = await openPerson('Cleo', { camera: false })
  await ben.joinByLink(link)
  await cleo.joinByLink(link)
  await ada.seesNobodyBut('Ben', 'Cleo')
  await cleo.seesNobodyBut('Ada', 'Ben')
  const code = await ada.roomCode()
  expect(code).toHaveLength(7)
  expect(await ben.roomCode()).toEqual(code)
  expect(await cleo.roomCode()).toEqual(code)
  await ada.button('Everybody sees the same').click()
  await expect(ada.page.getByText('You compared these').first()).toBeVisible()
  await cleo.leave()
  await expect(ada.button('Compare with others')).toBeVisible(patience)
})

test('E2: a host that tells two people two histories is found out by both', async ({ openPerson, browsers, node }) => {
  const browser = await browsers.get('allowed')
  const context = await browser.newContext()
  try {
    const mallory = await Mallory.open(await context.newPage(), node.url)
    const link = await mallory.makeRoom()
    const ada = await openPerson('Ada', { camera: false })
    const ben = await openPerson('Ben', { camera: false })
    await ada.joinByLink(link)
    await ben.joinByLink(link)
    await ada.seesNobodyBut('Ben')
    await ben.seesNobodyBut('Ada')
    await mallory.equivocate(link)
    for (const person of [ada, ben]) {
      await expect(
        person.page.getByRole('alert').filter({ hasText: 'The host has signed two different histories' }),
      ).toBeVisible(patience)
    }
  } finally {
    await context.close()
  }
})
