import { codeOf, encodings, secretOf } from '../harness/index.ts'
import { type Capture, expect, type Host, type LabPerson, serverAddresses, test } from '../lab/index.ts'

/* Calls between real browsers on computers of their own, and what the packets of every segment say about them. */

const [nodeAddress] = serverAddresses

/** More than any handshake, less than two seconds of a picture. */
const someMedia = 50_000

/** Pages say on their console that a connection to the node broke, when a journey breaks it. */
const nodeGone = /ERR_|WebSocket connection to/

async function bothSeeAndHear(one: LabPerson, other: LabPerson): Promise<void> {
  await one.sees(other.name)
  await other.sees(one.name)
  await one.hears(other.name)
  await other.hears(one.name)
}

/** Bytes other than the page's that this person's line carried to and from an address. */
function mediaWith({ host, url }: LabPerson, address: string, transports: readonly string[] = ['udp', 'tcp']): number {
  const page = ` ${new URL(url).host}`
  const flows = [...host.site.outside.flows()].filter(
    ([ends]) =>
      transports.some((transport) => ends.startsWith(transport)) &&
      ends.includes(` ${address}:`) &&
      !`${ends} `.includes(`${page} `),
  )
  return flows.reduce((sum, [, bytes]) => sum + bytes, 0)
}

/** This many bytes of media come to pass. */
async function passes(media: () => number): Promise<void> {
  await expect.poll(media, { message: 'bytes of media', timeout: 60_000 }).toBeGreaterThan(someMedia)
}

/** What nobody on the way may find of this call, on any segment. */
function staysSecret(captures: readonly Capture[], link: string, words: readonly string[]): void {
  const code = codeOf(link)
  const forbidden = [...words, '#/r/', code, code.slice(0, 40), code.slice(-40), ...encodings(secretOf(link))]
  for (const capture of captures) {
    expect(capture.packets.length, `packets of ${capture.name}`).toBeGreaterThan(100)
    for (const needle of forbidden) {
      const said = typeof needle === 'string' ? needle : Buffer.from(needle).toString('hex')
      expect(capture.carried(needle), `${capture.name} shows ${said}`).toBe(false)
    }
  }
}

/** The address that a computer has at home shows in the heads of packets on its own cable, and nowhere else. */
function keepsItsPrivateAddress(host: Host, captures: readonly Capture[]): void {
  for (const capture of captures)
    expect(capture.mentions(host.address), `${host.name}’s address on the segment ${capture.name}`).toEqual(
      capture === host.site.inside ? ['head'] : [],
    )
}

test('behind cones: a direct call, and no segment shows a private address, a word or the secret', async ({
  openPerson,
  server,
}) => {
  const ada = await openPerson('Ada Lovelace-Byron', { nat: 'cone' })
  const ben = await openPerson('Benedict Observable', { nat: 'cone' })
  const link = await ada.newRoom()
  await ben.joinByLink(link)
  await bothSeeAndHear(ada, ben)
  await ada.say('meet me at the northern lighthouse')
  await ben.say('bring the copper lantern')
  await passes(() => mediaWith(ada, ben.host.external))
  // a relay may carry the first moments; what goes on is direct
  await expect.poll(() => mediaWith(ada, ben.host.external) > mediaWith(ada, nodeAddress)).toBe(true)

  const captures = [...ada.host.captures, ...ben.host.captures, ...server.captures]
  // the observers did sit on the way, and find what is there to be found
  expect(server.site.outside.carried('GET /node.json')).toBe(true)
  expect(ada.host.site.outside.mentions(ada.host.external)).toEqual(expect.arrayContaining(['head', 'stun']))
  expect(ada.host.site.outside.mentions(ben.host.external)).toContain('head')
  staysSecret(captures, link, ['northern lighthouse', 'copper lantern', 'Lovelace-Byron', 'Benedict Observable'])
  for (const { host } of [ada, ben]) keepsItsPrivateAddress(host, captures)
})

test('behind symmetric translators: a call through the relay', async ({ openPerson }) => {
  const ada = await openPerson('Ada', { nat: 'symmetric' })
  const ben = await openPerson('Ben', { nat: 'symmetric' })
  await ben.joinByLink(await ada.newRoom())
  await bothSeeAndHear(ada, ben)
  await passes(() => mediaWith(ada, nodeAddress))
  expect(mediaWith(ada, ben.host.external)).toBe(0)
})

test('a cone and a symmetric translator, on a line of 600 kbit/s: a call through the relay', async ({ openPerson }) => {
  const ada = await openPerson('Ada', { nat: 'cone', bitsPerSecond: 600_000 })
  const ben = await openPerson('Ben', { nat: 'symmetric' })
  await ben.joinByLink(await ada.newRoom())
  await bothSeeAndHear(ada, ben)
  expect(mediaWith(ben, nodeAddress))
})

test('where UDP is blocked: a call through the relay over TCP', async ({ openPerson }) => {
  const ada = await openPerson('Ada', { nat: 'cone', udp: 'blocked' })
  const ben = await openPerson('Ben', { nat: 'cone' })
  await ben.joinByLink(await ada.newRoom())
  await bothSeeAndHear(ada, ben)
  await passes(() => mediaWith(ada, nodeAddress, ['tcp']))
})

test('a room with hidden addresses: nothing at either end shows where the other one is', async ({
  openPerson,
  server,
}) => {
  const ada = await openPerson('Ada', { nat: 'cone' })
  const ben = await openPerson('Ben', { nat: 'cone' })
  const link = await ada.newRoom('Hidden addresses')
  await ben.joinByLink(link)
  await bothSeeAndHear(ada, ben)
  await ada.say('Nobody knows where I am')
  await ben.reads('Nobody knows where I am')
  await passes(() => mediaWith(ada, nodeAddress))

  for (const [one, other] of [
    [ada, ben],
    [ben, ada],
  ] as const)
    for (const capture of one.host.captures)
      for (const address of other.host.allAddresses)
        expect(capture.mentions(address), `${other.name}’s address ${address} on ${capture.name}`).toEqual([])
  const captures = [...ada.host.captures, ...ben.host.captures, ...server.captures]
  staysSecret(captures, link, ['Nobody knows where I am'])
  for (const { host } of [ada, ben]) keepsItsPrivateAddress(host, captures)
})

test('5 % loss and 300 ms each way: sound and pictures go on', async ({ openPerson }) => {
  const ada = await openPerson('Ada', { nat: 'cone', lossRatio: 0.05, delayMs: 300 })
  const ben = await openPerson('Ben', { nat: 'cone' })
  await ben.joinByLink(await ada.newRoom())
  await bothSeeAndHear(ada, ben)
  const lostSoFar = ada.host.site.lost
  expect(lostSoFar).toBeGreaterThan(0)
  await bothSeeAndHear(ada, ben)
  expect(ada.host.site.lost).toBeGreaterThan(lostSoFar)
  await passes(() => mediaWith(ada, ben.host.external))
})

test('a computer changes its network in mid-call: the call comes back by itself', async ({ openPerson }) => {
  const ada = await openPerson('Ada', { nat: 'cone' })
  const ben = await openPerson('Ben', { nat: 'cone' })
  ada.faults.expect(nodeGone)
  await ben.joinByLink(await ada.newRoom())
  await bothSeeAndHear(ada, ben)

  const cutAt = performance.now()
  await ada.host.connect({ nat: 'cone' })
  await passes(() => mediaWith(ada, ben.host.external))
  console.log(`  media over the new network after ${((performance.now() - cutAt) / 1_000).toFixed(1)} s`)
  await bothSeeAndHear(ada, ben)
  await ada.say('I am on the train now')
  await ben.reads('I am on the train now')
  await ada.seesNobodyBut('Ben')
})
