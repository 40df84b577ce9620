import { toHex } from '../bytes/index.ts'
import { standingOf } from '../control-log/index.ts'
import type { PeerId, RoomIdentity } from '../identity/index.ts'
import type { Scope } from '../lifetime/index.ts'
import type { RoomKeys, RoomLink } from '../link/index.ts'
import type { LocalMedia } from '../media/index.ts'
import type { IceSupply, PeerSession } from '../peer/index.ts'
import type { Runtime } from '../runtime/index.ts'
import type { Roads } from '../signalling/index.ts'
import { Authority } from './authority.ts'
import { Conversation, type ChatMemory } from './chat/index.ts'
import { Doors } from './doors.ts'
import { RoomFiles } from './files/index.ts'
import { instanceBytes, type Hello } from './hello.ts'
import { Introductions } from './introductions.ts'
import { Lobby } from './lobby.ts'
import type { Member } from './member.ts'
import { Membership, type Departure, type Refusal } from './membership.ts'
import type { RoomMemory } from './memory.ts'
import { Powers } from './powers.ts'
import { Verification } from './verification.ts'
import { maxParticipants, type MessageView } from './view.ts'
import { WayIn } from './way-in.ts'

export interface MeshRoomPorts {
  readonly runtime: Runtime
  readonly roads: Roads
  readonly link: RoomLink
  /** The code that the link was read from. */
  readonly linkCode: string
  /** Of the link as it is; a later secret has its own. */
  readonly keys: RoomKeys
  readonly identity: RoomIdentity
  readonly isHost: boolean
  /** Where this device keeps the room's log and secrets between visits; by default they last as long as the object. */
  readonly memory: RoomMemory | undefined
  /** Where this device keeps the chat between visits, if the policy of the link says that it is kept. */
  readonly chatMemory: ChatMemory | undefined
  readonly name: string
  readonly localMedia: LocalMedia
  readonly ice: IceSupply
}

/** What the parts of a room tell the room, and ask of it. */
export interface RoomHooks {
  readonly scope: Scope
  readonly joinedAtMs: number
  ownName(): string
  ownPresentation(): Uint8Array<ArrayBuffer> | undefined
  isHeld(peerId: PeerId): boolean
  welcomed(member: Member, session: PeerSession): void
  connected(member: Member): void
  departed(member: Member, why: Departure): void
  refused(reason: Refusal, by: Member): void
  searched(dialling: number): void
  messageReceived(message: MessageView): void
  membersChanged(): void
  authorityChanged(): void
  changed(): void
}

export interface RoomParts {
  readonly membership: Membership
  readonly lobby: Lobby
  readonly authority: Authority
  readonly powers: Powers
  readonly verification: Verification
  readonly conversation: Conversation
  readonly files: RoomFiles
  readonly introductions: Introductions
  readonly doors: Doors
  readonly wayIn: WayIn
}

/** Makes the parts of a room and connects them. Nothing is started. */
export function assembleRoom(ports: MeshRoomPorts, hooks: RoomHooks): RoomParts {
  const { runtime, link, keys, identity } = ports
  const { scope } = hooks
  const changed = (): void => {
    hooks.changed()
  }
  const common = { clock: runtime.clock, random: runtime.random, scope, identity, changed }
  const instance = runtime.random.bytes(instanceBytes)
  const hello = (): Hello => ({
    instance,
    joinedAtMs: hooks.joinedAtMs,
    media: runtime.peerConnections.supportsMedia,
    host: ports.isHost,
    name: hooks.ownName(),
    token: link.history?.token,
  })
  // Parts that need each other find each other when they are called, which is never before all of them stand.
  const lobby: Lobby = new Lobby(runtime.clock, () => {
    void powers.honourInvites()
    hooks.changed()
  })
  const membership: Membership = new Membership({
    ...hooks,
    self: identity.peerId,
    places: maxParticipants - 1,
    clock: runtime.clock,
    standingOf: (peerId) => standingOf(authority.state, peerId),
    searchNow: () => {
      doors.hurry()
    },
    changed: () => {
      introductions.look()
      files.talk.keepOnly((peer) => membership.get(peer) !== undefined)
      hooks.membersChanged()
    },
  })
  const connected = (): Member[] => membership.members().filter((member) => member.link.kind === 'connected')
  const send = (to: PeerId, control: Uint8Array<ArrayBuffer>): void => membership.get(to)?.session?.sendControl(control)
  const authority: Authority = new Authority({
    ...common,
    link,
    keys,
    memory: ports.memory,
    connected: () => connected().map(({ peerId }) => peerId),
    send,
    isIn: (peerId) => standingOf(authority.state, peerId) === 'in',
    gaveLog: (peerId) => {
      files.talk.gaveLog(peerId)
    },
    changed: () => {
      hooks.authorityChanged()
      introductions.look()
      files.logChanged()
      void powers.keepFilesOfRemoved()
    },
  })
  const files: RoomFiles = new RoomFiles({
    ...common,
    roomId: link.roomId,
    state: () => authority.state,
    logPlaced: () => authority.log.receive([]),
    // As with the secrets: who is on no list of a new secret may be somebody removed, under another name, until it is dropped for that.
    isIn: (peerId) =>
      standingOf(authority.state, peerId) === 'in' &&
      connected().some((one) => one.peerId === peerId && !one.inLobby && authority.mayReturn(peerId, one.way.epoch)),
    sessionOf: (peerId) => membership.get(peerId)?.session,
    send,
  })
  const powers: Powers = new Powers({
    ...common,
    authority,
    lobby,
    link,
    // Whoever has proven itself is in, also while its connection is still being made.
    members: () => [identity.peerId, ...membership.members().flatMap((one) => (one.inLobby ? [] : one.peerId))],
    cutsOf: (peerId) => files.talk.cutsOf(peerId),
    authors: () => files.talk.authors(),
    hasLeft: () => scope.ended,
  })
  files.talk.onDrives(() => void powers.keepFilesOfRemoved())
  const verification = new Verification({
    ...common,
    authority,
    members: connected,
    ownPresentation: () => hooks.ownPresentation(),
    send,
  })
  const conversation = new Conversation({
    ...common,
    self: identity.peerId,
    instance: toHex(instance),
    memory: keys.policy.keepChat ? ports.chatMemory : undefined,
    send: (to, frame) => sendMessage(membership.get(to), frame),
    nameOf: (peer) => (peer === identity.peerId ? hooks.ownName() : (membership.get(peer)?.name ?? '')),
    received: (message) => {
      hooks.messageReceived(message)
    },
  })
  const introductions: Introductions = new Introductions({
    ...common,
    roads: ports.roads,
    isReached: (peerId) => membership.isReached(peerId),
    isRecovering: (peerId) => membership.get(peerId)?.session?.state.kind === 'recovering',
    isWanted: (peerId) => membership.standingOf(peerId) === 'in' && !hooks.isHeld(peerId),
  })
  const doors: Doors = new Doors({
    ...common,
    roads: ports.roads,
    hello,
    membership,
    lobby,
    introductions,
    peer: {
      ...common,
      peerConnections: runtime.peerConnections,
      privacy: keys.policy.privacy,
      constantRate: keys.policy.constantRate,
      iceServers: () => ports.ice.servers(),
      localTracks: ports.localMedia,
    },
    mayReturn: (peerId, epoch) => authority.mayReturn(peerId, epoch),
    searched: (dialling) => {
      hooks.searched(dialling)
    },
  })
  const wayIn = new WayIn({ ...common, link, linkCode: ports.linkCode, keys, authority, doors })
  return { membership, lobby, authority, powers, verification, conversation, files, introductions, doors, wayIn }
}

function sendMessage(member: Member | undefined, frame: Uint8Array<ArrayBuffer>): boolean {
  if (member?.link.kind !== 'connected') return false
  member.link.session.sendMessage(frame)
  return true
}
