import type {
  IdentityId,
  IdentityRecord,
  IncomingCall,
  OutgoingCall,
  Ringer,
  RingerEvents,
  Scope,
} from '@p2pigeon/core/people'
import { Store, type Readable, type Undo } from '../../state/index.ts'
import { Fault, faultCode } from '../fault.ts'
import type { VaultPage } from '../vault/index.ts'
import { isOutgoingOver, type OutgoingView } from './outgoing-view.ts'
import { RingDuty } from './ring-duty.ts'

/** A call that rings in this tab. */
export interface IncomingView {
  readonly id: IdentityId
  /** What the caller calls itself. */
  readonly claimedName: string
  readonly video: boolean
  readonly state: IncomingCall['state']
}

export interface MissedCall {
  readonly id: IdentityId
  readonly video: boolean
  readonly atMs: number
}

export interface DirectCallPorts {
  readonly locks: VaultPage['locks']
  /** A ringer of this device in this scope; resolves when the network is there. */
  readonly ringer: (scope: Scope) => Promise<Ringer>
  readonly scope: Scope
  readonly now: () => number
  readonly missed: (call: MissedCall) => void
  readonly requested: RingerEvents['requested']
  readonly recordMet: RingerEvents['recordMet']
}

/** Shown until somebody has read it, or for so long. */
const overMs = 6_000

/** Ringing and being rung, in this tab. No device is opened and no room is entered here: whoever shows the calls does that. */
export class DirectCalls {
  readonly #ports: DirectCallPorts
  readonly #duty: RingDuty
  readonly #outgoing = new Store<OutgoingView | undefined>(undefined)
  readonly #incoming = new Store<readonly IncomingView[]>([])
  readonly #serving = new Store<Ringer | undefined>(undefined)
  readonly #ringing = new Map<IncomingView, IncomingCall>()
  #ours: OutgoingCall | undefined
  #ringer: Promise<Ringer> | undefined
  #inCall = false
  #reachable = false

  constructor(ports: DirectCallPorts) {
    this.#ports = ports
    this.#duty = new RingDuty(ports.locks, () => this.#serve())
    ports.scope.onEnd(() => this.#duty.rest())
  }

  get outgoing(): Readable<OutgoingView | undefined> {
    return this.#outgoing
  }

  /** What answers in this tab, while it does: other services of the same people go by it. */
  get ringer(): Readable<Ringer | undefined> {
    return this.#serving
  }

  /** Oldest first. Those that are over stay for a moment, to say so. */
  get incoming(): Readable<readonly IncomingView[]> {
    return this.#incoming
  }

  /** Whether contacts can call this device at all. */
  setReachable(reachable: boolean): void {
    if (this.#ports.scope.ended) return
    this.#reachable = reachable
    if (reachable) {
      this.#duty.volunteer()
      this.#ringer?.then((ringer) => ringer.listen()).catch(() => undefined)
    } else if (!this.#ours) this.#duty.rest()
  }

  /** A tab that is in a room answers for all of them, and says that it is busy. */
  setInCall(inCall: boolean): void {
    this.#inCall = inCall
    if (inCall && this.#reachable) void this.#duty.takeOver()
    this.#tellBusy()
  }

  /**
   * Rings a contact. Everything about it shows in `outgoing`. `createRoom` gives the link of the room where both will meet, once they accept.
   * @throws {Fault} `already-calling` while another call is being made, `in-a-call`.
   */
  async call(contact: IdentityRecord, video: boolean, createRoom: () => Promise<string>): Promise<void> {
    const before = this.#outgoing.get()
    if (before && !isOutgoingOver(before)) throw new Fault('already-calling')
    if (this.#inCall) throw new Fault('in-a-call')
    const starting: OutgoingView = { id: contact.id, video, state: { kind: 'starting' } }
    this.#outgoing.set(starting)
    try {
      await this.#duty.takeOver()
      const ringer = await this.#ringer
      if (this.#outgoing.get() !== starting || !ringer) return
      const ours = ringer.call(contact, { video, linkCode: createRoom })
      this.#ours = ours
      const show = (): void => {
        if (this.#ours !== ours) return
        this.#outgoing.set({ ...starting, state: ours.state })
        if (isOutgoingOver({ ...starting, state: ours.state })) this.#letGo()
      }
      ours.subscribe(show)
      this.#tellBusy()
      show()
    } catch (error) {
      if (this.#outgoing.get() === starting) {
        this.#outgoing.set({ ...starting, state: { kind: 'fault', code: faultCode(error) } })
        this.#letGo()
      }
    }
  }

  /** Stops a call that must not go on, and says why. */
  abort(id: IdentityId, code: string): void {
    const before = this.#outgoing.get()
    if (before?.id !== id || isOutgoingOver(before)) return
    this.hangUp()
    this.#outgoing.set({ ...before, state: { kind: 'fault', code } })
  }

  /** Stops the call that is being made, or puts away what is said of one that is over. */
  hangUp(): void {
    const ours = this.#ours
    this.#outgoing.set(undefined)
    this.#ours = undefined
    ours?.cancel()
    this.#letGo()
  }

  /**
   * The user's answer. Resolves with the code of the room to go to.
   * @throws {UsageError} `call-over` @throws {TransportError} `call-lost`
   */
  async accept(view: IncomingView): Promise<string> {
    const call = this.#ringing.get(view)
    if (!call) throw new Fault('call-over')
    this.hangUp()
    return call.accept()
  }

  decline(view: IncomingView): void {
    this.#ringing.get(view)?.decline()
    this.#forget(view)
  }

  #letGo(): void {
    this.#ours = undefined
    this.#tellBusy()
    if (!this.#reachable) this.#duty.rest()
  }

  #tellBusy(): void {
    const busy = this.#inCall || this.#ours !== undefined
    // A ringer that could not be had has nobody to tell.
    this.#ringer?.then(
      (ringer) => ringer.setBusy(busy),
      () => undefined,
    )
  }

  #serve(): Undo {
    const scope = this.#ports.scope.child()
    const ringer = this.#ports.ringer(scope)
    this.#ringer = ringer
    this.#tellBusy()
    ringer
      .then((ready) => {
        scope.onEnd(ready.on('incoming', (call) => this.#show(call)))
        scope.onEnd(ready.on('requested', this.#ports.requested))
        scope.onEnd(ready.on('recordMet', this.#ports.recordMet))
        if (!scope.ended) this.#serving.set(ready)
        scope.onEnd(() => this.#serving.set(undefined))
        return this.#reachable ? ready.listen() : undefined
      })
      // Whoever calls meets the failure; being called needs the network that failed.
      .catch(() => undefined)
    return () => {
      scope.end()
      if (this.#ringer === ringer) this.#ringer = undefined
    }
  }

  #show(call: IncomingCall): void {
    const viewOf = (): IncomingView => ({
      id: call.from.id,
      claimedName: call.name,
      video: call.video,
      state: call.state,
    })
    let view = viewOf()
    this.#ringing.set(view, call)
    this.#incoming.update((calls) => [...calls, view])
    call.subscribe(() => {
      const before = view
      if (!this.#ringing.delete(before)) return
      view = viewOf()
      this.#ringing.set(view, call)
      this.#incoming.update((calls) => calls.map((one) => (one === before ? view : one)))
      const { kind } = view.state
      if (kind === 'ringing' || kind === 'accepting') return
      if (isMissed(view)) this.#ports.missed({ id: view.id, video: view.video, atMs: this.#ports.now() })
      if (kind === 'accepted' || kind === 'declined' || kind === 'cancelled') this.#forget(view)
      else setTimeout(() => this.#forget(view), overMs)
    })
  }

  #forget(view: IncomingView): void {
    this.#ringing.delete(view)
    this.#incoming.update((calls) => calls.filter((one) => one !== view))
  }
}

/** Nobody here has answered, and no other device of ours has. */
function isMissed({ state }: IncomingView): boolean {
  return (
    state.kind === 'missed' ||
    (state.kind === 'cancelled' && (state.reason === 'withdrawn' || state.reason === 'unanswered'))
  )
}
