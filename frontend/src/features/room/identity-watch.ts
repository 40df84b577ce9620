import type { PeerId, Room } from '@p2pigeon/core'
import type { Identities, ShownIdentity } from '../../session/index.ts'
import { Store, type Readable, type Undo } from '../../state/index.ts'
import { roomText } from '../../text/room/index.ts'

export interface IdentityPorts {
  readonly room: Room
  /** Undefined on a page without long-term identities. */
  readonly identities: Identities | undefined
  readonly announce: (words: string) => void
  readonly toast: (words: string, options?: { readonly tone: 'fault' }) => void
}

const nobody: Readable<ReadonlyMap<PeerId, ShownIdentity>> = new Store(new Map<PeerId, ShownIdentity>())

/** Who people in the room are, as far as they show it. A contact with other keys than before is kept apart until the user has looked. */
export class IdentityWatch {
  readonly #ports: IdentityPorts
  /** Kept apart once: whoever the user connects with again stays. */
  readonly #kept = new Set<PeerId>()

  constructor(ports: IdentityPorts) {
    this.#ports = ports
  }

  get shown(): Readable<ReadonlyMap<PeerId, ShownIdentity>> {
    return this.#ports.identities?.shown ?? nobody
  }

  get canPresent(): boolean {
    return this.#ports.identities !== undefined
  }

  start(): Undo {
    this.#keepApart()
    return this.shown.subscribe(() => this.#keepApart())
  }

  /** The user has compared and accepts the keys: they are kept, and the connection is made again. */
  async accept(peerId: PeerId): Promise<void> {
    const { identities, room, toast } = this.#ports
    try {
      await identities?.accept(peerId)
    } catch {
      toast(roomText.held.fault, { tone: 'fault' })
      return
    }
    room.hold(peerId, false)
  }

  /** Makes whoever shows an unknown identity a contact. */
  async add(peerId: PeerId): Promise<void> {
    const { identities, toast } = this.#ports
    try {
      const name = await identities?.add(peerId)
      if (name !== undefined) toast(roomText.contact.added(name))
    } catch {
      toast(roomText.contact.fault, { tone: 'fault' })
    }
  }

  /** Shows who the user is to everyone in the room, or no longer. What was seen cannot be unseen. */
  async togglePresented(): Promise<void> {
    const { identities, room, announce, toast } = this.#ports
    const words = roomText.present
    if (room.view().self.presentation) {
      room.present(undefined)
      announce(words.hidden)
      return
    }
    try {
      const presentation = await identities?.own()
      if (presentation) {
        room.present(presentation)
        announce(words.shown)
      } else toast(words.fault, { tone: 'fault' })
    } catch {
      toast(words.fault, { tone: 'fault' })
    }
  }

  #keepApart(): void {
    const { room } = this.#ports
    const here = new Set(room.view().participants.map(({ peerId }) => peerId))
    for (const [peerId, { kind }] of this.shown.get()) {
      if (kind !== 'changed' || this.#kept.has(peerId) || !here.has(peerId)) continue
      this.#kept.add(peerId)
      room.hold(peerId, true)
    }
  }
}
