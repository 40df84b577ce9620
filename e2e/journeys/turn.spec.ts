import type { Page } from '@playwright/test'
import { expect, test } from '../harness/index.ts'

interface Relayed {
  readonly candidateTypes: readonly (string | null)[]
  /** How the chosen path leads from this page to the TURN server. */
  readonly relayProtocol: unknown
}

declare global {
  interface Window {
    /** The one connection of this page. */
    coo: {
      readonly connection: RTCPeerConnection
      readonly received: Promise<string>
      readonly types: (string | null)[]
    }
  }
}

/** A connection that may use relays only, through the TURN addresses of the page's node that end with `ending`. */
async function prepare(page: Page, ending: string, greeting: string): Promise<void> {
  await page.evaluate(
    async ({ end, text }) => {
      const answer = (await (await fetch('/ice')).json()) as { iceServers: (RTCIceServer & { urls: string[] })[] }
      const iceServers = answer.iceServers
        .map((server) => ({ ...server, urls: server.urls.filter((url) => url.endsWith(end)) }))
        .filter((server) => server.urls.length > 0)
      const connection = new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay' })
      const types: (string | null)[] = []
      connection.addEventListener('icecandidate', ({ candidate }) => {
        if (candidate) types.push(candidate.type)
      })
      const channel = connection.createDataChannel('coo', { negotiated: true, id: 0 })
      channel.addEventListener('open', () => channel.send(text))
      const received = new Promise<string>((resolve) => {
        channel.addEventListener('message', ({ data }) => resolve(String(data)))
      })
      window.coo = { connection, received, types }
    },
    { end: ending, text: greeting },
  )
}

/** Takes the other side's description, makes its own, and returns it with every candidate. */
async function describe(page: Page, remote?: RTCSessionDescriptionInit): Promise<RTCSessionDescriptionInit> {
  return page.evaluate(async (description) => {
    const { connection } = window.coo
    if (description) await connection.setRemoteDescription(description)
    await connection.setLocalDescription()
    while (connection.iceGatheringState !== 'complete') {
      await new Promise((changed) => {
        connection.addEventListener('icegatheringstatechange', changed, { once: true })
      })
    }
    return { type: connection.localDescription!.type, sdp: connection.localDescription!.sdp }
  }, remote)
}

async function path(page: Page): Promise<Relayed> {
  return page.evaluate(async () => {
    const { connection, types } = window.coo
    const stats = [...(await connection.getStats()).values()] as Record<string, unknown>[]
    const pair = stats.find((one) => one['type'] === 'candidate-pair' && one['nominated'] === true)
    const local = stats.find((one) => one['id'] === pair?.['localCandidateId'])
    return { candidateTypes: [...new Set(types)], relayProtocol: local?.['relayProtocol'] }
  })
}

for (const transport of ['udp', 'tcp'] as const)
  test(`two pages meet through the node's own TURN server over ${transport}, with no other way`, async ({
    node,
    openPerson,
  }) => {
    const [ada, ben] = [await openPerson('Ada'), await openPerson('Ben')]
    for (const { page, name } of [ada, ben]) {
      await page.goto(`${node.url}/`)
      await prepare(page, `transport=${transport}`, `${name} says coo`)
    }
    const offer = await describe(ada.page)
    const answer = await describe(ben.page, offer)
    await ada.page.evaluate((description) => window.coo.connection.setRemoteDescription(description), answer)

    expect(await ada.page.evaluate(() => window.coo.received)).toBe('Ben says coo')
    expect(await ben.page.evaluate(() => window.coo.received)).toBe('Ada says coo')
    for (const { page } of [ada, ben]) {
      expect(await path(page)).toEqual({ candidateTypes: ['relay'], relayProtocol: transport })
    }
    const { turn } = (await node.health()) as { turn: { allocations: number; relayedBytes: number } }
    expect(turn.allocations).toBeGreaterThanOrEqual(2)
    expect(turn.relayedBytes).toBeGreaterThan(1_000)
  })
