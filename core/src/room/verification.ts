import { equal } from '../bytes/index.ts'
import { Comparison, type ComparisonView } from '../comparison/index.ts'
import { sha256 } from '../crypto/index.ts'
import type { PeerId, RoomIdentity } from '../identity/index.ts'
import type { Scope } from '../lifetime/index.ts'
import type { Clock, Random } from '../runtime/index.ts'
import type { Authority } from './authority.ts'
import { encodeControl } from './control.ts'
import { Later } from './later.ts'
import type { Member } from './member.ts'

/** Members, log and presentations change in bursts: the picture is compared so long after the first change, however many follow. */
const calmMs = 250

/** What of the room is compared, and known without waiting. The log comes to it. */
interface Picture {
  readonly epoch: number
  readonly own: Uint8Array | undefined
  readonly members: ReadonlyMap<PeerId, Pick<Member, 'publicKey' | 'session' | 'presentation'>>
}

export interface VerificationPorts {
  readonly identity: RoomIdentity
  readonly authority: Authority
  readonly clock: Clock
  readonly random: Random
  readonly scope: Scope
  /** Those who are connected. */
  members(): readonly Member[]
  ownPresentation(): Uint8Array<ArrayBuffer> | undefined
  send(to: PeerId, control: Uint8Array<ArrayBuffer>): void
  changed(): void
}

/** Keeps the emoji that people compare by voice in step with who is in the room, its log and its secret. */
export class Verification {
  readonly #ports: VerificationPorts
  readonly #comparison: Comparison
  readonly #calm: Later
  #turn = 0
  /** What the present comparison is of. */
  #compared: Picture | undefined

  constructor(ports: VerificationPorts) {
    const { identity, clock, random, scope } = ports
    this.#ports = ports
    this.#comparison = new Comparison({
      self: identity.publicKey,
      clock,
      random,
      scope,
      send: (to, message) => {
        ports.send(to, encodeControl({ kind: 'comparison', message }))
      },
      fingerprints: (peer) => ports.members().find(({ peerId }) => peerId === peer)?.session?.fingerprints,
      changed: () => {
        ports.changed()
      },
    })
    this.#calm = new Later(
      ports,
      () => calmMs,
      () => void this.#compare(),
    )
  }

  /** What people compare now. A code of a picture that is not the present one is not shown any more, also before the next comparison begins. */
  view(): ComparisonView {
    const view = this.#comparison.view()
    return view.kind === 'agreed' && !samePicture(this.#compared, this.#picture()) ? { kind: 'settling' } : view
  }

  /** Something of the picture may have changed. */
  look(): void {
    this.#calm.ask()
  }

  /** @throws {CodecError} on what is no message of a comparison. */
  receive(from: PeerId, message: Uint8Array): void {
    this.#comparison.receive(from, message)
  }

  connected(peer: PeerId): void {
    this.#comparison.connected(peer)
    this.look()
  }

  departed(peer: PeerId): void {
    this.#comparison.departed(peer)
    this.look()
  }

  async #compare(): Promise<void> {
    const turn = ++this.#turn
    const { authority, scope } = this.#ports
    const picture = this.#picture()
    const logHead = await authority.log.digest()
    const others = await Promise.all(
      [...picture.members].map(async ([peerId, { publicKey, presentation }]) => ({
        peerId,
        key: publicKey,
        identity: await digestOf(presentation),
      })),
    )
    const own = { identity: await digestOf(picture.own) }
    // A slow look must not overtake a later one.
    if (scope.ended || turn !== this.#turn) return
    const shown = this.view().kind
    this.#compared = picture
    this.#comparison.setRoom(others, own, picture.epoch, logHead)
    if (this.view().kind !== shown) this.#ports.changed()
  }

  #picture(): Picture {
    const ports = this.#ports
    const shown = ports.members().map((member) => {
      const { peerId, publicKey, session, presentation } = member
      return [peerId, { publicKey, session, presentation }] as const
    })
    return { epoch: ports.authority.era.epoch, own: ports.ownPresentation(), members: new Map(shown) }
  }
}

function samePicture(a: Picture | undefined, b: Picture): boolean {
  return (
    a?.epoch === b.epoch &&
    sameBytes(a.own, b.own) &&
    a.members.size === b.members.size &&
    [...a.members].every(([peerId, one]) => {
      const other = b.members.get(peerId)
      return other?.session === one.session && sameBytes(one.presentation, other?.presentation)
    })
  )
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && equal(a, b))
}

async function digestOf(presentation: Uint8Array | undefined): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return presentation === undefined ? undefined : sha256(presentation)
}
