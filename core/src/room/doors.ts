import { HandshakeGate } from '../channel/index.ts'
import type { PeerId, RoomIdentity } from '../identity/index.ts'
import type { Scope } from '../lifetime/index.ts'
import type { RoomKeys } from '../link/index.ts'
import type { PeerPorts } from '../peer/index.ts'
import type { Clock, Random } from '../runtime/index.ts'
import type { Roads } from '../signalling/index.ts'
import { Dialling } from './dialling.ts'
import { Discovery } from './discovery.ts'
import { Entrance } from './entrance.ts'
import type { Hello } from './hello.ts'
import type { Introductions } from './introductions.ts'
import type { Lobby } from './lobby.ts'
import type { Membership } from './membership.ts'

/** Doors of earlier epochs that stay open for those who were away when the secret was replaced. */
const maxFormerDoors = 2

export interface DoorsPorts {
  readonly roads: Roads
  readonly identity: RoomIdentity
  hello(): Hello
  readonly membership: Membership
  readonly lobby: Lobby
  /** The road by members, at the present door alone. */
  readonly introductions: Introductions
  readonly peer: PeerPorts
  readonly clock: Clock
  readonly random: Random
  readonly scope: Scope
  /** True for somebody whom the door of an earlier epoch is still for. */
  mayReturn(peerId: PeerId, epoch: number): boolean
  /** A search at the present door has ended; `dialling` is how many of those it found are being dialled. */
  searched(dialling: number): void
}

interface Door {
  readonly epoch: number
  readonly scope: Scope
  readonly entrance: Entrance
  /** One for each road in use. */
  readonly discoveries: Set<Discovery>
  /** True once a later door is the present one: nobody is looked for here any more. */
  resting: boolean
}

/**
 * The ways into the room, one for each room secret. At the present one we look for others and anybody with the link can come; at a former one we are
 * only found, and only by those who may return.
 */
export class Doors {
  readonly #ports: DoorsPorts
  readonly #gate: HandshakeGate
  readonly #dialling = new Dialling()
  #doors: readonly Door[] = []

  constructor(ports: DoorsPorts) {
    this.#ports = ports
    this.#gate = new HandshakeGate(ports.clock)
  }

  /** Opens the door of an epoch and makes it the present one. */
  async open(epoch: number, keys: RoomKeys): Promise<void> {
    const door = this.#make(epoch, keys)
    const former = this.#present
    if (former !== undefined) {
      former.entrance.expectNobody()
      former.resting = true
      for (const discovery of former.discoveries) discovery.rest()
    }
    const kept = this.#doors.slice(-maxFormerDoors)
    for (const { scope } of this.#doors.slice(0, -maxFormerDoors)) scope.end()
    this.#doors = [...kept, door]
    door.entrance.expect()
    const started = this.#start(door, keys)
    // Behind the roads, for it is what is left when they do not lead to somebody.
    this.#ports.introductions.stand({ keys, scope: door.scope, entrance: door.entrance })
    await started
  }

  /** Searches soon and often again. */
  hurry(): void {
    for (const discovery of this.#present?.discoveries ?? []) discovery.hurry()
  }

  expectNobody(): void {
    this.#present?.entrance.expectNobody()
  }

  get #present(): Door | undefined {
    return this.#doors.at(-1)
  }

  #make(epoch: number, keys: RoomKeys): Door {
    const scope = this.#ports.scope.child()
    const entrance = new Entrance({
      ...this.#ports,
      epoch,
      keys,
      gate: this.#gate,
      dialling: this.#dialling,
      isFor: (peerId) => this.#ports.mayReturn(peerId, epoch),
      scope,
      sessions: this.#ports.scope,
    })
    return { epoch, scope, entrance, discoveries: new Set(), resting: false }
  }

  /** Looks for others on every road. Resolves when what begins at once is under way. */
  async #start(door: Door, keys: RoomKeys): Promise<void> {
    const { roads, clock, random, membership } = this.#ports
    const { entrance, discoveries } = door
    const starts: Promise<void>[] = []
    roads.follow(door.scope, clock, (carrier, scope) => {
      const discovery = new Discovery({
        carrier,
        keys,
        clock,
        random,
        scope,
        incoming: (stream) => void entrance.accept(stream),
        isReached: (peerId) => membership.isReached(peerId),
        dialled: (stream, met) => entrance.enter(stream, met),
        searched: () => {
          if (this.#present === door) this.#ports.searched(sum([...discoveries].map(({ dialling }) => dialling)))
        },
      })
      discoveries.add(discovery)
      scope.onEnd(() => discoveries.delete(discovery))
      if (door.resting) discovery.rest()
      const start = discovery.start()
      // A road that begins later is waited for by nobody; it tries again by itself.
      start.catch(() => undefined)
      starts.push(start)
    })
    await Promise.all(starts)
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
