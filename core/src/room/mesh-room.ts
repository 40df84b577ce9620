import { toHex } from '../bytes/index.ts'
import { CodecError, UsageError } from '../errors/index.ts'
import { peerIdOf, type PeerId, type RoomIdentity } from '../identity/index.ts'
import { Emitter, Scope, type Undo } from '../lifetime/index.ts'
import { linkCodeOf, type RoomKeys } from '../link/index.ts'
import type { LocalMedia, MediaState } from '../media/index.ts'
import type { IceSupply, PeerSession } from '../peer/index.ts'
import { fractionOf, type Runtime } from '../runtime/index.ts'
import type { Carrier } from '../signalling/index.ts'
import { audioLevelOf } from './audio-level.ts'
import { Conversation } from './chat/index.ts'
import { decodeControl, encodeControl } from './control.ts'
import { Discovery } from './discovery.ts'
import { Entrance } from './entrance.ts'
import type { Exposure } from './exposure-view.ts'
import { exposureOf } from './exposure.ts'
import { instanceBytes, type Hello } from './hello.ts'
import type { Member } from './member.ts'
import { Membership, type Departure } from './membership.ts'
import { cleanName } from './name.ts'
import { Later } from './later.ts'
import { Removals } from './removals.ts'
import { tellStreamChanges, tellStreamsGone, type StreamHooks } from './stream-changes.ts'
import {
  maxParticipants,
  type MessageView,
  type ParticipantView,
  type Room,
  type RoomState,
  type RoomView,
} from './view.ts'

/** Changes within one frame of a screen are told together. */
const changeDelayMs = 16
/**
 * A change of name or devices is told this much later at most, at random: who counts packets shall not know the moment at which
 * somebody mutes. Others see it as much later; the sound itself ends at once.
 */
const presenceJitterMs = 120
/** Only a newcomer believes that the room is full; later the word of one member is not enough to throw us out. */
const newcomerForMs = 15_000

/** What happens in a room, for whoever builds an API on it. */
export interface MeshRoomEvents {
  peerConnected: (peer: ParticipantView) => void
  peerDeparted: (peer: ParticipantView, why: Departure) => void
  messageReceived: (message: MessageView) => void
  streamAdded: (peerId: PeerId, stream: MediaStream, source: 'camera' | 'screen') => void
  streamRemoved: (peerId: PeerId, source: 'camera' | 'screen') => void
  changed: () => void
}

export interface MeshRoomPorts {
  readonly runtime: Runtime
  readonly carrier: Carrier
  readonly keys: RoomKeys
  readonly identity: RoomIdentity
  readonly isHost: boolean
  readonly linkCode: string
  readonly name: string
  readonly localMedia: LocalMedia
  readonly ice: IceSupply
}

/** A room as a full mesh: everybody has a session with everybody, found through one carrier. */
export class MeshRoom implements Room {
  readonly roomId: string
  readonly linkCode: string
  readonly #ports: MeshRoomPorts
  readonly #scope = new Scope()
  readonly #events = new Emitter<MeshRoomEvents>()
  readonly #membership: Membership
  readonly #conversation: Conversation
  readonly #discovery: Discovery
  readonly #entrance: Entrance
  readonly #removals = new Removals()
  readonly #changes: Later
  readonly #presenceNews: Later
  readonly #joinedAtMs: number
  #state: RoomState = { kind: 'joining' }
  #name: string
  #view: RoomView | undefined

  constructor(ports: MeshRoomPorts) {
    const { runtime, carrier, keys, identity, localMedia } = ports
    const { clock, random } = runtime
    this.#ports = ports
    this.roomId = keys.roomName
    this.linkCode = linkCodeOf(ports.linkCode)
    this.#name = cleanName(ports.name)
    this.#joinedAtMs = clock.now()
    const hello: Hello = {
      instance: random.bytes(instanceBytes),
      joinedAtMs: this.#joinedAtMs,
      media: runtime.peerConnections.supportsMedia,
      host: ports.isHost,
    }
    const scope = this.#scope
    const owner = { clock, scope }
    this.#changes = new Later(
      owner,
      () => changeDelayMs,
      () => {
        this.#events.emit('changed')
      },
    )
    this.#presenceNews = new Later(
      owner,
      () => fractionOf(random) * presenceJitterMs,
      () => {
        const presence = this.#presence()
        for (const { session } of this.#membership.members()) session?.sendControl(presence)
      },
    )
    this.#membership = new Membership({
      self: identity.peerId,
      places: maxParticipants - 1,
      clock,
      scope,
      welcomed: (member, session) => {
        this.#welcomed(member, session)
      },
      connected: (member) => {
        this.#connected(member)
      },
      departed: (member, why) => {
        this.#departed(member, why)
      },
      searchNow: () => {
        this.#discovery.hurry()
      },
      refused: (reason, by) => {
        this.#refused(reason, by)
      },
      changed: () => {
        this.#changed()
      },
    })
    this.#conversation = new Conversation({
      clock,
      random,
      scope,
      self: identity.peerId,
      instance: toHex(hello.instance),
      send: (to, frame) => this.#sendMessageFrame(to, frame),
      nameOf: (peer) => (peer === identity.peerId ? this.#name : (this.#membership.get(peer)?.presence?.name ?? '')),
      received: (message) => {
        this.#events.emit('messageReceived', message)
      },
      changed: () => {
        this.#changed()
      },
    })
    this.#entrance = new Entrance({
      keys,
      identity,
      hello,
      membership: this.#membership,
      peer: {
        clock,
        peerConnections: runtime.peerConnections,
        random,
        privacy: keys.policy.privacy,
        constantRate: keys.policy.constantRate,
        iceServers: () => ports.ice.servers(),
        localTracks: localMedia,
      },
      clock,
      random,
      scope,
    })
    this.#discovery = new Discovery({
      carrier,
      keys,
      clock,
      random,
      scope,
      incoming: (stream) => void this.#entrance.accept(stream),
      isReached: (peerId) => this.#membership.isReached(peerId),
      dialled: (stream, met) => this.#entrance.enter(stream, met),
      searched: (dialling) => {
        this.#searched(dialling)
      },
    })
    scope.onEnd(
      carrier.on('stateChanged', () => {
        this.#changed()
      }),
    )
    scope.onEnd(
      localMedia.onChange(() => {
        this.#tellPresence()
      }),
    )
  }

  /** Starts announcing and searching; others appear in the view as they are found. */
  async start(): Promise<void> {
    this.#entrance.expect()
    await this.#discovery.start()
  }

  on<K extends keyof MeshRoomEvents>(event: K, listener: MeshRoomEvents[K]): Undo {
    return this.#events.on(event, listener)
  }

  subscribe(changed: () => void): () => void {
    return this.#events.on('changed', changed)
  }

  view(): RoomView {
    const { carrier, identity, isHost, keys, localMedia } = this.#ports
    this.#view ??= {
      state: this.#state,
      policy: keys.policy,
      carrier: carrier.state,
      self: { peerId: identity.peerId, name: this.#name, isHost, media: localMedia.view().media },
      participants: this.#membership.members().flatMap((member) => member.view() ?? []),
      messages: this.#conversation.messages(),
    }
    return this.#view
  }

  sendMessage(content: string): string {
    if (this.#scope.ended) throw new UsageError('room-left', 'the room was left')
    return this.#conversation.post(content, this.#membership.presentIds())
  }

  setName(name: string): void {
    this.#name = cleanName(name)
    this.#tellPresence()
  }

  async audioLevels(): Promise<ReadonlyMap<PeerId, number>> {
    const levels = this.#membership
      .members()
      .flatMap(({ peerId, link }) =>
        link.kind === 'connected' ? [audioLevelOf(link.session).then((level) => [peerId, level] as const)] : [],
      )
    return new Map(await Promise.all(levels))
  }

  async exposure(): Promise<Exposure> {
    const { carrier, ice, keys } = this.#ports
    const peers = this.#membership.members().map(async ({ peerId, presence, session }) => {
      if (session === undefined) return []
      return [{ peerId, name: presence?.name ?? '', path: await session.path() }]
    })
    return exposureOf({
      privacy: keys.policy.privacy,
      iceServers: ice.servers(),
      relayHost: carrier.relayHost,
      peers: (await Promise.all(peers)).flat(),
    })
  }

  /** Stops or resumes hearing a participant on this device. @throws {UsageError} `unknown-peer`. */
  setMutedHere(peerId: PeerId, muted: boolean): void {
    this.#memberOrThrow(peerId).mutedHere = muted
    this.#changed()
  }

  /** The host drops a participant from the room. @throws {UsageError} `not-host`, `unknown-peer`. */
  kick(peerId: PeerId): void {
    if (!this.#ports.isHost) throw new UsageError('not-host', 'only the host can remove a participant')
    const order = this.#removals.add(this.#memberOrThrow(peerId).publicKey)
    this.#membership.ban(peerId)
    for (const { link } of this.#membership.members()) if (link.kind === 'connected') link.session.sendControl(order)
  }

  has(peerId: PeerId): boolean {
    return this.#membership.get(peerId) !== undefined
  }

  /** Resolves when every connection has taken what was sent so far: back-pressure for bulk senders. */
  async drained(): Promise<void> {
    for (const { link } of this.#membership.members()) if (link.kind === 'connected') await link.session.drained()
  }

  leave(): Promise<void> {
    this.#end({ kind: 'left' })
    return Promise.resolve()
  }

  #end(state: RoomState): void {
    if (this.#scope.ended) return
    this.#state = state
    this.#membership.closeAll('left')
    this.#scope.end()
    this.#view = undefined
    this.#events.emit('changed')
  }

  #welcomed(member: Member, session: PeerSession): void {
    session.on('controlReceived', (bytes) => {
      orViolation(session, () => {
        this.#control(member, session, bytes)
      })
    })
    session.on('messageReceived', (bytes) => {
      orViolation(session, () => {
        this.#conversation.receive(member.peerId, member.instance, bytes)
      })
    })
    session.on('remoteTracksChanged', (tracks) => {
      this.#withStreamEvents(member, () => {
        member.setTracks(tracks)
      })
    })
    session.sendControl(this.#presence())
  }

  #connected(member: Member): void {
    if (this.#state.kind === 'joining') this.#state = { kind: 'joined' }
    if (member.link.kind === 'connected') this.#removals.repeatTo(member.link.session)
    this.#conversation.connected(member.peerId)
    this.#introduce(member)
  }

  /** Tells of a member as soon as it is connected and has said who it is, whichever comes last. */
  #introduce(member: Member): void {
    const view = member.view()
    if (view === undefined || member.link.kind !== 'connected' || member.introduced) return
    member.introduced = true
    this.#events.emit('peerConnected', view)
  }

  #departed(member: Member, why: Departure): void {
    this.#conversation.departed(member.peerId)
    const view = member.view()
    if (view === undefined || !member.introduced) return
    tellStreamsGone(member, this.#streamHooks(member))
    this.#events.emit('peerDeparted', view, why)
  }

  #refused(reason: 'room-full' | 'kicked', by: Member | undefined): void {
    const newcomer = this.#ports.runtime.clock.now() - this.#joinedAtMs < newcomerForMs
    if (reason === 'kicked' && by?.isHost === true) this.#end({ kind: 'removed' })
    if (reason === 'room-full' && newcomer) this.#end({ kind: 'full' })
  }

  #searched(dialling: number): void {
    if (dialling === 0) this.#entrance.expectNobody()
    if (this.#state.kind !== 'joining') return
    this.#state = { kind: 'joined' }
    this.#changed()
  }

  #control(member: Member, session: PeerSession, bytes: Uint8Array): void {
    const control = decodeControl(bytes)
    if (control.kind === 'presence') {
      this.#withStreamEvents(member, () => {
        member.presence = control
      })
      this.#introduce(member)
      return
    }
    if (!member.isHost) {
      session.close('violation')
      return
    }
    this.#membership.ban(peerIdOf(control.publicKey))
  }

  #withStreamEvents(member: Member, change: () => void): void {
    tellStreamChanges(member, change, this.#streamHooks(member))
    this.#changed()
  }

  #streamHooks({ peerId }: Member): StreamHooks {
    return {
      added: (stream, source) => {
        this.#events.emit('streamAdded', peerId, stream, source)
      },
      removed: (source) => {
        this.#events.emit('streamRemoved', peerId, source)
      },
    }
  }

  #presence(): Uint8Array<ArrayBuffer> {
    const media: MediaState = this.#ports.localMedia.view().media
    return encodeControl({ kind: 'presence', name: this.#name, media })
  }

  #tellPresence(): void {
    this.#changed()
    this.#presenceNews.ask()
  }

  #sendMessageFrame(to: PeerId, frame: Uint8Array<ArrayBuffer>): boolean {
    const link = this.#membership.get(to)?.link
    if (link?.kind !== 'connected') return false
    link.session.sendMessage(frame)
    return true
  }

  #memberOrThrow(peerId: PeerId): Member {
    const member = this.#membership.get(peerId)
    if (member === undefined) throw new UsageError('unknown-peer', 'no such participant in the room')
    return member
  }

  #changed(): void {
    this.#view = undefined
    this.#changes.ask()
  }
}

/** A member that sends what is not one of our messages loses its session; nothing it sent is echoed. */
function orViolation(session: PeerSession, step: () => void): void {
  try {
    step()
  } catch (error) {
    if (!(error instanceof CodecError)) throw error
    session.close('violation')
  }
}
