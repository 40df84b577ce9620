import { fileRightIn, roleIn, standingOf, type EntryMode, type Standing } from '../control-log/index.ts'
import { LimitError, UsageError } from '../errors/index.ts'
import type { PeerId } from '../identity/index.ts'
import { Emitter, Scope, type Undo } from '../lifetime/index.ts'
import type { MediaState } from '../media/index.ts'
import type { PeerSession } from '../peer/index.ts'
import { fractionOf } from '../runtime/index.ts'
import { alarmsOf } from './alarms.ts'
import { audioLevelOf } from './audio-level.ts'
import { decodeControl, encodeControl, maxPresentationBytes } from './control.ts'
import type { Exposure } from './exposure-view.ts'
import { exposureOf } from './exposure.ts'
import { Later } from './later.ts'
import type { Member } from './member.ts'
import type { Departure, Refusal } from './membership.ts'
import { cleanName } from './name.ts'
import { unknownPeer } from './powers.ts'
import { assembleRoom, type MeshRoomPorts, type RoomHooks, type RoomParts } from './room-parts.ts'
import { isUnderWay, nextPlace, type PlaceInput } from './room-state.ts'
import { tellStreamChanges, tellStreamsGone, type StreamHooks } from './stream-changes.ts'
import { orViolation } from './violation.ts'
import type {
  InviteTerms,
  MessageFile,
  MessageView,
  ParticipantView,
  Room,
  RoomFileAccess,
  RoomState,
  RoomView,
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

/** A room as a full mesh: everybody has a session with everybody, found on every road there is. */
export class MeshRoom implements Room {
  readonly roomId: string
  readonly #ports: MeshRoomPorts
  readonly #scope = new Scope()
  readonly #events = new Emitter<MeshRoomEvents>()
  readonly #parts: RoomParts
  readonly #changes: Later
  readonly #presenceNews: Later
  readonly #joinedAtMs: number
  readonly #held = new Map<PeerId, string>()
  #state: RoomState = { kind: 'joining' }
  #name: string
  #handRaised = false
  #searchedOnce = false
  /** True once we were with somebody. */
  #wasIn = false
  #presentation: Uint8Array<ArrayBuffer> | undefined
  #mutedForAll = false
  /** True while the microphone is being turned off for that. */
  #turningOff = false
  /** Removed on an earlier visit: others may have let us in since, so what we remember of it does not end this one. True until the log was read. */
  #wasOut = true
  #view: RoomView | undefined

  constructor(ports: MeshRoomPorts) {
    const { runtime, roads, keys, identity, localMedia } = ports
    const { clock, random } = runtime
    this.#ports = ports
    this.roomId = keys.roomName
    this.#name = cleanName(ports.name)
    this.#joinedAtMs = clock.now()
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
        this.#tellAll(this.#presence())
      },
    )
    this.#parts = assembleRoom(ports, this.#hooks())
    scope.onEnd(
      roads.on('changed', () => {
        this.#changed()
      }),
    )
    scope.onEnd(
      localMedia.onChange(() => {
        this.#keepMuted()
        this.#tellPresence()
      }),
    )
    if (ports.isHost) this.#parts.authority.log.meetHost(identity.peerId)
  }

  /** The code of the link as it is now; it changes with the room secret and grows with the log. */
  get linkCode(): string {
    return this.#parts.wayIn.linkCode
  }

  get files(): RoomFileAccess {
    return this.#parts.files
  }

  /** Starts announcing and searching; others appear in the view as they are found. */
  async start(): Promise<void> {
    if (this.#ports.memory !== undefined) await this.#parts.authority.restore()
    await this.#parts.conversation.restore()
    this.#wasOut = this.#standingOf(this.#ports.identity.peerId) === 'out'
    await this.#parts.wayIn.open()
  }

  on<K extends keyof MeshRoomEvents>(event: K, listener: MeshRoomEvents[K]): Undo {
    return this.#events.on(event, listener)
  }

  subscribe(changed: () => void): () => void {
    return this.#events.on('changed', changed)
  }

  view(): RoomView {
    const { roads, identity, isHost, keys, localMedia } = this.#ports
    const { state } = this.#parts.authority
    this.#view ??= {
      state: this.#state,
      policy: keys.policy,
      carrier: roads.state,
      roads: roads.view(),
      self: {
        peerId: identity.peerId,
        name: this.#name,
        isHost,
        role: roleIn(state, identity.peerId),
        media: localMedia.view().media,
        mutedForAll: this.#mutedForAll,
        fileRight: fileRightIn(state, identity.peerId),
        handRaised: this.#handRaised,
        presentation: this.#presentation,
      },
      participants: this.#parts.membership.members().flatMap((member) => this.#viewOf(member) ?? []),
      entry: state.entry,
      knocks: this.#parts.authority.may({ kind: 'admit' }) ? this.#parts.lobby.view() : [],
      epoch: this.#parts.authority.era.epoch,
      comparison: this.#parts.verification.view(),
      held: [...this.#held].map(([peerId, name]) => ({ peerId, name })),
      alarms: alarmsOf(this.#parts.authority),
      messages: this.#parts.conversation.messages(),
      chatKept: this.#chatKept(),
    }
    return this.#view
  }

  sendMessage(content: string, files?: readonly MessageFile[]): string {
    if (this.#scope.ended) throw new UsageError('room-left', 'the room was left')
    return this.#parts.conversation.post(content, this.#parts.membership.presentIds(), files)
  }

  markRead(): void {
    this.#parts.conversation.markRead()
  }

  deleteChat(): Promise<void> {
    return this.#parts.conversation.erase()
  }

  setName(name: string): void {
    this.#name = cleanName(name)
    this.#tellPresence()
  }

  async audioLevels(): Promise<ReadonlyMap<PeerId, number>> {
    const levels = this.#parts.membership
      .members()
      .flatMap(({ peerId, link }) =>
        link.kind === 'connected' ? [audioLevelOf(link.session).then((level) => [peerId, level] as const)] : [],
      )
    return new Map(await Promise.all(levels))
  }

  async exposure(): Promise<Exposure> {
    const { roads, ice, keys } = this.#ports
    const peers = this.#parts.membership.members().map(async ({ peerId, name, session }) => {
      if (session === undefined) return []
      return [{ peerId, name, path: await session.path() }]
    })
    return exposureOf({
      privacy: keys.policy.privacy,
      iceServers: ice.servers(),
      roads: roads.view().filter(({ inUse }) => inUse),
      introducers: this.#parts.introductions.introducers(),
      peers: (await Promise.all(peers)).flat(),
    })
  }

  /** Stops or resumes hearing a participant on this device. @throws {UsageError} `unknown-peer`. */
  setMutedHere(peerId: PeerId, muted: boolean): void {
    this.#memberOrThrow(peerId).mutedHere = muted
    this.#changed()
  }

  setEntry(mode: EntryMode): void {
    this.#parts.powers.setEntry(mode)
  }

  admit(peerId: PeerId): void {
    this.#parts.powers.admit(peerId)
  }

  deny(peerId: PeerId): void {
    this.#parts.powers.deny(peerId)
  }

  muteForAll(peerId: PeerId, muted: boolean): void {
    this.#parts.powers.mute(peerId, muted)
  }

  kick(peerId: PeerId, { ban = false }: { readonly ban?: boolean } = {}): void {
    this.#parts.powers.kick(peerId, ban)
  }

  setFileRight(peerId: PeerId, right: 'editor' | 'reader'): void {
    this.#parts.powers.setFileRight(peerId, right)
  }

  setCohost(peerId: PeerId, on: boolean): void {
    this.#parts.powers.setCohost(peerId, on)
  }

  endForAll(): void {
    this.#parts.powers.end()
  }

  renewLink(): void {
    this.#parts.powers.renewLink()
  }

  createInvite(terms: InviteTerms): Promise<string> {
    return this.#parts.powers.createInvite(terms)
  }

  raiseHand(up: boolean): void {
    this.#handRaised = up
    this.#tellPresence()
  }

  hold(peerId: PeerId, held: boolean): void {
    if (held) {
      const { name } = this.#memberOrThrow(peerId)
      this.#held.set(peerId, name)
      this.#parts.membership.drop(peerId, 'refused', 'left')
    } else if (this.#held.delete(peerId)) {
      this.#parts.doors.hurry()
    }
    this.#changed()
  }

  present(presentation: Uint8Array<ArrayBuffer> | undefined): void {
    if ((presentation?.length ?? 0) > maxPresentationBytes)
      throw new LimitError('presentation-size', 'too long a presentation')
    this.#presentation = presentation
    this.#tellAll(this.#presentationControl())
    this.#parts.verification.look()
    this.#changed()
  }

  has(peerId: PeerId): boolean {
    return this.#parts.membership.get(peerId) !== undefined
  }

  /** Resolves when every connection has taken what was sent so far: back-pressure for bulk senders. */
  async drained(): Promise<void> {
    for (const { link } of this.#parts.membership.members()) if (link.kind === 'connected') await link.session.drained()
  }

  async leave(): Promise<void> {
    this.#place({ kind: 'left' })
    await this.#parts.conversation.settled()
  }

  #hooks(): RoomHooks {
    return {
      scope: this.#scope,
      joinedAtMs: this.#joinedAtMs,
      ownName: () => this.#name,
      ownPresentation: () => this.#presentation,
      isHeld: (peerId) => this.#held.has(peerId),
      welcomed: (member, session) => {
        this.#welcomed(member, session)
      },
      connected: (member) => {
        this.#connected(member)
      },
      departed: (member, why) => {
        this.#departed(member, why)
      },
      refused: (reason, by) => {
        this.#refused(reason, by)
      },
      searched: (dialling) => {
        this.#searched(dialling)
      },
      messageReceived: (message) => {
        this.#events.emit('messageReceived', message)
      },
      membersChanged: () => {
        this.#place({ kind: 'stands', where: this.#standing() })
        this.#parts.verification.look()
        this.#changed()
      },
      authorityChanged: () => {
        this.#authorityChanged()
      },
      changed: () => {
        this.#changed()
      },
    }
  }

  /** Moves to where `input` puts us, and out of the room if that is where it leads. */
  #place(input: PlaceInput): void {
    const before = this.#state
    this.#state = nextPlace(before, input)
    if (this.#state === before) return
    if (isUnderWay(this.#state)) {
      this.#changed()
      return
    }
    const goodbye = this.#state.kind === 'ended' ? 'ended' : 'left'
    this.#parts.membership.closeAll(goodbye)
    this.#parts.lobby.closeAll(goodbye)
    this.#scope.end()
    this.#view = undefined
    this.#events.emit('changed')
  }

  #welcomed(member: Member, session: PeerSession): void {
    // From the first sound on, also when it comes back as if it were new.
    member.mutedForAll = this.#parts.authority.state.muted.has(member.peerId)
    session.on('controlReceived', (bytes) => {
      orViolation(session, () => {
        this.#control(member, bytes)
      })
    })
    session.on('messageReceived', (bytes) => {
      orViolation(session, () => {
        this.#parts.conversation.receive(member.peerId, member.instance, bytes)
      })
    })
    session.on('remoteTracksChanged', (tracks) => {
      this.#withStreamEvents(member, () => {
        member.setTracks(tracks)
      })
    })
    this.#parts.files.direct.follow(member.peerId, session)
    session.sendControl(this.#presence())
  }

  #connected(member: Member): void {
    this.#wasIn = true
    this.#place({ kind: 'stands', where: 'in' })
    if (member.isHost) this.#parts.authority.log.meetHost(member.peerId)
    this.#parts.authority.met(member.peerId)
    this.#parts.files.talk.connected(member.peerId)
    if (this.#presentation !== undefined) member.session?.sendControl(this.#presentationControl())
    this.#parts.conversation.connected(member.peerId)
    this.#parts.introductions.connected(member)
    this.#parts.verification.connected(member.peerId)
    this.#introduce(member)
  }

  /** Tells of a member as soon as it is connected. */
  #introduce(member: Member): void {
    const view = this.#viewOf(member)
    if (view === undefined || member.link.kind !== 'connected' || member.introduced) return
    member.introduced = true
    this.#events.emit('peerConnected', view)
  }

  #departed(member: Member, why: Departure): void {
    this.#parts.conversation.departed(member.peerId)
    this.#parts.authority.departed(member.peerId)
    this.#parts.verification.departed(member.peerId)
    const view = this.#viewOf(member)
    if (view === undefined || !member.introduced) return
    tellStreamsGone(member, this.#streamHooks(member))
    this.#events.emit('peerDeparted', view, why)
  }

  #refused(reason: Refusal, by: Member): void {
    if (reason === 'admitted') {
      // From somebody who did not let us wait it means nothing, and must not drive our searches.
      if (by.inLobby) this.#parts.doors.hurry()
      return
    }
    const authority = by.isHost || roleIn(this.#parts.authority.state, by.peerId) !== 'member'
    const newcomer = this.#ports.runtime.clock.now() - this.#joinedAtMs < newcomerForMs
    this.#place({ kind: 'refused', reason, authority, host: by.isHost, newcomer })
  }

  #searched(dialling: number): void {
    if (dialling === 0) this.#parts.doors.expectNobody()
    this.#place({ kind: 'searched', dialling, first: !this.#searchedOnce })
    this.#searchedOnce = true
  }

  /** Whom we are with so far. */
  #standing(): 'nowhere' | 'lobby' | 'in' {
    const members = this.#parts.membership.members()
    if (members.some(({ link }) => link.kind !== 'connecting')) return 'in'
    // Nobody can send us back to the door who were in, or whose room it is.
    const knows = this.#wasIn || this.#ports.isHost
    return !knows && members.some(({ inLobby }) => inLobby) ? 'lobby' : 'nowhere'
  }

  #control(member: Member, bytes: Uint8Array): void {
    const control = decodeControl(bytes)
    switch (control.kind) {
      case 'presence':
        this.#withStreamEvents(member, () => {
          member.presence = control
        })
        return
      case 'introduction':
        this.#parts.introductions.receive(member.peerId, control.frame)
        return
      case 'comparison':
        this.#parts.verification.receive(member.peerId, control.message)
        return
      case 'presentation':
        member.presentation = control.presentation.length === 0 ? undefined : control.presentation
        this.#parts.verification.look()
        this.#changed()
        return
      case 'heads':
      case 'entries':
      case 'secrets':
        this.#parts.authority.receive(member.peerId, control)
        return
      case 'masters':
      case 'drives':
        this.#parts.files.talk.receive(member.peerId, control)
    }
  }

  /** Puts in force what the log says now. */
  #authorityChanged(): void {
    const { state } = this.#parts.authority
    const self = this.#ports.identity.peerId
    const isOut = this.#standingOf(self) === 'out'
    if (state.ended) this.#place({ kind: 'decided', what: 'ended' })
    else if (isOut && !this.#wasOut) this.#place({ kind: 'decided', what: 'removed' })
    if (this.#scope.ended) return
    this.#wasOut &&= isOut
    for (const member of this.#parts.membership.members()) {
      member.mutedForAll = state.muted.has(member.peerId)
      const standing = this.#standingOf(member.peerId)
      // Who is on no list of a new secret may be somebody removed, under another name that the host has never met.
      const isListed = this.#parts.authority.mayReturn(member.peerId, member.way.epoch)
      if (standing === 'out') this.#parts.membership.drop(member.peerId, 'kicked', 'kicked')
      else if (standing !== 'in' || !isListed) this.#parts.membership.drop(member.peerId, 'refused', 'left')
    }
    this.#parts.lobby.reconsider((peerId) => this.#standingOf(peerId))
    void this.#parts.powers.honourInvites()
    const wasMuted = this.#mutedForAll
    this.#mutedForAll = state.muted.has(self)
    if (wasMuted && !this.#mutedForAll) this.#handRaised = false
    this.#keepMuted()
    this.#parts.wayIn.follow()
    this.#parts.verification.look()
    this.#changed()
  }

  /** Whom the log forbids to speak has no microphone on; whoever changes this code is dropped by the others' ears instead. */
  #keepMuted(): void {
    const { localMedia } = this.#ports
    if (!this.#mutedForAll || this.#turningOff || localMedia.view().media.microphone !== 'on') return
    this.#turningOff = true
    const done = (): void => {
      this.#turningOff = false
    }
    localMedia.setMicrophone(false).then(done, done)
  }

  #standingOf(peerId: PeerId): Standing {
    return standingOf(this.#parts.authority.state, peerId)
  }

  #viewOf(member: Member): ParticipantView | undefined {
    const { state } = this.#parts.authority
    if (member.isHost) return member.view('host', 'owner')
    return member.view(roleIn(state, member.peerId), fileRightIn(state, member.peerId))
  }

  #chatKept(): RoomView['chatKept'] {
    if (!this.#ports.keys.policy.keepChat) return 'no'
    return this.#parts.conversation.isKept === true ? 'yes' : 'failing'
  }

  #tellAll(control: Uint8Array<ArrayBuffer>): void {
    for (const { session, inLobby } of this.#parts.membership.members()) if (!inLobby) session?.sendControl(control)
  }

  #presentationControl(): Uint8Array<ArrayBuffer> {
    return encodeControl({ kind: 'presentation', presentation: this.#presentation ?? new Uint8Array(0) })
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
    return encodeControl({ kind: 'presence', name: this.#name, media, handRaised: this.#handRaised })
  }

  #tellPresence(): void {
    this.#changed()
    this.#presenceNews.ask()
  }

  #memberOrThrow(peerId: PeerId): Member {
    const member = this.#parts.membership.get(peerId)
    if (member === undefined) throw unknownPeer()
    return member
  }

  #changed(): void {
    this.#view = undefined
    this.#changes.ask()
  }
}
