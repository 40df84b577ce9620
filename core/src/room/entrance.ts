import {
  initiate,
  prepareOpening,
  respond,
  type ChannelContext,
  type HandshakeGate,
  type Opening,
  type SecureChannel,
} from '../channel/index.ts'
import type { PeerId, RoomIdentity } from '../identity/index.ts'
import type { Scope } from '../lifetime/index.ts'
import type { RoomKeys } from '../link/index.ts'
import { lobbyNotice, PeerSession, type PeerPorts } from '../peer/index.ts'
import type { Clock, Random } from '../runtime/index.ts'
import type { CarrierName, CarrierStream } from '../signalling/index.ts'
import type { Dialling } from './dialling.ts'
import type { Hello } from './hello.ts'
import { encodeHello } from './hello.ts'
import type { Lobby } from './lobby.ts'
import { helloOf, type Membership } from './membership.ts'

export interface EntrancePorts {
  readonly keys: RoomKeys
  readonly identity: RoomIdentity
  /** Read when it is sent. */
  hello(): Hello
  readonly membership: Membership
  /** Where those wait who hold the link and are not let in yet. */
  readonly lobby: Lobby
  readonly gate: HandshakeGate
  /** Shared by all doors. */
  readonly dialling: Dialling
  /** Epoch of the secret behind this door. */
  readonly epoch: number
  /** Whom this door is for: who is listed by everything that replaced its secret since; everybody, as long as nothing did. */
  isFor(peerId: PeerId): boolean
  readonly peer: PeerPorts
  readonly clock: Clock
  readonly random: Random
  /** Of this door: ends handshakes that are under way. */
  readonly scope: Scope
  /** Of the room: sessions outlive the door by which they came. */
  readonly sessions: Scope
}

/** What we have ready as a dialler. */
interface Spare {
  readonly session: PeerSession
  readonly opening: Promise<Opening>
}

/** Turns carrier streams into sessions: handshake, judgement, adoption. */
export class Entrance {
  readonly #ports: EntrancePorts
  /** A connection and a handshake made ahead for whoever is dialled first: making them takes as long as finding somebody. */
  #spare: Spare | undefined

  constructor(ports: EntrancePorts) {
    this.#ports = ports
    ports.scope.onEnd(() => {
      this.expectNobody()
    })
    // What the spare connection offers depends on the devices that are on.
    ports.scope.onEnd(
      ports.peer.localTracks.onChange(() => {
        if (this.#spare === undefined) return
        this.expectNobody()
        this.expect()
      }),
    )
  }

  /** Answers a stream that somebody opened to us. Strangers and floods end here, in silence. */
  async accept(stream: CarrierStream): Promise<void> {
    const { gate, lobby, membership, peer, scope, sessions } = this.#ports
    const attempt = scope.child()
    const leave = gate.enter(stream.carrier, () => {
      attempt.end()
    })
    if (leave === undefined) {
      attempt.end()
      stream.close()
      return
    }
    try {
      const channel = await respond(
        stream,
        this.#context(attempt, () => undefined),
      )
      const hello = helloOf(channel.remote)
      if (sessions.ended) {
        channel.close('left')
        return
      }
      if (hello !== undefined && membership.standingOf(channel.remote.peerId) === 'knocking') {
        channel.send(lobbyNotice)
        lobby.receive(channel, hello)
        return
      }
      const withMedia = hello?.media === true && this.#supportsMedia
      await this.#adopt(channel, new PeerSession(peer, 'responder', withMedia, sessions), stream.carrier)
    } catch {
      // Whoever could not prove itself gets no answer, and there is nobody to tell.
    } finally {
      leave()
      attempt.end()
    }
  }

  /**
   * Takes a stream that we dialled through handshake. The connection is prepared meanwhile, so that the offer leaves
   * with the last handshake message. `met` is told who answers as soon as that is known. False if it failed.
   */
  async enter(stream: CarrierStream, met: (peerId: PeerId) => void): Promise<boolean> {
    const { scope } = this.#ports
    const { session: prepared, opening } = this.#spare ?? this.#prepare()
    this.#spare = undefined
    const attempt = scope.child()
    try {
      const channel = await initiate(stream, this.#context(attempt, met), opening)
      await this.#adopt(channel, this.#suited(prepared, channel), stream.carrier)
      return true
    } catch {
      prepared.close('lost')
      return false
    } finally {
      attempt.end()
    }
  }

  /** Makes the spare connection, before anybody is found. */
  expect(): void {
    this.#spare ??= this.#prepare()
  }

  /** Nobody was found: gives the spare connection back. */
  expectNobody(): void {
    this.#spare?.session.close('left')
    this.#spare = undefined
  }

  #prepare(): Spare {
    const opening = prepareOpening(this.#ports)
    // It fails for whoever uses it.
    opening.catch(() => undefined)
    return {
      opening,
      session: new PeerSession(this.#ports.peer, 'initiator', this.#supportsMedia, this.#ports.sessions),
    }
  }

  get #supportsMedia(): boolean {
    return this.#ports.peer.peerConnections.supportsMedia
  }

  /** A headless peer is offered data channels only. */
  #suited(prepared: PeerSession, channel: SecureChannel): PeerSession {
    if (!this.#supportsMedia || helloOf(channel.remote)?.media === true) return prepared
    prepared.close('replaced')
    return new PeerSession(this.#ports.peer, 'initiator', false, this.#ports.sessions)
  }

  /** The offer leaves at once; nothing that comes back counts, and nobody is displaced, before the other end is proven. */
  async #adopt(channel: SecureChannel, session: PeerSession, road: CarrierName): Promise<void> {
    const { epoch, keys, membership, sessions } = this.#ports
    session.attach(channel)
    const [isHost] = await Promise.all([keys.isHost(channel.remote.publicKey), channel.proven])
    if (sessions.ended) {
      channel.close('left')
      return
    }
    // Judged again: the log may have gone on while the proof was waited for.
    if (!this.#ports.isFor(channel.remote.peerId) && membership.standingOf(channel.remote.peerId) !== 'out') {
      session.close('refused')
      return
    }
    membership.adopt(session, channel.remote, isHost, { epoch, road })
    session.listen()
  }

  #context(attempt: Scope, met: (peerId: PeerId) => void): ChannelContext {
    const { keys, identity, membership, clock, random } = this.#ports
    return {
      keys,
      identity,
      hello: () => encodeHello(this.#ports.hello()),
      judge: async (remote, role) => {
        met(remote.peerId)
        if (!this.#ports.isFor(remote.peerId) && membership.standingOf(remote.peerId) !== 'out')
          return { kind: 'stop', reason: 'refused' }
        const verdict = membership.judge(remote, role, await keys.isHost(remote.publicKey))
        if (verdict.kind === 'stop' || role === 'responder') return verdict
        const instance = helloOf(remote)?.instance
        const leave = instance && this.#ports.dialling.enter(remote.peerId, instance)
        if (leave === undefined) return { kind: 'stop', reason: 'duplicate' }
        attempt.onEnd(leave)
        return verdict
      },
      clock,
      random,
      signal: attempt.signal,
    }
  }
}
