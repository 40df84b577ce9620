import {
  expect,
  type Host,
  killLabInAnotherProcess,
  namespaceOf,
  NetworkLab,
  processesIn,
  serverAddresses,
  test,
} from '../lab/index.ts'
import { Capture } from '../lab/capture.ts'
import { readPacket } from '../lab/packet.ts'
import { streamsOf, webSocketPayload } from '../lab/streams.ts'

/* The lab itself: what it says of a network is true of the packets on it. */

const [here, there] = serverAddresses

/** A packet of one connection, whose sequence numbers wrap. */
function tcpPacket(payload: Uint8Array, sequence: number) {
  const bytes = Buffer.alloc(40 + payload.length)
  bytes.writeUInt8(0x45, 0)
  bytes.writeUInt16BE(bytes.length, 2)
  bytes.writeUInt8(6, 9)
  bytes.writeUInt32BE(sequence >>> 0, 24)
  bytes.writeUInt8(5 << 4, 32)
  bytes.set(payload, 40)
  const packet = readPacket(bytes)
  if (packet === undefined) throw new Error('This is no packet')
  return packet
}

/** A server that answers each datagram with the sender's address as it sees it, at two addresses. */
async function echoes(lab: NetworkLab) {
  const agent = await (await lab.server()).agent()
  const first = await agent.bind({ address: here }, { echo: true })
  const second = await agent.bind({ address: there }, { echo: true })
  return { agent, first: { address: here, port: first.port }, second: { address: there, port: second.port } }
}

const seen = (text: string) => (JSON.parse(text) as { seen: { address: string; port: number } }).seen

/** The addresses and ports as which one socket of this host is seen at two places. */
async function mappings(host: Host, { first, second }: Awaited<ReturnType<typeof echoes>>) {
  const agent = await host.agent()
  const { id } = await agent.bind()
  agent.send(id, first, 'who am I?')
  agent.send(id, second, 'who am I?')
  const answers = [
    await agent.arrival(id, ({ from }) => from === first.address),
    await agent.arrival(id, ({ from }) => from === second.address),
  ]
  return answers.map(({ text }) => seen(text))
}

test('a cone shows one port to everybody, a symmetric translator another one to each', async ({ lab }) => {
  const servers = await echoes(lab)
  const cone = await lab.client('cone', { nat: 'cone' })
  const symmetric = await lab.client('symmetric', { nat: 'symmetric' })
  const [coneHere, coneThere] = await mappings(cone, servers)
  expect(coneHere).toEqual(coneThere)
  expect(coneHere?.address).toBe(cone.external)
  expect(cone.external).not.toBe(cone.address)
  const [symmetricHere, symmetricThere] = await mappings(symmetric, servers)
  expect(symmetricHere?.address).toBe(symmetric.external)
  expect(symmetricThere?.address).toBe(symmetric.external)
  expect(symmetricHere?.port).not.toBe(symmetricThere?.port)
})

for (const nat of ['cone', 'symmetric'] as const)
  test(`nobody comes in through a ${nat} translator who was not written to`, async ({ lab }) => {
    const { agent: server, first } = await echoes(lab)
    const client = await lab.client('client', { nat })
    const agent = await client.agent()
    const { id } = await agent.bind()
    agent.send(id, first, 'hello')
    const { port } = seen((await agent.arrival(id)).text)
    const stranger = await server.bind({ address: there })
    server.send(stranger.id, { address: client.external, port }, 'let me in')
    await expect.poll(() => client.site.outside.carried('let me in')).toBe(true)
    expect(client.site.inside.carried('let me in')).toBe(false)
    expect(client.site.refused).toBe(1)
  })

test('where UDP is blocked no datagram passes, and TCP does', async ({ lab }) => {
  const { agent: server, first } = await echoes(lab)
  const client = await lab.client('office', { nat: 'cone', udp: 'blocked' })
  const agent = await client.agent()
  const { id } = await agent.bind()
  agent.send(id, first, 'anyone?')
  await expect.poll(() => client.site.inside.carried('anyone?')).toBe(true)
  expect(client.site.outside.carried('anyone?')).toBe(false)
  const listener = await server.listen({ address: here })
  const answer = await agent.connect({ address: here, port: listener.port })
  expect(seen(answer.text).address).toBe(client.external)
})

test('a line that loses 5 % loses about 5 %', async ({ lab }) => {
  const { first } = await echoes(lab)
  const client = await lab.client('client', { nat: 'cone', lossRatio: 0.05 })
  const agent = await client.agent()
  const { id } = await agent.bind()
  const count = 2_000
  for (let number = 0; number < count; number += 1) {
    agent.send(id, first, `datagram ${number}`)
    // a burst of all would overflow a queue of the kernel, which is another kind of loss
    if (number % 50 === 49)
      await expect
        .poll(() => client.site.inside.packets.some(({ payload }) => payload.includes(`datagram ${number}`)))
        .toBe(true)
  }
  const sent = client.site.outside.packets.filter(({ destination }) => destination.address === here)
  expect(sent.length).toBe(count)
  // each way loses its part; three standard deviations of 2000 draws are 1.5 %
  const lost = () => client.site.lost / (count + client.site.outside.packets.length - sent.length)
  await expect.poll(() => agent.arrivals(id).length).toBeGreaterThan(count * 0.87)
  expect(lost()).toBeGreaterThan(0.035)
  expect(lost()).toBeLessThan(0.065)
})

test('a line of 300 ms takes 300 ms each way', async ({ lab }) => {
  const { first } = await echoes(lab)
  const client = await lab.client('far away', { nat: 'cone', delayMs: 300 })
  const agent = await client.agent()
  const { id } = await agent.bind()
  const trips: number[] = []
  for (const text of ['one', 'two', 'three']) {
    const startedAt = performance.now()
    agent.send(id, first, text)
    const { atMs } = await agent.arrival(id, (arrival) => arrival.text.includes(`"${text}"`))
    trips.push(atMs - startedAt)
  }
  // a busy machine can be late, never early
  expect(Math.min(...trips)).toBeGreaterThanOrEqual(600)
  expect(Math.min(...trips)).toBeLessThan(750)
})

test('a line of 800 kbit/s brings 100 kB in a second', async ({ lab }) => {
  const { agent: server, first } = await echoes(lab)
  const client = await lab.client('village', { nat: 'none', bitsPerSecond: 800_000 })
  const agent = await client.agent()
  const { id } = await agent.bind()
  const sink = await server.bind({ address: here })
  for (let number = 0; number < 25; number += 1)
    agent.send(id, { address: first.address, port: sink.port }, `${number}`.padStart(972, '.'))
  const first25 = (number: number) => server.arrival(sink.id, ({ text }) => text.endsWith(`.${number}`))
  const start = await first25(0)
  const end = await first25(24)
  // 24 packets of 1000 bytes at 100 bytes a millisecond, but for the grain of timers
  expect(end.atMs - start.atMs).toBeGreaterThan(225)
})

test('a capture finds text, a mask and an address, and says where', async ({ lab }) => {
  const { first } = await echoes(lab)
  const client = await lab.client('client', { nat: 'cone' })
  const agent = await client.agent()
  const { id } = await agent.bind()
  agent.send(id, first, `I sit at ${client.address}, do not tell`)
  await agent.arrival(id)
  expect(client.site.outside.carried('do not tell')).toBe(true)
  expect(client.site.inside.mentions(client.address)).toEqual(['head', 'text'])
  expect(client.site.outside.mentions(client.address)).toEqual(['text'])
  expect(client.site.outside.mentions('10.9.8.7')).toEqual([])

  // a binding response of STUN, whose address is masked with the cookie
  const stun = Buffer.from('0101000c2112a442000000000000000000000000002000080001000000000000', 'hex')
  client.address.split('.').forEach((byte, index) => (stun[28 + index] = Number(byte) ^ (stun[4 + index] ?? 0)))
  agent.send(id, first, stun)
  await expect.poll(() => client.site.outside.mentions(client.address)).toEqual(['text', 'stun'])
})

test('a stream is read in order, once, and without the mask of a WebSocket', () => {
  const words = Buffer.from('the northern lighthouse')
  const mask = Buffer.from([7, 77, 177, 0])
  const masked = words.map((byte, index) => byte ^ (mask[index % 4] ?? 0))
  const frame = Buffer.concat([Buffer.from([0x82, 0x80 | words.length]), mask, masked])
  const stream = Buffer.concat([Buffer.from('GET /dht HTTP/1.1\r\nUpgrade: websocket\r\n\r\n'), frame, frame])
  const part = (from: number, to: number) => tcpPacket(stream.subarray(from, to), 0xffff_fff0 + from)
  const packets = [part(0, 20), part(50, 70), part(20, 52), part(20, 52), part(70, stream.length)]
  expect(streamsOf(packets)).toEqual([stream])
  expect(webSocketPayload(stream)?.toString()).toBe('the northern lighthousethe northern lighthouse')

  const capture = new Capture('a segment')
  for (const packet of packets) capture.record(packet)
  expect(capture.carried('northern lighthousethe northern')).toBe(true)
  expect(capture.carried('southern')).toBe(false)
})

test('a computer that changes its network has another address and leaves the old line dead', async ({ lab }) => {
  const { first } = await echoes(lab)
  const client = await lab.client('phone', { nat: 'cone' })
  const agent = await client.agent()
  const { id } = await agent.bind()
  agent.send(id, first, 'at home')
  const before = seen((await agent.arrival(id)).text)
  await client.connect({ nat: 'symmetric' })
  agent.send(id, first, 'on the way')
  const after = seen((await agent.arrival(id, ({ text }) => text.includes('on the way'))).text)
  expect(before.address).not.toBe(after.address)
  expect(after.address).toBe(client.external)
  expect(new Set(client.allAddresses).size).toBe(4)
})

test('nothing of a lab is left, whether it was closed or its process was killed', async ({ lab: _possible }) => {
  const lab = await NetworkLab.create()
  const client = await lab.client('client', { nat: 'cone' })
  await client.agent()
  const closed = await namespaceOf(client.pid)
  expect(await processesIn(closed)).toBeGreaterThan(0)
  await lab[Symbol.asyncDispose]()
  expect(await processesIn(closed)).toBe(0)

  const killed = await killLabInAnotherProcess()
  expect(killed).toBeDefined()
  await expect.poll(() => processesIn(killed)).toBe(0)
})
