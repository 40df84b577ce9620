import { toHex } from '../bytes/index.ts'
import { initiate, type RemoteParty, type Verdict } from '../channel/index.ts'
import type { IdentityRecord, RoomIdentity } from '../identity/index.ts'
import { Emitter, type Scope, type Undo } from '../lifetime/index.ts'
import { linkCodeOf, type RoomKeys } from '../link/index.ts'
import type { Clock, Random } from '../runtime/index.ts'
import type { CarrierStream, Roads } from '../signalling/index.ts'
import type { OutgoingCall } from './calls.ts'
import type { Incoming } from './incoming.ts'
import { ringTimeoutMs, searchTimeoutMs, settleMs } from './limits.ts'
import { Line } from './line.ts'
import {
  callerMayHear,
  isOutgoingOver,
  nextOutgoing,
  outgoingStart,
  type CallerLine,
  type OutgoingEffect,
  type OutgoingInput,
  type OutgoingState,
} from './outgoing-state.ts'
import { isUpToDate, personBehind } from './parties.ts'
import { ringKeys } from './ring-keys.ts'
import type { CancelReason, RingFrame } from './ring-frame.ts'
import { Search, type Outcome } from './search.ts'

export interface OutgoingPorts {
  readonly roads: Roads
  readonly clock: Clock
  readonly random: Random
  /** Its end cancels the call. */
  readonly scope: Scope
  /** This device, as the channel's identity. */
  readonly identity: RoomIdentity
  readonly record: () => IdentityRecord
  readonly name: () => string
  /** A genuine record of the contact, proven by the device that showed it. */
  recordMet(record: IdentityRecord): void
}

export interface CallTerms {
  readonly video: boolean
  /** Makes the room to meet in; asked once, when a device has accepted. */
  linkCode(): Promise<string>
}

/** The line to one device of the contact. */
interface Branch {
  readonly line: Line
  state: CallerLine
  accepted: boolean
  /** Gives the address back to the search. */
  release(): void
}

/** Drives one call to somebody's devices: see `nextOutgoing` for what leads where. */
export class Outgoing implements OutgoingCall {
  readonly contact: IdentityRecord
  readonly #ports: OutgoingPorts
  readonly #terms: CallTerms
  /** Of this call alone. */
  readonly #scope: Scope
  readonly #events = new Emitter<{ stateChanged: () => void }>()
  /** By device key. */
  readonly #branches = new Map<string, Branch>()
  #known: IdentityRecord
  #state: OutgoingState = outgoingStart
  #invitee: Branch | undefined
  #yieldedTo: Incoming | undefined

  constructor(ports: OutgoingPorts, contact: IdentityRecord, terms: CallTerms) {
    this.contact = contact
    this.#ports = ports
    this.#terms = terms
    this.#known = contact
    this.#scope = ports.scope.child()
    this.#scope.onEnd(() => {
      this.cancel()
    })
    this.#after(searchTimeoutMs, { kind: 'searchTimedOut' })
    void this.#search()
  }

  get video(): boolean {
    return this.#terms.video
  }

  get state(): OutgoingState {
    return this.#state
  }

  get over(): boolean {
    return isOutgoingOver(this.#state)
  }

  subscribe(listener: () => void): Undo {
    return this.#events.on('stateChanged', listener)
  }

  cancel(): void {
    this.#input({ kind: 'userCancelled' })
  }

  /** While their call to us is being accepted in place of ours, nobody who accepts ours gets a link. */
  yieldTo(theirs: Incoming): void {
    this.#yieldedTo = theirs
  }

  /** Their call has led nowhere: ours goes on, with the answers that it has got meanwhile. */
  unyield(theirs: Incoming): void {
    if (this.#yieldedTo !== theirs) return
    this.#yieldedTo = undefined
    for (const branch of this.#branches.values()) if (branch.accepted) this.#invite(branch)
  }

  /** Their call to us has led to a link: this one ends there too, unless ours was accepted before. */
  joinTheirs(linkCode: string): void {
    this.#input({ kind: 'theirsJoined', linkCode })
  }

  async #search(): Promise<void> {
    const { roads, clock, random } = this.#ports
    let keys: RoomKeys
    try {
      keys = await ringKeys(this.contact.publicKey)
    } catch {
      // The platform cannot derive keys: nobody will be found, and the call ends as it does then.
      return
    }
    if (this.over) return
    const use = (stream: CarrierStream, signal: AbortSignal): Promise<Outcome> => this.#use(stream, keys, signal)
    roads.follow(this.#scope, clock, (carrier, scope) => {
      new Search({ carrier, keys, clock, random, scope, use }).start()
    })
  }

  /** Takes one stream through handshake and asks there; resolves when the line is over. */
  async #use(stream: CarrierStream, keys: RoomKeys, signal: AbortSignal): Promise<Outcome> {
    const { clock, random, identity, record, name } = this.#ports
    let met: IdentityRecord | undefined
    const channel = await initiate(stream, {
      keys,
      identity,
      hello: () => record().bytes,
      judge: async (remote): Promise<Verdict> => {
        met = await this.#recognise(remote)
        return met === undefined ? { kind: 'stop', reason: 'refused' } : { kind: 'proceed' }
      },
      clock,
      random,
      signal,
    })
    const device = toHex(channel.remote.publicKey)
    if (this.over || this.#branches.has(device)) {
      channel.close(this.over ? 'left' : 'duplicate')
      return 'never'
    }
    void channel.proven.then(
      () => {
        if (met !== undefined) this.#ports.recordMet(met)
      },
      () => undefined,
    )
    return new Promise((resolve) => {
      const branch: Branch = {
        line: new Line(channel),
        state: 'asked',
        accepted: false,
        release: () => resolve('never'),
      }
      this.#branches.set(device, branch)
      branch.line.listen({
        heard: (frame) => {
          this.#hear(branch, frame)
        },
        lost: () => {
          this.#branches.delete(device)
          if (branch === this.#invitee) this.#input({ kind: 'inviteeLost' })
          resolve(branch.state !== 'answered' ? 'again' : 'never')
        },
      })
      branch.line.say({ kind: 'ring', video: this.video, name: name() })
    })
  }

  /** The contact's record, if the other end is one of their devices by the latest that we know; else it learns nothing of us. */
  async #recognise(remote: RemoteParty): Promise<IdentityRecord | undefined> {
    const met = await personBehind(remote, this.#ports.clock.now())
    if (met?.id !== this.contact.id || !isUpToDate(met, this.#known)) return undefined
    this.#known = met
    return met
  }

  #hear(branch: Branch, frame: RingFrame): void {
    const state = callerMayHear(branch.state, frame)
    if (state === undefined) {
      this.#end(branch, 'violation')
      if (branch === this.#invitee) this.#input({ kind: 'inviteeLost' })
      return
    }
    branch.state = state
    switch (frame.kind) {
      case 'ringing':
        this.#input({ kind: 'rang' })
        break
      case 'busy':
      case 'noted':
        this.#end(branch, 'left')
        this.#input({ kind: frame.kind })
        break
      case 'accept':
        branch.accepted = true
        if (this.#yieldedTo === undefined) this.#invite(branch)
        break
      case 'decline':
        this.#end(branch, 'left')
        this.#input({ kind: 'declined' })
        break
      default:
        break
    }
  }

  #invite(branch: Branch): void {
    this.#invitee ??= branch
    this.#input({ kind: 'accepted' })
  }

  #input(input: OutgoingInput): void {
    const before = this.#state
    const { state, effects } = nextOutgoing(before, input)
    this.#state = state
    for (const effect of effects) this.#perform(effect)
    if (this.over) this.#scope.end()
    if (state !== before) this.#events.emit('stateChanged')
  }

  #perform(effect: OutgoingEffect): void {
    switch (effect.kind) {
      case 'startRingTimer':
        this.#after(ringTimeoutMs, { kind: 'rungOut' })
        break
      case 'startSettleTimer':
        this.#after(settleMs, { kind: 'settled' })
        break
      case 'makeLink':
        void this.#makeLink().then((input) => {
          this.#input(input)
        })
        break
      case 'sendInvitation':
        this.#invitee?.line.say({ kind: 'invitation', linkCode: effect.linkCode })
        if (this.#invitee !== undefined) this.#end(this.#invitee, 'left')
        break
      case 'dismiss':
        this.#dismiss(effect.reason)
        break
      default:
        effect satisfies never
    }
  }

  async #makeLink(): Promise<OutgoingInput> {
    try {
      return { kind: 'linkMade', linkCode: linkCodeOf(await this.#terms.linkCode()) }
    } catch {
      // Whoever made the link knows why it failed; the call ends and says that it did.
      return { kind: 'linkFailed' }
    }
  }

  /** Everybody who rings for us stops; the device that gets the link next stays. */
  #dismiss(reason: CancelReason): void {
    for (const branch of this.#branches.values()) {
      if (this.#state.kind === 'inviting' && branch === this.#invitee) continue
      branch.line.say({ kind: 'cancel', reason })
      this.#end(branch, 'left')
    }
  }

  #end(branch: Branch, reason: 'left' | 'violation'): void {
    branch.line.hangUp(reason)
    for (const [device, known] of this.#branches) if (known === branch) this.#branches.delete(device)
    branch.release()
  }

  #after(delayMs: number, input: OutgoingInput): void {
    this.#scope.onEnd(
      this.#ports.clock.after(delayMs, () => {
        this.#input(input)
      }),
    )
  }
}
