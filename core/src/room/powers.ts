import {
  commitmentTo,
  compareCuts,
  fileRightIn,
  listed,
  maxCuts,
  roleIn,
  standingOf,
  type Deed,
  type DriveCut,
  type EntryMode,
  type Operation,
} from '../control-log/index.ts'
import { LimitError, UsageError } from '../errors/index.ts'
import type { PeerId } from '../identity/index.ts'
import { secretBytes, tokenBytes, type RoomLink } from '../link/index.ts'
import type { Clock, Random } from '../runtime/index.ts'
import type { Authority } from './authority.ts'
import type { Lobby } from './lobby.ts'
import type { InviteTerms } from './view.ts'
import { isSettled, linkCodeNow } from './way-in.ts'

const maxUsesOfInvite = 255
/**
 * Those who are away, and of whom it is said what counts when the room is closed to strangers: each is an entry of the log, and members can tell of
 * any number of names that nobody has met.
 */
const maxAway = 16

export interface PowersPorts {
  readonly authority: Authority
  readonly lobby: Lobby
  readonly link: RoomLink
  readonly clock: Clock
  readonly random: Random
  /** Those who are in now, or are being waited for, ourselves included. */
  members(): readonly PeerId[]
  /** What is known here of the drives of somebody, sorted. */
  cutsOf(peer: PeerId): readonly DriveCut[]
  /** Whose drives are known here, those first whom our own data room has read. */
  authors(): ReadonlySet<PeerId>
  hasLeft(): boolean
}

/**
 * What the host and co-hosts do, each as entries of the log. Every method throws {UsageError} at once: `not-host` for whoever lacks the right,
 * `unknown-peer`, `room-left`.
 */
export class Powers {
  readonly #ports: PowersPorts
  /** Those whom an invite is letting in at this moment. */
  readonly #letIn = new Set<PeerId>()
  /** Those removed whose files are being kept at this moment. */
  readonly #keeping = new Set<PeerId>()

  constructor(ports: PowersPorts) {
    this.#ports = ports
  }

  setEntry(mode: EntryMode): void {
    this.#use({ kind: 'entry' }, () => this.#setEntry(mode))
  }

  admit(peer: PeerId): void {
    this.#use({ kind: 'admit' }, () => {
      this.#checkKnocks(peer)
      return this.#decide({ kind: 'admit' }, { kind: 'admit', peer, invite: undefined })
    })
  }

  deny(peer: PeerId): void {
    this.#checkMay({ kind: 'admit' })
    this.#checkKnocks(peer)
    this.#ports.lobby.deny(peer)
  }

  mute(peer: PeerId, muted: boolean): void {
    const deed = { kind: 'mute', target: peer } as const
    this.#useOn(peer, deed, () => this.#decide(deed, { kind: 'mute', peer, muted }))
  }

  setCohost(peer: PeerId, on: boolean): void {
    this.#useOn(peer, { kind: 'cohost' }, async () => {
      // First: what it wrote as a co-host counts, also where it was a reader before and is one again.
      if (!on) await this.#keepFiles(peer)
      await this.#decide({ kind: 'cohost' }, { kind: 'cohost', peer, on })
    })
  }

  /** Also of somebody who is away, or whom nobody has met, if a drive of theirs is known. */
  setFileRight(peer: PeerId, right: 'editor' | 'reader'): void {
    const deed = { kind: 'files', target: peer } as const
    this.#checkMay(deed)
    if (!this.#isHere(peer) && !this.#ports.authors().has(peer)) throw unknownPeer()
    this.#use(deed, async () => {
      // Where anybody with the link can come in and write, a reader would as somebody else.
      if (right === 'reader' && this.#ports.authority.state.entry === 'open') await this.#setEntry('knock')
      await this.#setFileRight(peer, right)
    })
  }

  kick(peer: PeerId, ban: boolean): void {
    const deed = { kind: 'kick', target: peer } as const
    this.#useOn(peer, deed, async () => {
      // First: what it has written by now counts, and nothing that it dates back.
      await this.#keepFiles(peer)
      await this.#rekey(deed, { peer, ban })
    })
  }

  /**
   * Says of those who were removed without a word on their files, by another program or by somebody who knew of none, what of them counts. To be called
   * when the log or what is known of drives may have changed. Never rejects: what cannot be signed now is tried again then.
   */
  async keepFilesOfRemoved(): Promise<void> {
    const { authority } = this.#ports
    for (const peer of authority.state.removed.keys()) {
      if (!authority.may({ kind: 'files', target: peer }) || this.#keeping.has(peer)) continue
      if (authority.state.fileRights.has(peer)) continue
      this.#keeping.add(peer)
      try {
        await this.#keepFiles(peer)
      } catch {
        // Nobody asked for it, so nobody is told, and a device does not end for it.
        continue
      } finally {
        this.#keeping.delete(peer)
      }
    }
  }

  renewLink(): void {
    this.#use({ kind: 'rekey' }, () => this.#rekey({ kind: 'rekey' }, undefined))
  }

  end(): void {
    this.#use({ kind: 'end' }, () => this.#decide({ kind: 'end' }, { kind: 'end' }))
  }

  /**
   * The code of a link that lets its holders in without knocking. An open room needs none; so from now on others have to knock.
   * @throws {UsageError} `bad-value` for terms that no invite can have; `link-unsettled` while a new secret is on its way here.
   */
  async createInvite({ maxUses, expiresAtMs }: InviteTerms): Promise<string> {
    const { authority, link, random } = this.#ports
    this.#checkMay({ kind: 'invite' })
    if (!Number.isInteger(maxUses) || maxUses < 1 || maxUses > maxUsesOfInvite || !Number.isSafeInteger(expiresAtMs)) {
      throw new UsageError('bad-value', 'an invite is for 1 to 255 people, until some time')
    }
    const token = random.bytes(tokenBytes)
    const invite = await commitmentTo('invite', link.roomId, token)
    if (authority.state.entry === 'open') await this.#setEntry('knock')
    await this.#decide({ kind: 'invite' }, { kind: 'invite', invite, maxUses, expiresAtMs })
    if (!isSettled(authority)) throw new UsageError('link-unsettled', 'the secret of the room is being replaced')
    return linkCodeNow(link, authority, token)
  }

  /** Lets in those of the lobby who hold a good invite. To be called when either may have changed. */
  async honourInvites(): Promise<void> {
    const { authority, lobby, link, clock } = this.#ports
    if (!authority.may({ kind: 'admit' }) || authority.state.entry !== 'knock') return
    for (const [peer, { hello }] of lobby.knockers()) {
      if (hello.token === undefined || this.#letIn.has(peer)) continue
      this.#letIn.add(peer)
      try {
        const invite = await commitmentTo('invite', link.roomId, hello.token)
        const terms = authority.state.invites.get(invite)
        const isGood =
          terms !== undefined &&
          !terms.revoked &&
          terms.expiresAtMs > clock.now() &&
          (terms.usedBy.has(peer) || terms.usedBy.size < terms.maxUses)
        if (isGood && lobby.has(peer)) await this.#decide({ kind: 'admit' }, { kind: 'admit', peer, invite })
      } catch (error) {
        // Nobody is let in by an invite who cannot be signed for: they knock like anybody else.
        if (!(error instanceof UsageError || error instanceof LimitError)) throw error
      } finally {
        this.#letIn.delete(peer)
      }
    }
  }

  async #rekey(deed: Deed, removed: { readonly peer: PeerId; readonly ban: boolean } | undefined): Promise<void> {
    const { authority, link, random } = this.#ports
    const fresh = random.bytes(secretBytes)
    const commitment = await commitmentTo('room-secret', link.roomId, fresh)
    const members = listed(this.#ports.members().filter((member) => member !== removed?.peer))
    await authority.decide(deed, { kind: 'rekey', commitment, members, removed }, fresh)
  }

  /** Leaves the right as it is, and names what counts while there is none. */
  async #keepFiles(peer: PeerId): Promise<void> {
    const rule = this.#ports.authority.state.fileRights.get(peer)
    // Of somebody who has written nothing there is nothing to keep.
    if (rule === undefined && this.#ports.cutsOf(peer).length === 0) return
    await this.#setFileRight(peer, rule?.right ?? 'editor')
  }

  #setFileRight(peer: PeerId, right: 'editor' | 'reader'): Promise<void> {
    return this.#decide({ kind: 'files', target: peer }, { kind: 'files', peer, right, cuts: this.#cutsOf(peer) })
  }

  /** What counts of its drives now. What a reader went on to write does not begin to count because something else is decided about it. */
  #cutsOf(peer: PeerId): readonly DriveCut[] {
    const { state } = this.#ports.authority
    return fileRightIn(state, peer) === 'reader' ? this.#signedCutsOf(peer) : this.#ports.cutsOf(peer)
  }

  /** Those in force, as far as one entry holds them. */
  #signedCutsOf(peer: PeerId): readonly DriveCut[] {
    const cuts = this.#ports.authority.state.fileRights.get(peer)?.cuts.values() ?? []
    return [...cuts].flat().slice(0, maxCuts).sort(compareCuts)
  }

  /** Where the mode keeps strangers out, nothing counts of those who are not listed but what is said here: first, so that nothing is lost. */
  async #setEntry(mode: EntryMode): Promise<void> {
    if (mode !== 'open') for (const peer of this.#away()) await this.#keepFiles(peer)
    await this.#decide({ kind: 'entry' }, { kind: 'entry', mode, members: listed(this.#ports.members()) })
  }

  /** Those who are not here, and of whom more counts so far than what was signed. */
  #away(): readonly PeerId[] {
    const { state } = this.#ports.authority
    const isAway = (peer: PeerId): boolean =>
      !this.#isHere(peer) && roleIn(state, peer) === 'member' && standingOf(state, peer) === 'in'
    const isNews = (peer: PeerId): boolean => keyOf(this.#cutsOf(peer)) !== keyOf(this.#signedCutsOf(peer))
    return [...this.#ports.authors()].filter((peer) => isAway(peer) && isNews(peer)).slice(0, maxAway)
  }

  #isHere(peer: PeerId): boolean {
    return this.#ports.members().includes(peer)
  }

  #decide(deed: Deed, operation: Operation): Promise<void> {
    return this.#ports.authority.decide(deed, operation)
  }

  #useOn(peer: PeerId, deed: Deed, act: () => Promise<void>): void {
    this.#use(deed, () => {
      if (!this.#isHere(peer)) throw unknownPeer()
      return act()
    })
  }

  /** Does what our role allows. What then cannot be signed shows in the view: nothing changes, or an alarm says why. */
  #use(deed: Deed, act: () => Promise<void>): void {
    this.#checkMay(deed)
    act().catch((error: unknown) => {
      if (!(error instanceof UsageError || error instanceof LimitError)) throw error
    })
  }

  #checkMay(deed: Deed): void {
    if (this.#ports.hasLeft()) throw new UsageError('room-left', 'the room was left')
    if (!this.#ports.authority.may(deed)) throw new UsageError('not-host', 'only the host, or a co-host, can do this')
  }

  #checkKnocks(peer: PeerId): void {
    if (!this.#ports.lobby.has(peer)) throw unknownPeer()
  }
}

function keyOf(cuts: readonly DriveCut[]): string {
  return cuts.map(({ drive, batches, head }) => `${drive}/${String(batches)}/${head}`).join()
}

export function unknownPeer(): UsageError {
  return new UsageError('unknown-peer', 'no such participant in the room')
}
