import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { attributeTypes, methods, textOf, valueOf, type TransportAddress } from '../../src/turn/stun/index.ts'
import { addressIn, lifetimeIn, RawClient, udpTransport, type User } from './raw-client.ts'
import { coturnServer, echoPeer, hasCoturn, ourServer, type ServerUnderTest } from './servers.ts'

/*
 * What a client may expect of a TURN server, told with bytes. The same suite runs against ours and against coturn: what
 * only ours promises is in server.test.ts.
 */
const servers = [
  { name: 'ours', start: (quota: number) => ourServer({ maxAllocationsPerUser: quota }), here: true },
  { name: 'coturn', start: coturnServer, here: hasCoturn },
] as const

const at = (port: number): TransportAddress => ({ family: 4, address: '127.0.0.1', port })

for (const { name, start, here } of servers)
  for (const transport of ['udp', 'tcp'] as const)
    describe.skipIf(!here)(
      `${name} over ${transport}${here ? '' : ' (skipped: there is no turnserver on PATH)'}`,
      () => {
        let server: ServerUnderTest
        let user: User
        const closers: (() => Promise<void>)[] = []
        const dial = async (as: User | undefined = user): Promise<RawClient> => {
          const client = await RawClient.dial(transport, server.port, as)
          closers.push(() => client.close())
          return client
        }
        const peer = async () => {
          const one = await echoPeer()
          closers.push(() => one.close())
          return one
        }

        beforeEach(async () => {
          server = await start(3)
          user = server.user()
        })
        afterEach(async () => {
          for (const close of closers.splice(0).reverse()) await close()
          await server.close()
        })

        it('tells a client its own address', async () => {
          const client = await dial()
          const { message } = await client.request(methods.binding, [], { user: undefined })
          expect(addressIn(message, attributeTypes.xorMappedAddress)).toEqual(client.local)
        })

        it('refuses the first request with realm and nonce, and the next one with a wrong password or an old user name', async () => {
          const client = await dial()
          expect((await client.meet()).code).toBe(401)
          expect([client.realm, client.nonce.length > 0]).toEqual(['p2pigeon', true])
          const wrong = { ...user, credential: 'wrong' }
          expect((await client.request(methods.allocate, [udpTransport], { user: wrong })).code).toBe(401)
          const late = await dial(server.user(-5))
          await late.meet()
          expect((await late.request(methods.allocate, [udpTransport])).code).toBe(401)
        })

        it('refuses a nonce that it did not make with a new one', async () => {
          const client = await dial()
          await client.meet()
          const { code, message } = await client.request(methods.allocate, [udpTransport], { nonce: 'made-up' })
          expect(code).toBe(438)
          expect(textOf(message, attributeTypes.nonce)).not.toBe('made-up')
        })

        it('allocates, signed, and says the same again to the same request', async () => {
          const client = await dial()
          await client.meet()
          const transactionId = randomBytes(12)
          const first = await client.request(methods.allocate, [udpTransport], { transactionId })
          expect([first.code, first.signed, lifetimeIn(first.message)]).toEqual([0, true, 600])
          const relayed = addressIn(first.message, attributeTypes.xorRelayedAddress)
          expect(relayed).toMatchObject({ family: 4, address: '127.0.0.1' })
          expect(addressIn(first.message, attributeTypes.xorMappedAddress)).toEqual(client.local)
          const again = await client.request(methods.allocate, [udpTransport], { transactionId })
          expect(addressIn(again.message, attributeTypes.xorRelayedAddress)).toEqual(relayed)
          expect((await client.request(methods.allocate, [udpTransport])).code).toBe(437)
        })

        it('refreshes, bounds a lifetime, and ends at 0', async () => {
          const client = await dial()
          await client.allocate()
          expect(lifetimeIn((await client.refresh()).message)).toBe(600)
          expect(lifetimeIn((await client.refresh(1_200)).message)).toBe(1_200)
          expect(lifetimeIn((await client.refresh(1_000_000)).message)).toBe(3_600)
          expect(lifetimeIn((await client.refresh(0)).message)).toBe(0)
        })

        it('lets nobody else change an allocation', async () => {
          const client = await dial()
          await client.allocate()
          expect((await client.refresh(0, { user: server.user(30) })).code).toBe(441)
        })

        it('answers what it must understand and does not with 420', async () => {
          const client = await dial()
          await client.meet()
          const odd = { type: 0x7abc, value: Buffer.alloc(4) }
          const { code, message } = await client.request(methods.allocate, [udpTransport, odd])
          expect(code).toBe(420)
          expect(Buffer.from(valueOf(message, attributeTypes.unknownAttributes)!).readUInt16BE(0)).toBe(0x7abc)
        })

        it('carries data both ways, once there is a permission', async () => {
          const client = await dial()
          const echo = await peer()
          const relayed = await client.allocate()
          client.sendTo(at(echo.port), Buffer.from('too early'))
          await echo.sendTo(relayed.port, 'uninvited')
          await client.settled()
          expect((await client.permit(at(echo.port))).code).toBe(0)
          client.sendTo(at(echo.port), Buffer.from('coo'))
          expect(await client.data()).toEqual({ peer: at(echo.port), text: 'echo coo' })
          expect(echo.received).toEqual(['coo'])
        })

        it.each([0, 1, 2, 3, 4, 5, 1_200])('carries %i bytes in a channel', async (length) => {
          const client = await dial()
          const echo = await peer()
          const relayed = await client.allocate()
          expect((await client.bind(0x4000, at(echo.port))).code).toBe(0)
          const text = 'x'.repeat(length)
          client.sendOn(0x4000, Buffer.from(text))
          expect(await client.channelData()).toEqual({ channel: 0x4000, text: `echo ${text}` })
          await echo.sendTo(relayed.port, 'by itself')
          expect(await client.channelData()).toEqual({ channel: 0x4000, text: 'by itself' })
        })

        it('keeps channel and peer to each other, and renews', async () => {
          const client = await dial()
          await client.allocate()
          expect((await client.bind(0x4001, at(5_001))).code).toBe(0)
          expect((await client.bind(0x4001, at(5_001))).code).toBe(0)
          expect((await client.bind(0x4001, at(5_002))).code).toBe(400)
          expect((await client.bind(0x4002, at(5_001))).code).toBe(400)
          expect((await client.bind(0x3fff, at(5_003))).code).toBe(400)
        })

        it('carries between two of its own clients', async () => {
          const [ada, ben] = [await dial(), await dial()]
          const [adaAt, benAt] = [await ada.allocate(), await ben.allocate()]
          await ada.bind(0x4000, benAt)
          await ben.permit(adaAt)
          ada.sendOn(0x4000, Buffer.from('hello'))
          expect(await ben.data()).toEqual({ peer: adaAt, text: 'hello' })
          ben.sendTo(adaAt, Buffer.from('hello to you'))
          expect(await ada.channelData()).toEqual({ channel: 0x4000, text: 'hello to you' })
        })

        it('stops at the quota of a user', async () => {
          const clients = [await dial(), await dial(), await dial(), await dial()]
          for (const client of clients.slice(0, 3)) await client.allocate()
          const late = clients[3]!
          await late.meet()
          expect((await late.request(methods.allocate, [udpTransport])).code).toBe(486)
        })
      },
    )
