import { createSocket } from 'node:dgram'
import { systemClock, type DhtNode, type DhtStream } from '@p2pigeon/core/node'
import { startDhtTestnet } from '@p2pigeon/core/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { startDht, type DhtNetwork, type DhtOptions, type DhtService, type DhtStatus } from '../../src/dht/index.ts'
import { relayCarrier, silentLog, startRelay } from './relay-fixture.ts'

const undo: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each()
})

async function start(options: Partial<DhtOptions>): Promise<DhtService> {
  const service = await startDht({ mode: 'auto', clock: systemClock, log: silentLog, recheckMs: 50, ...options })
  undo.push(() => service.close())
  return service
}

async function testnet(port = 0): Promise<readonly string[]> {
  const net = await startDhtTestnet(4, port)
  undo.push(() => net.close())
  return net.bootstrap
}

describe('startDht', () => {
  it('takes the public network when it answers', async () => {
    const service = await start({ bootstrap: await testnet() })
    expect([service.network, service.status.kind]).toEqual(['public', 'public'])
  })

  it('opens a local network when it does not, and says so', async () => {
    const said: string[] = []
    const log = { info: (words: string) => said.push(words), warn: (words: string) => said.push(words) }
    const service = await start({ bootstrap: [`127.0.0.1:${await freePort()}`], localPort: await freePort(), log })
    expect([service.network, service.status]).toMatchObject(['local', { kind: 'local', shared: false }])
    expect(said).toEqual([service.status.words])
    expect(said[0]).toMatch(/local DHT.*public DHT does not answer/)
  })

  it('does not wait for a network that never says anything', async () => {
    const probe = () => new Promise<boolean>(() => undefined)
    const service = await start({ probe, bootstrap: ['127.0.0.1:9'], localPort: await freePort() })
    expect(service.network).toBe('local')
  })

  it('lets two nodes of one machine meet without configuration', async () => {
    const localPort = await freePort()
    const [first, second] = [await start({ mode: 'local', localPort }), await start({ mode: 'local', localPort })]
    expect([first.status, second.status]).toMatchObject([{ shared: false }, { shared: true }])
    await meets(first.node(), second.node())
  })

  it('goes on, and lets others in, when the process with the bootstrap node ends', async () => {
    const localPort = await freePort()
    const first = await start({ mode: 'local', localPort })
    const [second, third] = [await start({ mode: 'local', localPort }), await start({ mode: 'local', localPort })]
    const rebuilt = [second, third].map((service) => networkOf(service, 'local'))
    await first.close()
    await Promise.all(rebuilt)
    await meets(second.node(), third.node())
    const late = await start({ mode: 'local', localPort })
    await meets(late.node(), second.node())
  })

  it('steps aside when another program sits on the port', async () => {
    const stranger = createSocket('udp4')
    undo.push(() => new Promise<void>((closed) => stranger.close(closed)))
    await new Promise<void>((bound) => stranger.bind(0, '127.0.0.1', bound))
    const localPort = stranger.address().port
    const [first, second] = [await start({ mode: 'local', localPort }), await start({ mode: 'local', localPort })]
    await meets(first.node(), second.node())
  })

  it('leaves no port behind', async () => {
    const localPort = await freePort()
    const first = await start({ mode: 'local', localPort })
    await first.close()
    await first.close()
    expect((await start({ mode: 'local', localPort })).status).toMatchObject({ shared: false })
  })

  it('insists on the public network when told to, and finds it when it comes up', async () => {
    const port = await freePort()
    const service = await start({ mode: 'public', bootstrap: [`127.0.0.1:${port}`] })
    expect([service.network, service.status.kind]).toEqual(['public', 'public-unreachable'])
    const reachable = statusOf(service, 'public')
    const other = await start({ bootstrap: await testnet(port) })
    await reachable
    await meets(service.node(), other.node())
  })

  it('says when the public network falls silent', async () => {
    let answers = true
    const probe = () => Promise.resolve(answers)
    const service = await start({ bootstrap: await testnet(), probe })
    expect(service.status.kind).toBe('public')
    const silent = statusOf(service, 'public-unreachable')
    answers = false
    await silent
    const back = statusOf(service, 'public')
    answers = true
    await back
    expect(service.network).toBe('public')
  })

  it('refuses bootstrap nodes that are none', async () => {
    await expect(start({ bootstrap: ['nonsense'] })).rejects.toMatchObject({ code: 'bad-bootstrap' })
  })
})

describe('a relay whose node moves to the public network', () => {
  it('announces there too, tells its clients, and keeps the streams that are open', async () => {
    const publicPort = await freePort()
    const dht = {
      mode: 'auto',
      bootstrap: [`127.0.0.1:${publicPort}`],
      localPort: await freePort(),
      recheckMs: 50,
    } as const
    const [near, far] = [await startRelay(dht), await startRelay(dht)]
    undo.push(near.close, far.close)
    const moved = [near, far].map((relay) => networkOf(relay.dht, 'public'))
    const [host, guest] = [relayCarrier(near.url), relayCarrier(far.url)]
    undo.push(() => host.close())
    undo.push(() => guest.close())
    const topic = crypto.getRandomValues(new Uint8Array(32))
    host.announce(topic, (stream) => {
      stream.listen({ frame: (frame) => void stream.send(frame), ended: () => undefined })
    })
    const signal = AbortSignal.timeout(15_000)
    const before = await guest.dial(topic, await find(guest, topic, signal), { signal })
    const told = new Promise<void>((resolve) => {
      host.on('stateChanged', (state) => {
        if (state.kind === 'ready' && state.network === 'public') resolve()
      })
    })

    const elsewhere = await startRelay({ mode: 'public', bootstrap: await testnet(publicPort), recheckMs: 50 })
    undo.push(elsewhere.close)
    await Promise.all([...moved, told])
    expect([near.dht.network, far.dht.network]).toEqual(['public', 'public'])

    const echoed = new Promise<Uint8Array>((resolve) => {
      before.listen({ frame: resolve, ended: () => undefined })
    })
    await before.send(new Uint8Array([7]))
    expect(await echoed).toEqual(new Uint8Array([7]))
    const newcomer = relayCarrier(elsewhere.url)
    undo.push(() => newcomer.close())
    await newcomer.dial(topic, await find(newcomer, topic, signal), { signal })
  })
})

/** Announces on one node until the other finds and dials it. */
async function meets(host: DhtNode, guest: DhtNode): Promise<void> {
  const topic = crypto.getRandomValues(new Uint8Array(32))
  const signal = AbortSignal.timeout(15_000)
  const accepted = new Promise<DhtStream>((resolve) => {
    host.announce(topic, host.newKeyPair(), resolve)
  })
  const dialled = await guest.dial(await find(guest, topic, signal), { signal })
  const streams = [dialled, await accepted]
  for (const stream of streams) stream.destroy()
}

async function find(
  seeker: {
    lookup(topic: Uint8Array<ArrayBuffer>, options: { signal: AbortSignal }): AsyncIterable<Uint8Array<ArrayBuffer>>
  },
  topic: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  for (;;) {
    for await (const address of seeker.lookup(topic, { signal })) return address
  }
}

function statusOf(service: DhtService, kind: DhtStatus['kind']): Promise<void> {
  return new Promise((resolve) => {
    service.onStatusChanged((status) => {
      if (status.kind === kind) resolve()
    })
  })
}

function networkOf(service: DhtService, network: DhtNetwork): Promise<void> {
  return new Promise((resolve) => {
    service.onNetworkChanged((now) => {
      if (now === network) resolve()
    })
  })
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4')
  await new Promise<void>((bound) => socket.bind(0, '127.0.0.1', bound))
  const { port } = socket.address()
  await new Promise<void>((closed) => socket.close(closed))
  return port
}
