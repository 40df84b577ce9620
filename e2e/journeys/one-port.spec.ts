import { Browsers } from '../harness/browsers.ts'
import {
  expect,
  type NodeProcess,
  type Person,
  resolverRule,
  ReverseProxy,
  type Service,
  test as base,
} from '../harness/index.ts'

/** What a page says by itself when a road is closed to it. */
const roadClosed = /WebSocket connection to/
const patience = { timeout: 45_000 }

interface Company {
  /** Services that the proxy refuses. */
  refused: readonly Service[]
  /** The way out that the company leaves: one TLS port of one host, in front of `node`. */
  gateway: ReverseProxy
}

/** Browsers that know no name but the proxy's, and take its certificate for the one of an authority. */
const test = base.extend<Company, { browsers: Browsers }>({
  browsers: [
    // eslint-disable-next-line no-empty-pattern -- the runner wants the braces
    async ({}, use) => {
      const args = [`--host-resolver-rules=${resolverRule}`, '--ignore-certificate-errors']
      const browsers = new Browsers({ args })
      await use(browsers)
      await browsers.close()
    },
    { scope: 'worker' },
  ],

  refused: [[], { option: true }],

  // eslint-disable-next-line no-empty-pattern -- the runner wants the braces
  gateway: async ({}, use) => {
    const gateway = await ReverseProxy.prepare()
    await use(gateway)
    await gateway.dispose()
  },

  node: async ({ startNode, gateway }, use) => {
    await use(await startNode({ ...gateway.environment, TURN_PORT: '0', TURN_TLS_URLS: gateway.turnUrl }))
  },
})

/** Every address that the page asks from now on, without paths. */
function origins({ page }: Person): ReadonlySet<string> {
  const seen = new Set<string>()
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol.startsWith('http')) seen.add(origin)
  })
  page.on('websocket', (socket) => seen.add(new URL(socket.url()).origin))
  return seen
}

/** The roads as the privacy panel shows them. */
async function expectRoad(person: Person, road: string, state: string): Promise<void> {
  await person.openPrivacy()
  await expect(person.page.locator(`[data-road="${road}"]`)).toHaveAttribute('data-state', state, patience)
}

const connections = (health: Record<string, unknown>, service: string): unknown =>
  (health[service] as { readonly connections: unknown }).connections

test.describe('a network that lets nothing out but HTTPS to one host', () => {
  const missing = ReverseProxy.missing()
  test.skip(missing !== undefined, missing)

  test('people meet, see, hear and write, and every road goes through the one port', async ({
    openPerson,
    node,
    gateway,
  }) => {
    await gateway.start({ node })
    const ada = await openPerson('Ada', { node: gateway })
    const ben = await openPerson('Ben', { node: gateway, camera: false })
    const asked = [ada, ben].map(origins)
    const link = await ada.newRoom()
    expect(link.startsWith(`${gateway.url}/`)).toBe(true)
    await ben.joinByLink(link)
    await ben.sees('Ada')
    await ben.hears('Ada')
    await ben.say('All through one port')
    await ada.reads('All through one port')

    for (const person of [ada, ben])
      for (const road of ['dht', 'server', 'nostr']) await expectRoad(person, road, 'ready')
    const health = await node.health()
    for (const service of ['relay', 'signalling', 'nostr'])
      expect(connections(health, service), service).toBeGreaterThanOrEqual(2)
    const only = [gateway.url, gateway.url.replace('https', 'wss')]
    for (const seen of asked) expect([...seen].sort()).toEqual(only)
  })

  test.describe('and refuses the paths of two services', () => {
    test.use({ refused: ['dht', 'signalling'] })

    test('people meet by the Nostr relay', async ({ openPerson, node, gateway, refused }) => {
      await gateway.start({ node, refused })
      const ada = await openPerson('Ada', { node: gateway })
      const ben = await openPerson('Ben', { node: gateway, camera: false })
      for (const { faults } of [ada, ben]) faults.expect(roadClosed)
      await ben.joinByLink(await ada.newRoom())
      await ben.sees('Ada')
      await ben.say('By what was left')
      await ada.reads('By what was left')
      expect(await ada.roomCode()).toEqual(await ben.roomCode())
      await ben.openPrivacy()
      await expect(ben.page.getByText('met by Nostr relays')).toBeVisible(patience)
      expect(await gateway.answered()).toEqual(
        expect.arrayContaining(['403 /dht 127.0.0.1', '403 /signalling 127.0.0.1']),
      )
    })
  })
})

test.describe('a network that lets no media out either', () => {
  const missing = ReverseProxy.missing({ stream: true })
  test.skip(missing !== undefined, missing)

  test('sound and picture go through TURN over TLS on the same port', async ({ openPerson, node, gateway }) => {
    const answer = await iceAnswerOf(node)
    await gateway.start({ node, turnPort: portOfTurn(answer) })
    const ada = await openPerson('Ada', { node: gateway })
    const ben = await openPerson('Ben', { node: gateway, camera: false })
    for (const { page } of [ada, ben]) await page.route('**/ice', (route) => route.fulfill({ json: onlyTls(answer) }))
    await ben.joinByLink(await ada.newRoom('Hidden addresses'))
    await ben.sees('Ada')
    await ben.hears('Ada')
    await ben.say('And the picture too')
    await ada.reads('And the picture too')
    const { turn: counts } = (await node.health()) as { turn: { allocations: number; relayedBytes: number } }
    expect(counts.allocations).toBeGreaterThanOrEqual(2)
    expect(counts.relayedBytes).toBeGreaterThan(10_000)
    expect(await gateway.answered()).toContain('200 / 127.0.0.1')
  })
})

interface IceAnswer {
  readonly iceServers: readonly { urls: readonly string[]; username?: string; credential?: string }[]
}

/** What is left of the answer where nothing but TLS gets out. */
function onlyTls(answer: IceAnswer): IceAnswer {
  const isTls = (url: string): boolean => url.startsWith('turns:')
  const iceServers = answer.iceServers
    .filter(({ urls }) => urls.some(isTls))
    .map((server) => ({ ...server, urls: server.urls.filter(isTls) }))
  expect(iceServers).toHaveLength(1)
  return { ...answer, iceServers }
}

/** What the node tells pages of the same machine. */
async function iceAnswerOf(node: NodeProcess): Promise<IceAnswer> {
  return (await (await fetch(`http://127.0.0.1:${String(node.port)}/ice`)).json()) as IceAnswer
}

function portOfTurn({ iceServers }: IceAnswer): number {
  const server = iceServers.find(({ credential }) => credential !== undefined)
  return Number(/:(\d+)\?/.exec(server?.urls[0] ?? '')?.[1])
}
