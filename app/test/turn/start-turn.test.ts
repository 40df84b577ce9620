import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { systemClock } from '@p2pigeon/core/node'
import nodeDataChannel from 'node-datachannel'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { iceAnswer, startTurn, type TurnOptions, type TurnService } from '../../src/turn/index.ts'
import type { TransportAddress } from '../../src/turn/stun/index.ts'
import { RawClient } from './raw-client.ts'
import { echoPeer } from './servers.ts'

/* The server as the node starts it, with a node's rules. */

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const warnings: string[] = []
async function start(options: Partial<TurnOptions> = {}): Promise<TurnService> {
  const turn = await startTurn({
    port: { kind: 'fixed', port: 0 },
    host: '127.0.0.1',
    publicAddresses: [],
    allowPeers: [],
    clock: systemClock,
    log: { warn: (line) => warnings.push(line) },
    ...options,
  })
  closers.push(() => turn.close())
  return turn
}

function credentialsOf(turn: TurnService) {
  const sources = { embedded: turn, tlsUrls: [], stunUrls: [], turnUrls: [], turnSecret: undefined, fixed: [] }
  const { username = '', credential = '' } =
    iceAnswer(sources, { hostname: 'localhost', behindTls: false }, Date.now()).iceServers[1] ?? {}
  return { username, credential }
}

async function dial(turn: TurnService, transport: 'udp' | 'tcp' = 'udp'): Promise<RawClient> {
  const client = await RawClient.dial(transport, turn.port, credentialsOf(turn))
  closers.push(() => client.close())
  return client
}

const at = (port: number, address = '127.0.0.1'): TransportAddress => ({ family: 4, address, port })

describe('a personal node', () => {
  it.each([
    '10.0.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '127.0.0.1',
    '127.8.8.8',
  ])('relays nothing to %s', async (address) => {
    const client = await dial(await start())
    await client.allocate()
    expect((await client.permit(at(80, address))).code).toBe(403)
    expect((await client.bind(0x4000, at(80, address))).code).toBe(403)
  })

  it('relays nothing to its own ports or to another program of this machine', async () => {
    const turn = await start()
    const client = await dial(turn)
    const own = await client.allocate()
    const program = await echoPeer()
    closers.push(() => program.close())
    for (const port of [turn.port, program.port]) expect((await client.permit(at(port))).code).toBe(403)
    // its own relayed address is a live one, and harmless: what it sends there comes back to it alone
    expect((await client.permit(own)).code).toBe(0)
    client.sendTo(at(program.port), Buffer.from('coo'))
    client.sendTo(own, Buffer.from('to myself'))
    expect(await client.data()).toEqual({ peer: own, text: 'to myself' })
    await program.sendTo(own.port, 'in from outside')
    expect(await client.settled()).toBe(0)
    expect(program.received).toEqual([])
  })

  it('connects two of its clients in this process, one relayed address by one, while both are there', async () => {
    const turn = await start()
    const [ada, ben, eve] = [await dial(turn), await dial(turn, 'tcp'), await dial(turn)]
    const [adaAt, benAt, eveAt] = [await ada.allocate(), await ben.allocate(), await eve.allocate()]
    expect([adaAt.address, benAt.address]).toEqual(['127.0.0.1', '127.0.0.1'])
    await ada.bind(0x4000, benAt)
    await ben.permit(adaAt)
    ada.sendOn(0x4000, Buffer.from('hello'))
    expect(await ben.data()).toEqual({ peer: adaAt, text: 'hello' })

    // Ben has let Ada in: for Eve, of the same address, that is no invitation
    await eve.permit(benAt)
    eve.sendTo(benAt, Buffer.from('me too'))
    await eve.settled()
    expect(await ben.settled()).toBe(0)
    expect(eveAt.port).not.toBe(adaAt.port)

    // Ben is gone, and his address is of this machine like any other
    await ben.refresh(0)
    expect((await ada.permit(benAt)).code).toBe(403)
    const successor = createSocket('udp4').bind(benAt.port, '127.0.0.1')
    await once(successor, 'listening')
    const got: string[] = []
    successor.on('message', (data) => got.push(data.toString()))
    ada.sendOn(0x4000, Buffer.from('are you there?'))
    await ada.settled()
    successor.close()
    await once(successor, 'close')
    expect(got).toEqual([])
  })
})

describe('its port', () => {
  const occupied = async (): Promise<number> => {
    const occupant = createServer().listen(0, '127.0.0.1')
    await once(occupant, 'listening')
    closers.push(async () => {
      occupant.close()
      await once(occupant, 'close')
    })
    return (occupant.address() as AddressInfo).port
  }

  it('is another one when the usual one is taken', async () => {
    const port = await occupied()
    const turn = await start({ port: { kind: 'preferred', port } })
    expect([turn.port === port, turn.port > 0, warnings]).toEqual([false, true, []])
    await (await dial(turn)).allocate()
  })

  it('is the one that was asked for, or an error that names the variable', async () => {
    const port = await occupied()
    await expect(start({ port: { kind: 'fixed', port } })).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringMatching(/^[^\n]*TURN_PORT/) as string,
    })
  })

  it('is the same for datagrams and streams, and both are free again at the end', async () => {
    const turn = await start()
    for (const transport of ['udp', 'tcp'] as const) await (await dial(turn, transport)).allocate()
    for (const close of closers.splice(0).reverse()) await close()
    const again = await start({ port: { kind: 'fixed', port: turn.port } })
    expect(again.port).toBe(turn.port)
  })
})

const textIn = (message: string | Buffer | ArrayBuffer): string => (typeof message === 'string' ? message : '')

describe('two peers of libdatachannel', () => {
  afterAll(() => {
    nodeDataChannel.cleanup()
  })

  it('exchange messages with relays as their only way', async () => {
    const turn = await start()
    const { username, credential } = credentialsOf(turn)
    const peer = (name: string) => {
      const one = new nodeDataChannel.PeerConnection(name, {
        iceServers: [{ hostname: '127.0.0.1', port: turn.port, username, password: credential, relayType: 'TurnUdp' }],
        iceTransportPolicy: 'relay',
      })
      closers.push(async () => {
        one.close()
      })
      return one
    }
    const [ada, ben] = [peer('ada'), peer('ben')]
    const types = new Set<string | undefined>()
    for (const [one, other] of [
      [ada, ben],
      [ben, ada],
    ] as const) {
      one.onLocalDescription((sdp, type) => {
        other.setRemoteDescription(sdp, type)
      })
      one.onLocalCandidate((candidate, mid) => {
        types.add(/ typ (\w+)/.exec(candidate)?.[1])
        other.addRemoteCandidate(candidate, mid)
      })
    }
    const echoed = new Promise<string>((resolve) => {
      ben.onDataChannel((channel) => {
        channel.onMessage((message) => channel.sendMessage(`echo ${textIn(message)}`))
      })
      const channel = ada.createDataChannel('coo')
      channel.onMessage((message) => {
        resolve(textIn(message))
      })
      channel.onOpen(() => channel.sendMessage('hello'))
    })
    expect(await echoed).toBe('echo hello')
    expect([...types]).toEqual(['relay'])
    expect(turn.stats().relayedBytes).toBeGreaterThan(0)
  })
})
