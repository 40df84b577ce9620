import type { PeerId, Room } from '@p2pigeon/core'
import type { IdentityRecord } from '@p2pigeon/core/people'
import { Store, type Readable, type Undo } from '../../state/index.ts'
import { Fault } from '../fault.ts'
import type { Identities, ShownIdentity } from '../identities.ts'

export interface RoomIdentitiesPorts {
  /** @throws the codes of core for a presentation that is not genuine here. */
  readonly read: (presentation: Uint8Array, roomId: string, peerId: PeerId) => Promise<IdentityRecord>
  readonly present: (roomId: string, peerId: PeerId) => Promise<Uint8Array<ArrayBuffer>>
  /** Notes the record and says who shows it. */
  readonly meet: (record: IdentityRecord) => Promise<ShownIdentity>
  /** Who shows it, as the contacts are now. */
  readonly judge: (record: IdentityRecord) => Promise<ShownIdentity>
  /** Calls when contacts have changed. */
  readonly onChange: (changed: () => void) => Undo
  readonly acceptChange: (record: IdentityRecord) => Promise<void>
  readonly add: (record: IdentityRecord, name: string) => Promise<string>
}

interface Seen {
  readonly presentation: Uint8Array
  record: IdentityRecord | undefined
}

/** Who stands behind the participants of one room, followed until the room is over. */
export class RoomIdentities implements Identities {
  readonly #room: Room
  readonly #ports: RoomIdentitiesPorts
  readonly #shown = new Store<ReadonlyMap<PeerId, ShownIdentity>>(new Map())
  readonly #seen = new Map<PeerId, Seen>()
  readonly #undoings: readonly Undo[]

  constructor(room: Room, ports: RoomIdentitiesPorts) {
    this.#room = room
    this.#ports = ports
    this.#undoings = [room.subscribe(() => this.#look()), ports.onChange(() => this.#judgeAll())]
    this.#look()
  }

  get shown(): Readable<ReadonlyMap<PeerId, ShownIdentity>> {
    return this.#shown
  }

  readonly own = (): Promise<Uint8Array<ArrayBuffer> | undefined> =>
    this.#ports.present(this.#room.roomId, this.#room.view().self.peerId)

  readonly accept = async (peerId: PeerId): Promise<void> => {
    const record = this.#seen.get(peerId)?.record
    if (record) await this.#ports.acceptChange(record)
  }

  /** Makes whoever shows this identity a contact, and says under which name. @throws {Fault} `nobody-shown`. */
  readonly add = async (peerId: PeerId): Promise<string> => {
    const record = this.#seen.get(peerId)?.record
    if (!record) throw new Fault('nobody-shown')
    const name = this.#room.view().participants.find((one) => one.peerId === peerId)?.name ?? ''
    return this.#ports.add(record, name)
  }

  #look(): void {
    const { participants, held, state } = this.#room.view()
    if (state.kind !== 'joining' && state.kind !== 'knocking' && state.kind !== 'joined') {
      this.#undoings.forEach((undo) => undo())
    }
    const here = new Set([...participants, ...held].map(({ peerId }) => peerId))
    for (const peerId of [...this.#seen.keys()]) if (!here.has(peerId)) this.#forget(peerId)
    for (const { peerId, presentation } of participants) {
      if (presentation === undefined) this.#forget(peerId)
      else if (this.#seen.get(peerId)?.presentation !== presentation) void this.#read(peerId, presentation)
    }
  }

  async #read(peerId: PeerId, presentation: Uint8Array): Promise<void> {
    const seen: Seen = { presentation, record: undefined }
    this.#seen.set(peerId, seen)
    this.#enter(peerId, seen, { kind: 'checking' })
    try {
      seen.record = await this.#ports.read(presentation, this.#room.roomId, peerId)
    } catch {
      this.#enter(peerId, seen, { kind: 'invalid' })
      return
    }
    await this.#ask(peerId, seen, this.#ports.meet(seen.record))
  }

  #judgeAll(): void {
    for (const [peerId, seen] of this.#seen) {
      if (seen.record) void this.#ask(peerId, seen, this.#ports.judge(seen.record))
    }
  }

  async #ask(peerId: PeerId, seen: Seen, answer: Promise<ShownIdentity>): Promise<void> {
    // Contacts that cannot be read or kept just now vouch for nobody.
    this.#enter(peerId, seen, await answer.catch(() => ({ kind: 'checking' }) as const))
  }

  #enter(peerId: PeerId, seen: Seen, shown: ShownIdentity): void {
    if (this.#seen.get(peerId) !== seen) return
    this.#shown.update((all) => new Map(all).set(peerId, shown))
  }

  #forget(peerId: PeerId): void {
    if (!this.#seen.delete(peerId)) return
    this.#shown.update((all) => new Map([...all].filter(([id]) => id !== peerId)))
  }
}
