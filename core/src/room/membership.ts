import { toHex } from '../bytes/index.ts'
import type { ChannelRole, CloseReason, RemoteParty, Verdict } from '../channel/index.ts'
import type { Standing } from '../control-log/index.ts'
import { CodecError } from '../errors/index.ts'
import type { PeerId } from '../identity/index.ts'
import type { Scope } from '../lifetime/index.ts'
import type { PeerSession } from '../peer/index.ts'
import type { Clock } from '../runtime/index.ts'
import { judgeNewcomer } from './capacity.ts'
import { isDuplicateDial, isReaching, keepsStanding, type StandingSession } from './duplicates.ts'
import { decodeHello, type Hello } from './hello.ts'
import { Member, type Way } from './member.ts'

/** A lost participant stays in the picture this long, reconnecting, before it counts as gone. */
export const reconnectGraceMs = 30_000

/** Members that let us wait at once: as many as a room has, for each waits with a connection of its own. */
const maxLobbies = 8

export type Departure = 'left' | 'lost' | 'kicked'

/** Reasons to close that tell us how we stand with the other end. */
export type Refusal = Extract<CloseReason, 'room-full' | 'kicked' | 'locked' | 'denied' | 'ended' | 'admitted'>

export interface MembershipPorts {
  readonly self: PeerId
  readonly places: number
  readonly clock: Clock
  readonly scope: Scope
  /** What the room's log says of somebody. */
  standingOf(peerId: PeerId): Standing
  /** True for somebody whom this device keeps apart. */
  isHeld(peerId: PeerId): boolean
  /** Subscribes to a session that was just adopted and introduces us on it. */
  welcomed(member: Member, session: PeerSession): void
  /** Connected for the first time, or again after having been gone or lost. */
  connected(member: Member): void
  departed(member: Member, why: Departure): void
  /** A connection was lost: search. */
  searchNow(): void
  /** The other end closed for a reason that concerns our own place in the room. */
  refused(reason: Refusal, by: Member): void
  changed(): void
}

/** Who is in the room, by proven identity; which session with each counts; who may come in. */
export class Membership {
  readonly #ports: MembershipPorts
  readonly #members = new Map<PeerId, Member>()

  constructor(ports: MembershipPorts) {
    this.#ports = ports
  }

  members(): readonly Member[] {
    return [...this.#members.values()]
  }

  get(peerId: PeerId): Member | undefined {
    return this.#members.get(peerId)
  }

  /** True while there is a session with this participant that works or is about to. */
  isReached(peerId: PeerId): boolean {
    const session = this.#members.get(peerId)?.session
    return session !== undefined && isReaching(session.state.kind)
  }

  /** What the room's log says of somebody. */
  standingOf(peerId: PeerId): Standing {
    return this.#ports.standingOf(peerId)
  }

  /** Whoever is connected, or was and is being waited for: those whom a message is meant for. */
  presentIds(): PeerId[] {
    return this.members()
      .filter(({ link }) => link.kind !== 'connecting')
      .map(({ peerId }) => peerId)
  }

  /** Judges a party in the handshake, before it has a session; no effects. */
  judge(party: RemoteParty, role: ChannelRole, isHost: boolean): Verdict {
    const hello = helloOf(party)
    if (hello === undefined || (hello.host && !isHost)) return { kind: 'stop', reason: 'refused' }
    const refusal = this.#refusalOf(party.peerId, role)
    if (refusal !== undefined) return { kind: 'stop', reason: refusal }
    const standing = sessionOf(this.#members.get(party.peerId))
    if (role === 'initiator' && isDuplicateDial(standing, hello.instance)) return { kind: 'stop', reason: 'duplicate' }
    return this.#admission(party.peerId, hello).kind === 'full'
      ? { kind: 'stop', reason: 'room-full' }
      : { kind: 'proceed' }
  }

  /**
   * Makes the session of a proven party the one that counts for it, or closes it: not to be in, too many, a duplicate.
   */
  adopt(session: PeerSession, party: RemoteParty, isHost: boolean, way: Way): void {
    const hello = helloOf(party)
    // Whoever has to knock was shown to the lobby before: here nobody knocks any more.
    const refusal = this.#refusalOf(party.peerId, 'initiator')
    if (hello === undefined || refusal !== undefined) {
      session.close(refusal ?? 'refused')
      return
    }
    const admission = this.#admission(party.peerId, hello)
    if (admission.kind === 'full') {
      session.close('room-full')
      return
    }
    if (admission.kind === 'admitInstead') this.#evict(admission.of as PeerId)
    const standing = this.#members.get(party.peerId)
    if (standing !== undefined) {
      this.#replace(standing, hello, session, way)
      return
    }
    const member = new Member(party, hello, isHost, { kind: 'connecting', session }, way)
    this.#welcome(member, session)
  }

  /** Drops somebody who is not to be in any more. */
  drop(peerId: PeerId, tell: CloseReason, why: Departure): void {
    const member = this.#members.get(peerId)
    if (member !== undefined) this.#depart(member, tell, why)
  }

  closeAll(reason: CloseReason): void {
    for (const member of this.members()) {
      this.#members.delete(member.peerId)
      member.stopWaiting()
      member.session?.close(reason)
    }
  }

  /** Why somebody may not have a session with us, if so. Who has to knock may: the door shows it to the lobby. */
  #refusalOf(peerId: PeerId, role: ChannelRole): CloseReason | undefined {
    if (this.#ports.isHeld(peerId)) return 'refused'
    switch (this.#ports.standingOf(peerId)) {
      case 'in':
        return undefined
      case 'out':
        return 'kicked'
      case 'shut-out':
        return 'locked'
      case 'knocking':
        // It is they who ask.
        return role === 'initiator' ? 'refused' : undefined
    }
  }

  #admission(peerId: PeerId, hello: Hello): ReturnType<typeof judgeNewcomer> {
    const now = this.#ports.clock.now()
    return judgeNewcomer(
      { peerId, joinedAtMs: hello.joinedAtMs, settled: false },
      this.members().flatMap((member) => (member.inLobby ? [] : member.contender(now))),
      this.#ports.places,
    )
  }

  #evict(peerId: PeerId): void {
    const member = this.#members.get(peerId)
    if (member !== undefined) this.#depart(member, 'room-full', 'left')
  }

  #welcome(member: Member, session: PeerSession): void {
    this.#members.set(member.peerId, member)
    this.#follow(member, session)
  }

  #replace(member: Member, hello: Hello, session: PeerSession, way: Way): void {
    const standing = sessionOf(member)
    const arriving = { instance: hello.instance, role: session.role }
    if (standing !== undefined && keepsStanding(standing, arriving, this.#ports.self < member.peerId)) {
      session.close('duplicate')
      return
    }
    const former = member.session
    const restarted = toHex(hello.instance) !== member.instance
    member.hello = hello
    member.way = way
    if (member.link.kind === 'connecting') member.link = { kind: 'connecting', session }
    else if (restarted) member.link = { kind: 'reconnecting', session, sinceMs: this.#ports.clock.now(), attempt: 1 }
    else member.link = this.#reconnecting(member, session)
    former?.close('replaced')
    this.#follow(member, session)
  }

  #follow(member: Member, session: PeerSession): void {
    session.on('stateChanged', (now) => {
      if (member.session !== session || this.#members.get(member.peerId) !== member) return
      switch (now.kind) {
        case 'open':
          this.#opened(member, session)
          return
        case 'recovering':
          member.link = this.#reconnecting(member, session)
          this.#ports.changed()
          return
        case 'closed':
          this.#closed(member, now.reason)
          return
        case 'negotiating':
          return
      }
    })
    session.on('lobbyEntered', () => {
      if (member.session !== session) return
      if (this.members().filter(({ inLobby }) => inLobby).length >= maxLobbies) {
        session.close('left')
        return
      }
      member.inLobby = true
      this.#ports.changed()
    })
    this.#ports.welcomed(member, session)
    this.#ports.changed()
  }

  #opened(member: Member, session: PeerSession): void {
    const first = member.connectedAtMs === 0
    member.stopWaiting()
    member.inLobby = false
    member.link = { kind: 'connected', session }
    if (first) member.connectedAtMs = this.#ports.clock.now()
    this.#ports.connected(member)
    this.#ports.changed()
  }

  #closed(member: Member, reason: CloseReason): void {
    switch (reason) {
      case 'left':
        this.#depart(member, 'left', 'left')
        return
      case 'room-full':
      case 'kicked':
      case 'locked':
      case 'denied':
      case 'ended':
      case 'admitted':
        // Told while the member is still known, for where we stand decides what the word means.
        this.#ports.refused(reason, member)
        this.#remove(member, 'left')
        return
      default:
        this.#lost(member)
    }
  }

  #lost(member: Member): void {
    if (member.connectedAtMs === 0) {
      this.#remove(member, undefined)
    } else {
      member.link = this.#reconnecting(member, undefined)
      member.stopWaiting()
      const stop = this.#ports.clock.after(reconnectGraceMs, () => {
        this.#remove(member, 'lost')
      })
      const forget = this.#ports.scope.onEnd(stop)
      member.stopWaiting = () => {
        forget()
        stop()
      }
      this.#ports.changed()
    }
    this.#ports.searchNow()
  }

  #reconnecting(member: Member, session: PeerSession | undefined): Member['link'] {
    const { link } = member
    if (link.kind === 'reconnecting') {
      const attempt = session === undefined || session === link.session ? link.attempt : link.attempt + 1
      return { ...link, session, attempt }
    }
    return { kind: 'reconnecting', session, sinceMs: this.#ports.clock.now(), attempt: 1 }
  }

  #depart(member: Member, tell: CloseReason, why: Departure): void {
    const { session } = member
    this.#remove(member, why)
    session?.close(tell)
  }

  /** @param why undefined for somebody who was never connected: nobody was told of it. */
  #remove(member: Member, why: Departure | undefined): void {
    if (this.#members.get(member.peerId) !== member) return
    this.#members.delete(member.peerId)
    member.stopWaiting()
    if (why !== undefined && member.connectedAtMs > 0) this.#ports.departed(member, why)
    this.#ports.changed()
  }
}

function sessionOf(member: Member | undefined): StandingSession | undefined {
  const session = member?.session
  if (member === undefined || session === undefined) return undefined
  return { instance: member.hello.instance, role: session.role, state: session.state.kind }
}

/** The hello of a party, or undefined if it is not one of ours. */
export function helloOf(party: RemoteParty): Hello | undefined {
  try {
    return decodeHello(party.hello)
  } catch (error) {
    if (error instanceof CodecError) return undefined
    throw error
  }
}
