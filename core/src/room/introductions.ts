import { peerIdOf, type PeerId, type RoomIdentity } from '../identity/index.ts'
import type { Scope, Undo } from '../lifetime/index.ts'
import type { RoomKeys } from '../link/index.ts'
import type { PeerSession } from '../peer/index.ts'
import type { Clock, Random } from '../runtime/index.ts'
import { MemberCarrier, type CarrierAddress, type MemberLeg, type Roads, type Topic } from '../signalling/index.ts'
import { Announcements } from './announcements.ts'
import { encodeControl } from './control.ts'
import type { Entrance } from './entrance.ts'
import type { Member } from './member.ts'

/** The roads of this device have so long to find somebody whom a member offers. */
export const patienceMs = 1_500
/** So long if a session with that one looks for a path: an ICE restart is the shorter way back. */
const recoveryMs = 8_000
/** Of two who could dial each other the one with the lower id does; the other one only so much later. */
const higherWaitsMs = 4_500
/** A try that has come to nothing is followed by one by the introducer that was asked least; the pause doubles. */
const firstPauseMs = 2_500
const maxPauseMs = 60_000
/** A member may offer people who do not exist: tries at once, in all and for one of them. */
const maxDials = 6
const maxDialsOfOne = 2

/** The door at which people are met by members. */
export interface MemberDoor {
  readonly keys: RoomKeys
  readonly scope: Scope
  readonly entrance: Pick<Entrance, 'accept' | 'enter'>
}

export interface IntroductionsPorts {
  readonly identity: RoomIdentity
  readonly roads: Roads
  readonly clock: Clock
  readonly random: Random
  readonly scope: Scope
  /** True while there is a session with this participant that works or is about to. */
  isReached(peerId: PeerId): boolean
  /** True while a session with it looks for a path. */
  isRecovering(peerId: PeerId): boolean
  /** True for somebody who is in the room by its log, and not kept apart by this device. */
  isWanted(peerId: PeerId): boolean
}

/** Somebody whom members offer and whom we are not with. */
interface Sought {
  readonly address: CarrierAddress
  readonly topic: Topic
  introducers: number
  tries: number
  dialling: number
  triedAtMs: number
  dueMs: number
}

/**
 * The road by members: this device passes frames between two that it is connected with, and meets by others whom its own roads do not lead to.
 * It goes by data channels of sessions that are open, so that every way has exactly one introducer; like every other road it carries a handshake and what
 * negotiation needs, and is not asked where another one has led already. A pinned road excludes it: then this device meets nobody by members and introduces nobody.
 */
export class Introductions {
  readonly #ports: IntroductionsPorts
  readonly #carrier: MemberCarrier
  readonly #legs = new Map<PeerId, { readonly session: PeerSession; readonly leg: MemberLeg }>()
  readonly #sought = new Map<PeerId, Sought>()
  #door: MemberDoor | undefined
  #standing: { readonly scope: Scope; readonly announcements: Announcements } | undefined
  #dials = 0
  #cancelNext: Undo = () => undefined

  constructor(ports: IntroductionsPorts) {
    this.#ports = ports
    const { identity, clock, random, roads, scope } = ports
    this.#carrier = new MemberCarrier({
      clock,
      random,
      self: identity.publicKey,
      offersChanged: () => {
        this.look()
      },
    })
    let wasPinned = roads.pinned !== undefined
    scope.onEnd(
      roads.on('changed', () => {
        const isPinned = roads.pinned !== undefined
        if (isPinned !== wasPinned) this.#stand()
        wasPinned = isPinned
      }),
    )
    scope.onEnd(() => {
      this.#cancelNext()
      this.#carrier.close()
    })
  }

  /** From now on people are met at this door, and at no earlier one. */
  stand(door: MemberDoor): void {
    this.#door = door
    this.#stand()
  }

  /** A session with a member is open: it is a leg of the road from now on, until it ends. */
  connected({ peerId, publicKey, session }: Pick<Member, 'peerId' | 'publicKey' | 'session'>): void {
    if (session === undefined || this.#legs.get(peerId)?.session === session) return
    const leg = this.#carrier.join(publicKey, (frame) => {
      session.sendDirect(encodeControl({ kind: 'introduction', frame }))
    })
    this.#legs.set(peerId, { session, leg })
    session.on('stateChanged', ({ kind }) => {
      if (kind !== 'closed') return
      leg.gone()
      if (this.#legs.get(peerId)?.session === session) this.#legs.delete(peerId)
    })
  }

  /** What a member says on this road. @throws {CodecError} on what is no frame of it. */
  receive(from: PeerId, frame: Uint8Array): void {
    this.#legs.get(from)?.leg.receive(frame)
  }

  /** Members by whom streams of this device go. */
  introducers(): PeerId[] {
    return this.#carrier.introducers().map(peerIdOf)
  }

  /** Who is with us, or who is offered, may have changed. */
  look(): void {
    if (this.#ports.scope.ended) return
    this.#cancelNext()
    this.#follow()
    const now = this.#ports.clock.now()
    // The longest due first: whoever offers many who do not exist holds nobody up for good.
    const inTurn = [...this.#sought.values()].sort((a, b) => a.dueMs - b.dueMs)
    for (const one of inTurn) {
      if (one.dueMs > now) {
        this.#cancelNext = this.#ports.clock.after(one.dueMs - now, () => {
          this.look()
        })
        return
      }
      if (this.#dials < maxDials && one.dialling < maxDialsOfOne) this.#dial(one, now)
    }
  }

  #stand(): void {
    this.#standing?.scope.end()
    this.#standing = undefined
    const { roads, clock } = this.#ports
    if (this.#door !== undefined && roads.pinned === undefined) {
      const { keys, scope: doorScope, entrance } = this.#door
      const scope = doorScope.child()
      const announcements = new Announcements({
        carrier: this.#carrier,
        keys,
        clock,
        scope,
        accept: (stream) => void entrance.accept(stream),
      })
      this.#standing = { scope, announcements }
      announcements.start().then(
        () => {
          this.look()
        },
        // Should the platform fail to derive a topic, the door of the next secret stands again.
        () => undefined,
      )
    }
    this.look()
  }

  /** Brings those we seek in line with who is offered and who is met. */
  #follow(): void {
    const now = this.#ports.clock.now()
    const offered = new Map(
      (this.#standing?.announcements.topics ?? []).flatMap((topic) =>
        [...this.#carrier.offered(topic).values()].map(
          (offer) => [peerIdOf(offer.address), { ...offer, topic }] as const,
        ),
      ),
    )
    for (const peerId of this.#sought.keys()) if (!offered.has(peerId)) this.#sought.delete(peerId)
    for (const [peerId, offer] of offered) {
      const known = this.#sought.get(peerId)
      if (this.#ports.isReached(peerId) || !this.#ports.isWanted(peerId)) {
        this.#sought.delete(peerId)
      } else if (known === undefined) {
        const dueMs = now + this.#patienceFor(peerId)
        this.#sought.set(peerId, { ...offer, tries: 0, dialling: 0, triedAtMs: now, dueMs })
      } else {
        if (offer.introducers <= known.introducers) continue
        this.#tryNewIntroducer(known)
        // Never less: one that comes and goes does not make us hurry each time.
        known.introducers = offer.introducers
      }
    }
  }

  #patienceFor(peerId: PeerId): number {
    const { identity } = this.#ports
    const patience = this.#ports.isRecovering(peerId) ? recoveryMs : patienceMs
    return identity.peerId < peerId ? patience : patience + higherWaitsMs
  }

  /** What failed before may have been the introducers' fault. */
  #tryNewIntroducer(one: Sought): void {
    one.dueMs = Math.min(one.dueMs, one.triedAtMs + firstPauseMs)
    one.tries = Math.min(one.tries, 1)
  }

  #dial(one: Sought, now: number): void {
    const door = this.#door
    if (door === undefined) return
    one.tries += 1
    one.dialling += 1
    one.triedAtMs = now
    one.dueMs = now + Math.min(firstPauseMs * 2 ** (one.tries - 1), maxPauseMs)
    this.#dials += 1
    const ended = (): void => {
      one.dialling -= 1
      this.#dials -= 1
      this.look()
    }
    this.#carrier
      .dial(one.topic, one.address, { signal: door.scope.signal })
      .then((stream) => door.entrance.enter(stream, () => undefined))
      .then(ended, ended)
  }
}
