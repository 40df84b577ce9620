import { Comparison, type ComparisonView } from '../comparison/index.ts'
import { sha256 } from '../crypto/index.ts'
import type { PeerId, RoomIdentity } from '../identity/index.ts'
import type { Scope } from '../lifetime/index.ts'
import type { Clock, Random } from '../runtime/index.ts'
import type { Authority } from './authority.ts'
import { encodeControl } from './control.ts'
import { Later } from './later.ts'
import type { Member } from './member.ts'

/** Members, log and presentations change in bursts: one picture is compared when it has been still for so long. */
const calmMs = 250

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

  /** What people compare now. What was agreed with others than those who are connected is not shown for the moment until the next one. */
  view(): ComparisonView {
    const view = this.#comparison.view()
    if (view.kind !== 'agreed') return view
    const members = this.#ports.members()
    const isOfThese = members.length === view.pairs.size && members.every(({ peerId }) => view.pairs.has(peerId))
    return isOfThese ? view : { kind: 'settling' }
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
    const logHead = await authority.log.digest()
    const others = await Promise.all(
      this.#ports.members().map(async ({ peerId, publicKey, presentation }) => ({
        peerId,
        key: publicKey,
        identity: await digestOf(presentation),
      })),
    )
    const own = { identity: await digestOf(this.#ports.ownPresentation()) }
    // A slow look must not overtake a later one.
    if (!scope.ended && turn === this.#turn) this.#comparison.setRoom(others, own, authority.era.epoch, logHead)
  }
}

async function digestOf(presentation: Uint8Array | undefined): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return presentation === undefined ? undefined : sha256(presentation)
}
