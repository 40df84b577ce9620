import { expect, test, type Person, type RelayRecorder, type Service } from '../harness/index.ts'

/** What a page says by itself when a road is closed to it. */
const roadClosed = /WebSocket connection to|ERR_(CONNECTION|EMPTY)/
const patience = { timeout: 45_000 }

/** The people of one node, each behind a network of their own that lets some roads through. */
interface Street {
  readonly network: RelayRecorder
  readonly person: Person
}

/** The roads as the privacy panel shows them. */
async function expectRoad(person: Person, road: string, state: string): Promise<void> {
  await person.openPrivacy()
  await expect(person.page.locator(`[data-road="${road}"]`)).toHaveAttribute('data-state', state, patience)
}

test.describe('a network that closes roads', () => {
  const cases: readonly { readonly closed: readonly Service[]; readonly by: string }[] = [
    { closed: ['dht'], by: 'a signalling server' },
    { closed: ['signalling'], by: 'the open network' },
    { closed: ['dht', 'signalling'], by: 'Nostr relays' },
  ]
  for (const { closed, by } of cases) {
    test(`${closed.join(' and ')} blocked: people meet by ${by}, and it is the same room`, async ({
      openPerson,
      node,
      recordRelay,
    }) => {
      const network = await recordRelay(node)
      network.block(...closed)
      const ada = await openPerson('Ada', { node: network })
      const ben = await openPerson('Ben', { node: network, camera: false })
      for (const { faults } of [ada, ben]) faults.expect(roadClosed)
      await ben.joinByLink(await ada.newRoom())
      await ben.sees('Ada')
      await ben.say('By another road')
      await ada.reads('By another road')
      expect(await ada.roomCode()).toEqual(await ben.roomCode())
      await ben.openPrivacy()
      await expect(ben.page.getByText(`met by ${by}`)).toBeVisible(patience)
    })
  }
})

test('people whose roads differ meet in one room, each once', async ({ openPerson, node, recordRelay }) => {
  const open = async (name: string, ...closed: readonly Service[]): Promise<Street> => {
    const network = await recordRelay(node)
    network.block(...closed)
    const person = await openPerson(name, { node: network, camera: name === 'Ada' })
    person.faults.expect(roadClosed)
    return { network, person }
  }
  const { person: ada } = await open('Ada', 'nostr')
  const { person: ben } = await open('Ben', 'dht')
  const { person: cleo } = await open('Cleo', 'signalling')
  const link = await ada.newRoom()
  await ben.joinByLink(link)
  await cleo.joinByLink(link)
  await ada.seesNobodyBut('Ben', 'Cleo')
  await ben.seesNobodyBut('Ada', 'Cleo')
  await cleo.seesNobodyBut('Ada', 'Ben')
  await cleo.sees('Ada')
  await ben.say('We came by three roads')
  await ada.reads('We came by three roads')
  await cleo.reads('We came by three roads')
})

test('roads die one after the other in mid-call: the call goes on, newcomers find it, and all come back', async ({
  openPerson,
  node,
  recordRelay,
}) => {
  test.setTimeout(240_000)
  const network = await recordRelay(node)
  const ada = await openPerson('Ada', { node: network })
  const ben = await openPerson('Ben', { node: network, camera: false })
  for (const { faults } of [ada, ben]) faults.expect(roadClosed)
  const link = await ada.newRoom()
  await ben.joinByLink(link)
  await ben.sees('Ada')

  network.block('dht')
  await ben.sees('Ada')
  await expectRoad(ada, 'dht', 'waiting')
  const cleo = await openPerson('Cleo', { node: network, camera: false })
  cleo.faults.expect(roadClosed)
  await cleo.joinByLink(link)
  await cleo.sees('Ada')

  network.block('signalling')
  await ben.sees('Ada')
  const dora = await openPerson('Dora', { node: network, camera: false })
  dora.faults.expect(roadClosed)
  await dora.joinByLink(link)
  await ada.seesNobodyBut('Ben', 'Cleo', 'Dora')
  await dora.hears('Ada')

  network.block('nostr')
  await ben.sees('Ada')
  await dora.say('No road is left, and here we are')
  await ada.reads('No road is left, and here we are')

  network.unblock('dht', 'signalling', 'nostr')
  for (const road of ['dht', 'server', 'nostr']) await expectRoad(ada, road, 'ready')
  await ada.seesNobodyBut('Ben', 'Cleo', 'Dora')
})

test('one road can be chosen, and then nothing goes by another', async ({ openPerson, node, recordRelay }) => {
  const network = await recordRelay(node)
  const ada = await openPerson('Ada', { node: network, camera: false })
  const link = await ada.newRoom()
  await ada.openPrivacy()
  await ada.page.getByRole('radio', { name: 'Only Nostr relays' }).check()
  await expectRoad(ada, 'dht', 'unused')
  await expectRoad(ada, 'nostr', 'ready')

  const ben = await openPerson('Ben', { node: network, camera: false })
  ben.faults.expect(roadClosed)
  network.block('nostr')
  ada.faults.expect(roadClosed)
  await ben.joinByLink(link)
  await expect(ben.tile('Ada')).toBeHidden()
  network.unblock('nostr')
  await bothMeet(ada, ben)
  await ada.page.getByRole('radio', { name: 'Automatic' }).check()
  await expectRoad(ada, 'dht', 'ready')
})

async function bothMeet(one: Person, other: Person): Promise<void> {
  await one.seesNobodyBut(other.name)
  await other.seesNobodyBut(one.name)
}
