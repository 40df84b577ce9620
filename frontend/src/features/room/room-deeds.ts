import type { EntryMode, InviteTerms, KnockView, ParticipantView, PeerId, Room, RoomView } from '@p2pigeon/core'
import { Store, type Readable } from '../../state/index.ts'
import { faultText } from '../../text/index.ts'
import { roomText } from '../../text/room/index.ts'
import { PendingDeeds, type DeedKey } from './pending-deeds.ts'

export interface DeedPorts {
  readonly room: Room
  /** The whole link of a code to hand out. */
  readonly linkOf: (code: string) => string
  /** Rejects when the browser does not let the page write to the clipboard. */
  readonly copy: (text: string) => Promise<void>
  /** Shows a link that the clipboard did not take. */
  readonly showLink: (link: string) => void
  readonly announce: (words: string) => void
  readonly toast: (words: string, options?: { readonly tone: 'fault' }) => void
  readonly now: () => number
}

/** What the host and co-hosts decide. Each decision shows at once as under way, and as done when the room says so. */
export class RoomDeeds {
  readonly #ports: DeedPorts
  readonly #deeds = new PendingDeeds()
  readonly #pending = new Store<ReadonlySet<DeedKey>>(this.#deeds.keys)

  constructor(ports: DeedPorts) {
    this.#ports = ports
  }

  /** What was decided and the room does not show yet. */
  get pending(): Readable<ReadonlySet<DeedKey>> {
    return this.#pending
  }

  muteForAll({ peerId }: ParticipantView, muted: boolean): void {
    const isDone = about(peerId, (person) => person.mutedForAll === muted)
    this.#act(`mute ${peerId}`, isDone, (room) => room.muteForAll(peerId, muted))
  }

  setFileRight({ peerId }: ParticipantView, right: 'editor' | 'reader'): void {
    const isDone = about(peerId, (person) => person.fileRight === right)
    this.#act(`files ${peerId}`, isDone, (room) => room.setFileRight(peerId, right))
  }

  setCohost({ peerId }: ParticipantView, on: boolean): void {
    const isDone = about(peerId, (person) => (person.role === 'cohost') === on)
    this.#act(`cohost ${peerId}`, isDone, (room) => room.setCohost(peerId, on))
  }

  kick({ peerId }: ParticipantView, ban: boolean): void {
    const isDone = about(peerId, () => false)
    this.#act(`kick ${peerId}`, isDone, (room) => room.kick(peerId, { ban }))
  }

  admit({ peerId, name }: KnockView): void {
    if (this.#act(`admit ${peerId}`, hasNoKnock(peerId), (room) => room.admit(peerId))) {
      this.#ports.announce(roomText.announce.letIn(name))
    }
  }

  deny({ peerId, name }: KnockView): void {
    if (this.#act(`admit ${peerId}`, hasNoKnock(peerId), (room) => room.deny(peerId))) {
      this.#ports.announce(roomText.announce.turnedAway(name))
    }
  }

  setEntry(mode: EntryMode): void {
    for (const earlier of ['open', 'knock', 'locked'] as const) this.#deeds.forget(`entry ${earlier}`)
    this.#act(
      `entry ${mode}`,
      (view) => view.entry === mode,
      (room) => room.setEntry(mode),
    )
  }

  renewLink(): void {
    const { epoch } = this.#ports.room.view()
    this.#act(
      'renew',
      (view) => view.epoch > epoch,
      (room) => room.renewLink(),
    )
  }

  endForAll(): void {
    this.#act(
      'end',
      (view) => view.state.kind === 'ended',
      (room) => room.endForAll(),
    )
  }

  /** Makes an invite and copies it, or shows it to be copied by hand; false if it could not be made. */
  async createInvite(terms: InviteTerms): Promise<boolean> {
    const { room, copy, linkOf, showLink, toast } = this.#ports
    let link: string
    try {
      link = linkOf(await room.createInvite(terms))
    } catch {
      toast(roomText.invite.fault, { tone: 'fault' })
      return false
    }
    await copy(link).then(
      () => toast(roomText.invite.copied),
      () => showLink(link),
    )
    return true
  }

  /** To be called when the room has changed, and now and then. */
  look(): void {
    const { room, now, toast } = this.#ports
    if (this.#deeds.update(room.view(), now())) toast(roomText.notDone, { tone: 'fault' })
    this.#pending.set(this.#deeds.keys)
  }

  /** What the room refuses is said in plain words: a right may have been taken away a moment ago. */
  #act(key: DeedKey, isDone: (view: RoomView) => boolean, step: (room: Room) => void): boolean {
    const { room, now, toast } = this.#ports
    try {
      step(room)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unexpected'
      toast(faultText(code).title, { tone: 'fault' })
      return false
    }
    this.#deeds.begin(key, isDone, now())
    this.look()
    return true
  }
}

/** Whoever has gone needs nothing any more. */
function about(peerId: PeerId, isSo: (person: ParticipantView) => boolean): (view: RoomView) => boolean {
  return ({ participants }) => participants.every((person) => person.peerId !== peerId || isSo(person))
}

function hasNoKnock(peerId: PeerId): (view: RoomView) => boolean {
  return ({ knocks }) => knocks.every((knock) => knock.peerId !== peerId)
}
