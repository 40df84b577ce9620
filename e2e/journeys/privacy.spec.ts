import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { expect, test, type Person } from '../harness/index.ts'

/** What a page says by itself when its node is gone: the browser reports every failed connection. */
const nodeGone = /ERR_CONNECTION_(REFUSED|RESET|CLOSED)|ERR_EMPTY_RESPONSE|WebSocket connection to/

const policyOf = (person: Person) => person.page.getByRole('region', { name: 'Privacy', exact: true })
const shieldOf = (person: Person) => person.page.getByRole('button', { name: /^Privacy: / })

/** The card of one party in the open panel. */
const card = (person: Person, party: string) => person.page.getByRole('listitem', { name: party, exact: true })

async function learns(person: Person, party: string, what: string, answer: string): Promise<void> {
  const row = card(person, party).locator('dl > div').filter({ hasText: what })
  await expect(row.getByRole('definition')).toHaveText(answer)
}

async function check(person: Person): Promise<void> {
  await person.button('Check connection').click()
  await expect(person.page.getByRole('dialog', { name: 'Connection check' })).toBeVisible()
}

/** One line of the check. */
const rung = (person: Person, name: string) =>
  person.page
    .getByRole('dialog')
    .getByRole('listitem')
    .filter({ hasText: new RegExp(`^${name}`) })

test('the privacy chosen is in the link: before the call and in it everyone reads it, and nobody can change it', async ({
  openPerson,
}) => {
  const ada = await openPerson('Ada', { camera: false })
  await ada.page.goto(`${ada.url}/`)
  await ada.page.getByText('Privacy:', { exact: true }).click()
  await ada.page.getByRole('radio', { name: 'Hidden addresses' }).check()
  await ada.page.getByRole('switch', { name: 'Constant rate' }).check()
  await ada.button('New room').click()
  await expect(policyOf(ada)).toContainText('Hidden addresses, constant rate')
  await ada.enter()
  const link = await ada.inviteLink()

  const ben = await openPerson('Ben', { camera: false })
  await ben.open(link)
  await expect(policyOf(ben)).toContainText('Hidden addresses, constant rate')
  await expect(policyOf(ben)).toContainText('Nobody in the room sees your address')
  await expect(ben.page.getByRole('radio')).toHaveCount(0)
  await ben.enter()
  await ada.seesNobodyBut('Ben')
  await expect(shieldOf(ben)).toHaveText('Hidden')
  await shieldOf(ben).click()
  await expect(ben.page.getByRole('complementary', { name: 'What others can learn' })).toContainText(
    'about 37 kbit/s, each way, for 1 participant',
  )
})

test('a new room is standard, with one click', async ({ openPerson }) => {
  const ada = await openPerson('Ada', { camera: false })
  await ada.newRoom()
  await expect(shieldOf(ada)).toHaveText('Standard')
})

test('in a room of hidden addresses the panel says that the other learns no address, and who stands between', async ({
  openPerson,
}) => {
  const ada = await openPerson('Ada', { camera: false })
  const link = await ada.newRoom('Hidden addresses')
  const ben = await openPerson('Ben', { camera: false })
  await ben.joinByLink(link)
  await ben.say('Hello')
  await ada.reads('Hello')

  await shieldOf(ada).focus()
  await ada.page.keyboard.press('Enter')
  await expect(card(ada, 'Ben')).toContainText('through a relay on each side')
  await learns(ada, 'Ben', 'Your address', 'No')
  await learns(ada, 'Ben', 'How many are here', 'Yes')
  await learns(ada, 'Call relay', 'When you send and how much', 'Yes')
  await learns(ada, 'Call relay', 'Contents of the call', 'Never')
  await learns(ada, 'Call relay of others', 'Your address', 'No')
  for (const road of ['the open network', 'a signalling server', 'Nostr relays'])
    await learns(ada, `Meeting point: ${road}`, 'Contents of the call', 'Never')
  await expect(card(ada, 'Address service')).toHaveCount(0)

  await ada.page.keyboard.press('Escape')
  await expect(shieldOf(ada)).toBeFocused()
})

test('in a room of one network the panel says that the other learns the local address', async ({ openPerson }) => {
  const ada = await openPerson('Ada', { camera: false })
  const link = await ada.newRoom('Same network')
  const ben = await openPerson('Ben', { camera: false })
  await ben.joinByLink(link)
  await ben.say('Hello')

  await shieldOf(ben).click()
  await expect(card(ben, 'Ada')).toContainText('Connected directly')
  await learns(ben, 'Ada', 'Your address', 'Yes, also inside your network')
  await learns(ben, 'Ada', 'When you send and how much', 'Yes')
  await ada.leave()
  await expect(card(ben, 'Ada')).toHaveCount(0)
})

test('the check on a good node: every way works, and the report holds no address', async ({ openPerson, node }) => {
  const ada = await openPerson('Ada', { camera: false })
  await ada.page.goto(`${ada.url}/`)
  await ada.button('New room').click()
  await check(ada)
  for (const name of [
    'Calls in this browser',
    'Call relay over UDP',
    'Call relay over TCP',
    'Your node',
    'Finding people',
  ])
    await expect(rung(ada, name)).toContainText('Works')
  await expect(rung(ada, 'Your public address')).toContainText('Works')
  await expect(rung(ada, 'Call relay over TLS')).toContainText('Not set up')
  // the nodes of these journeys are on a DHT of their own
  await expect(ada.page.getByRole('status').filter({ hasText: 'local network only' })).toBeVisible()

  await ada.button('Copy report').click()
  await expect(ada.page.getByText('Report copied')).toBeVisible()
  const report = await ada.page.evaluate(() => window.pigeonProbe.copied)
  expect(report).toContain('turn-tcp: passed')
  expect(report).not.toMatch(/\d+\.\d+\.\d+\.\d+|::|localhost|\.local\b/)
  expect(report).not.toContain(String(node.port))
})

test('the check names refused credentials, a silent server and a closed port by what this browser says of them', async ({
  openPerson,
}) => {
  const silent = createSocket('udp4').bind(0, '127.0.0.1')
  await once(silent, 'listening')
  const ada = await openPerson('Ada', { camera: false })
  await ada.page.route('**/ice', async (route) => {
    const response = await route.fetch()
    const { iceServers, ttlSeconds } = (await response.json()) as { iceServers: RTCIceServer[]; ttlSeconds: number }
    const turn = iceServers.flatMap(({ urls }) => urls).find((url) => url.includes('transport=udp'))
    await route.fulfill({
      json: {
        ttlSeconds,
        iceServers: [
          { urls: [`stun:127.0.0.1:${silent.address().port}`] },
          // port 9 of this machine is closed
          { urls: [turn, 'turn:127.0.0.1:9?transport=tcp'], username: '1:nobody', credential: 'wrong' },
        ],
      },
    })
  })
  await ada.page.goto(`${ada.url}/`)
  await ada.button('New room').click()
  await check(ada)
  await expect(rung(ada, 'Call relay over UDP')).toContainText('Credentials refused')
  await expect(rung(ada, 'Your public address')).toContainText('No answer')
  await expect(rung(ada, 'Call relay over TCP')).toContainText('No answer')
  const verdict = ada.page.getByRole('status').filter({ hasText: 'The call relay does not accept our credentials' })
  await expect(verdict).toContainText('Compare the shared secret of the TURN server')
  silent.close()
})

test('the check without the node names it, before a call and in one', async ({ openPerson, node }) => {
  const ada = await openPerson('Ada', { camera: false })
  const ben = await openPerson('Ben', { camera: false })
  ada.faults.expect(nodeGone)
  ben.faults.expect(nodeGone)
  const link = await ada.newRoom()
  // The check is fetched ahead, in two parts, once the page works.
  const fetched = new Set<string>()
  ben.page.on('requestfinished', (request) => {
    if (/doctor[^/]*\.js$/.test(request.url())) fetched.add(request.url())
  })
  await ben.open(link)
  await expect(ben.button('Join now')).toBeVisible()
  await expect.poll(() => fetched.size).toBe(2)

  await node.kill()
  await check(ben)
  await expect(rung(ben, 'Your node')).toContainText('No answer')
  await expect(rung(ben, 'Finding people')).toContainText('Needs your node first')
  await expect(rung(ben, 'Call relay over UDP')).toContainText('Not known')
  await expect(ben.page.getByRole('status').filter({ hasText: 'Your node does not answer' })).toBeVisible()

  await expect(ada.page.getByText('Lost your node', { exact: false }).first()).toBeVisible()
  await check(ada)
  await expect(rung(ada, 'Your node')).toContainText('No answer')
  await node.restart()
  await ada.button('Check again').click()
  await expect(rung(ada, 'Your node')).toContainText('Works')
})
