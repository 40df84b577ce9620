import { initiate, type CloseReason } from '../../src/channel/index.ts'
import { importSeed, roomIdentity, type RoomIdentity } from '../../src/identity/index.ts'
import { Scope } from '../../src/lifetime/index.ts'
import { deriveRoomKeys, parseRoomLink, type RoomLink } from '../../src/link/index.ts'
import { nativeDhtCarrier, nodeRuntime } from '../../src/node.ts'
import { noTracks } from '../../src/peer/tracks.ts'
import { PeerSession } from '../../src/peer/index.ts'
import { encodeHello } from '../../src/room/hello.ts'
import type { Carrier } from '../../src/signalling/index.ts'

export interface HostileOptions {
  /** 32 bytes; random by default. */
  readonly seed?: Uint8Array<ArrayBuffer>
  /** Says that it is the host. */
  readonly host?: boolean
  readonly name?: string
  /** By which it comes; the DHT by default. */
  readonly carrier?: Carrier
  /** Control messages of every session, from the first one on. */
  readonly heard?: (message: Uint8Array<ArrayBuffer>) => void
}

/** Somebody with the link who speaks the handshake correctly and then says whatever it likes. */
export class HostilePerson {
  readonly scope = new Scope()
  readonly #runtime = nodeRuntime()
  readonly #carrier: Carrier
  readonly #options: HostileOptions
  readonly #seed: Uint8Array<ArrayBuffer>
  /** Key of whoever the last session is with. */
  lastMet: Uint8Array<ArrayBuffer> | undefined

  constructor(bootstrap: readonly string[], options: HostileOptions = {}) {
    this.#carrier = options.carrier ?? nativeDhtCarrier({ bootstrap, host: '127.0.0.1' })
    this.#options = options
    this.#seed = options.seed ?? this.#runtime.random.bytes(32)
    this.scope.onEnd(() => {
      this.#carrier.close()
    })
  }

  /** Who it is in a room. */
  async identityIn({ roomId }: RoomLink): Promise<RoomIdentity> {
    return roomIdentity(await importSeed(this.#seed), roomId)
  }

  /** Opens a session to whoever answers first and is none of `except`; resolves when it is open. */
  async open(link: string, except: readonly string[] = []): Promise<PeerSession> {
    const { clock, random, peerConnections } = this.#runtime
    const parsed = await parseRoomLink(link)
    const keys = await deriveRoomKeys(parsed)
    const identity = await this.identityIn(parsed)
    const { signal } = this.scope
    const topic = await keys.topic(this.#carrier.name, clock.now())
    const { host = false, name = 'Eve', heard = () => undefined } = this.#options
    const hello = encodeHello({
      instance: random.bytes(16),
      joinedAtMs: clock.now(),
      media: false,
      host,
      name,
      token: undefined,
    })
    for (;;) {
      for await (const address of this.#carrier.lookup(topic, { signal })) {
        const stream = await this.#carrier.dial(topic, address, { signal })
        const context = { keys, identity, hello: () => hello, clock, random, signal }
        const channel = await initiate(stream, {
          ...context,
          judge: ({ peerId }) => (except.includes(peerId) ? { kind: 'stop', reason: 'refused' } : { kind: 'proceed' }),
        }).catch(() => undefined)
        if (channel === undefined) continue
        const ports = {
          clock,
          random,
          peerConnections,
          ...keys.policy,
          iceServers: () => [],
          localTracks: noTracks,
        }
        const session = new PeerSession(ports, 'initiator', false, this.scope)
        const opened = new Promise<boolean>((resolve) => {
          session.on('stateChanged', (state) => {
            if (state.kind === 'open' || state.kind === 'closed') resolve(state.kind === 'open')
          })
        })
        session.on('controlReceived', heard)
        session.attach(channel)
        await channel.proven.catch(() => undefined)
        session.listen()
        this.lastMet = channel.remote.publicKey
        if (await opened) return session
      }
    }
  }
}

/** How a session ends. */
export function endOf(session: PeerSession): Promise<CloseReason> {
  return new Promise((resolve) => {
    session.on('stateChanged', (state) => {
      if (state.kind === 'closed') resolve(state.reason)
    })
  })
}
