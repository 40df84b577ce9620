import { expect, test, type Person } from '../harness/index.ts'

/** What a page says by itself when its node is gone: the browser reports every failed connection. */
const nodeGone = /ERR_CONNECTION_(REFUSED|RESET|CLOSED)|ERR_EMPTY_RESPONSE|WebSocket connection to/

async function bothSee(one: Person, other: Person): Promise<void> {
  await one.sees(other.name)
  await other.sees(one.name)
}

test('people of two nodes that only the DHT joins meet', async ({ openPerson, startNode }) => {
  const ada = await openPerson('Ada')
  const link = await ada.newRoom()
  const ben = await openPerson('Ben', { node: await startNode() })
  await ben.joinByLink(link)
  await bothSee(ada, ben)
  await ben.say('From the other node')
  await ada.reads('From the other node')
})

test('two people in terminals and one in a browser all meet on the DHT', async ({ openPerson, openTerminal }) => {
  const ada = await openPerson('Ada', { camera: false })
  const link = await ada.newRoom()
  const terry = openTerminal('Terry', link)
  const uma = openTerminal('Uma', link)
  await terry.event('peer-connected', { name: 'Ada' })
  await terry.event('peer-connected', { name: 'Uma' })
  await uma.event('peer-connected', { name: 'Terry' })
  // A message goes to whoever its writer is connected with.
  await uma.event('peer-connected', { name: 'Ada' })
  await ada.seesNobodyBut('Terry', 'Uma')
  await uma.say('No picture, all ears')
  await terry.event('message', { name: 'Uma', text: 'No picture, all ears' })
  await ada.reads('No picture, all ears')
})

test('the node dies in mid-call: the call goes on, and the next person joins once it is back', async ({
  openPerson,
  node,
}) => {
  test.setTimeout(180_000)
  const ada = await openPerson('Ada')
  const ben = await openPerson('Ben', { camera: false })
  ada.faults.expect(nodeGone)
  ben.faults.expect(nodeGone)
  const link = await ada.newRoom()
  await ben.joinByLink(link)
  await ben.sees('Ada')

  await node.kill()
  await expect(ada.page.getByText('Lost your node', { exact: false }).first()).toBeVisible()
  await ben.sees('Ada')
  await ben.hears('Ada')
  await ada.say('Did you notice anything?')
  await ben.reads('Did you notice anything?')

  await node.restart()
  const cleo = await openPerson('Cleo', { camera: false })
  await cleo.joinByLink(link)
  await cleo.sees('Ada')
  await cleo.hears('Ada')
  await cleo.say('I came by the new one')
  await ada.reads('I came by the new one')
  await ben.reads('I came by the new one')
  await ben.sees('Ada')
})

test('a node asked to stop ends at once, with people in a call', async ({ openPerson, node }) => {
  const ada = await openPerson('Ada', { camera: false })
  const ben = await openPerson('Ben', { camera: false })
  ada.faults.expect(nodeGone)
  ben.faults.expect(nodeGone)
  await ben.joinByLink(await ada.newRoom())
  await ada.seesNobodyBut('Ben')
  expect(await node.stop()).toBe(0)
  await ada.say('Still here')
  await ben.reads('Still here')
})

test('every connection to the relay is cut: nobody in the call notices, and the next person joins', async ({
  openPerson,
  node,
  recordRelay,
}) => {
  const relay = await recordRelay(node)
  const ada = await openPerson('Ada', { node: relay })
  const ben = await openPerson('Ben', { node: relay, camera: false })
  ada.faults.expect(nodeGone)
  ben.faults.expect(nodeGone)
  const link = await ada.newRoom()
  await ben.joinByLink(link)
  await ben.sees('Ada')

  relay.cut()
  await ben.sees('Ada')
  const cleo = await openPerson('Cleo', { node: relay, camera: false })
  await cleo.joinByLink(link)
  await cleo.sees('Ada')
  await ada.seesNobodyBut('Ben', 'Cleo')
})

test('a relay that damages what it carries breaks nothing but itself', async ({ openPerson, node, recordRelay }) => {
  const relay = await recordRelay(node)
  const ada = await openPerson('Ada', { node: relay })
  const ben = await openPerson('Ben', { node: relay, camera: false })
  ada.faults.expect(nodeGone)
  ben.faults.expect(nodeGone)
  const link = await ada.newRoom()
  await ben.joinByLink(link)
  await ben.sees('Ada')

  relay.lieBy((frame) => {
    const damaged = Buffer.from(frame)
    const last = damaged.length - 1
    if (last >= 0) damaged.writeUInt8(damaged.readUInt8(last) ^ 0xff, last)
    return damaged
  })
  relay.cut()
  await ada.say('Whatever it does')
  await ben.reads('Whatever it does')
  await ben.sees('Ada')

  relay.lieBy((frame) => frame)
  relay.cut()
  const cleo = await openPerson('Cleo', { node: relay, camera: false })
  await cleo.joinByLink(link)
  await cleo.sees('Ada')
})
