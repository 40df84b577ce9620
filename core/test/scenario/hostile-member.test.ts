import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { initiate, type CloseReason } from '../../src/channel/index.ts'
import { importSeed, roomIdentity } from '../../src/identity/index.ts'
import { Scope } from '../../src/lifetime/index.ts'
import { deriveRoomKeys, parseRoomLink } from '../../src/link/index.ts'
import { nativeDhtCarrier, nodeRuntime } from '../../src/node.ts'
import { noTracks } from '../../src/peer/tracks.ts'
import { PeerSession } from '../../src/peer/index.ts'
import { encodeControl } from '../../src/room/control.ts'
import { encodeHello } from '../../src/room/hello.ts'
import type { Carrier } from '../../src/signalling/index.ts'
import { connectedNames, seen, village, type Village } from './headless-people.ts'

/** Somebody with the link who speaks the handshake correctly and then says whatever it likes. */
class HostileMember {
  readonly scope = new Scope()
  readonly #runtime = nodeRuntime()
  readonly #carrier: Carrier

  constructor(bootstrap: readonly string[]) {
    this.#carrier = nativeDhtCarrier({ bootstrap, host: '127.0.0.1' })
    this.scope.onEnd(() => {
      this.#carrier.close()
    })
  }

  /** Connects to the first who is found, and tells how the session ends after `speak`. */
  async meet(link: string, speak: (session: PeerSession) => void): Promise<CloseReason> {
    const { clock, random, peerConnections } = this.#runtime
    const parsed = await parseRoomLink(link)
    const keys = await deriveRoomKeys(parsed)
    const identity = await roomIdentity(await importSeed(random.bytes(32)), parsed.roomId)
    const { signal } = this.scope
    const topic = await keys.topic('dht', clock.now())
    const hello = encodeHello({ instance: random.bytes(16), joinedAtMs: clock.now(), media: false, host: false })
    for (;;) {
      for await (const address of this.#carrier.lookup(topic, { signal })) {
        const stream = await this.#carrier.dial(topic, address, { signal })
        const channel = await initiate(stream, {
          keys,
          identity,
          hello: () => hello,
          judge: () => ({ kind: 'proceed' }),
          clock,
          random,
          signal,
        })
        const ports = {
          clock,
          random,
          peerConnections,
          ...keys.policy,
          iceServers: () => [],
          localTracks: noTracks,
        }
        const session = new PeerSession(ports, 'initiator', false, this.scope)
        const ended = new Promise<CloseReason>((resolve) => {
          session.on('stateChanged', (state) => {
            if (state.kind === 'open') speak(session)
            if (state.kind === 'closed') resolve(state.reason)
          })
        })
        session.attach(channel)
        await channel.proven
        session.listen()
        return ended
      }
    }
  }
}

describe('a hostile member', { timeout: 60_000 }, () => {
  let place: Village
  let eve: HostileMember

  beforeEach(async () => {
    place = await village()
    eve = new HostileMember(place.bootstrap)
  })
  afterEach(async () => {
    eve.scope.end()
    await place.close()
  })

  const garbage = new Uint8Array([9, 9, 9])
  it.each([
    [
      'garbage as a control message',
      (session: PeerSession) => {
        session.sendControl(garbage)
      },
    ],
    [
      'garbage as a chat message',
      (session: PeerSession) => {
        session.sendMessage(garbage)
      },
    ],
    [
      'an order that only the host may give',
      (session: PeerSession) => {
        session.sendControl(encodeControl({ kind: 'kick', publicKey: new Uint8Array(32) }))
      },
    ],
  ])('who sends %s loses its session, and nobody else notices', async (_what, speak) => {
    const ada = await place.person('Ada')
    const ben = await place.person('Ben')
    const link = await ada.manager.createRoomLink({ privacy: 'lan' })
    const room = await ada.join(link)
    expect(await eve.meet(link, speak)).toBe('violation')
    await ben.join(link)
    const view = await seen(room, (now) => connectedNames(now).includes('Ben'))
    expect(connectedNames(view)).toEqual(['Ben'])
  })
})
