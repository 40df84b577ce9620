import {
  Ringer,
  type CallTerms,
  type IdentityRecord,
  type IncomingCall,
  type IncomingState,
  type OutgoingCall,
  type OutgoingState,
  type RingerEvents,
  type RingerPorts,
} from '@p2pigeon/core/people'
import { FakeFault } from './fake-fault.ts'

/** A call that goes as the test says. */
class FakeCall<State> {
  state: State
  readonly #listeners = new Set<() => void>()

  constructor(initial: State) {
    this.state = initial
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  become(state: State): void {
    this.state = state
    for (const listener of [...this.#listeners]) listener()
  }
}

export class FakeOutgoingCall extends FakeCall<OutgoingState> implements OutgoingCall {
  readonly contact: IdentityRecord
  readonly video: boolean
  readonly terms: CallTerms

  constructor(contact: IdentityRecord, terms: CallTerms) {
    super({ kind: 'searching', heard: undefined })
    this.contact = contact
    this.video = terms.video
    this.terms = terms
  }

  cancel(): void {
    if (this.state.kind === 'searching' || this.state.kind === 'ringing') this.become({ kind: 'cancelled' })
  }
}

export class FakeIncomingCall extends FakeCall<IncomingState> implements IncomingCall {
  readonly from: IdentityRecord
  readonly name: string
  readonly video: boolean
  linkCode = 'code-of-theirs'

  constructor(from: IdentityRecord, name: string, video = false) {
    super({ kind: 'ringing' })
    this.from = from
    this.name = name
    this.video = video
  }

  accept(): Promise<string> {
    if (this.state.kind !== 'ringing') return Promise.reject(new FakeFault('call-over'))
    this.become({ kind: 'accepting' })
    this.become({ kind: 'accepted', linkCode: this.linkCode })
    return Promise.resolve(this.linkCode)
  }

  decline(): void {
    if (this.state.kind === 'ringing') this.become({ kind: 'declined' })
  }
}

/** A ringer without a network; the last one made is `latest`. */
export class FakeRinger extends Ringer {
  static latest: FakeRinger | undefined
  readonly ports: RingerPorts
  readonly made: FakeOutgoingCall[] = []
  listening = false
  busy = false
  readonly #listeners: { [K in keyof RingerEvents]?: Set<RingerEvents[K]> } = {}

  constructor(ports: RingerPorts) {
    super(ports)
    this.ports = ports
    FakeRinger.latest = this
  }

  override listen(): Promise<void> {
    this.listening = true
    return Promise.resolve()
  }

  override setBusy(busy: boolean): void {
    this.busy = busy
  }

  override call(contact: IdentityRecord, terms: CallTerms): OutgoingCall {
    const call = new FakeOutgoingCall(contact, terms)
    this.made.push(call)
    return call
  }

  override on<K extends keyof RingerEvents>(event: K, listener: RingerEvents[K]): () => void {
    const set: Set<RingerEvents[K]> = this.#listeners[event] ?? new Set<RingerEvents[K]>()
    Object.assign(this.#listeners, { [event]: set })
    set.add(listener)
    return () => set.delete(listener)
  }

  /** Tells listeners as core would. */
  emit<K extends keyof RingerEvents>(event: K, told: Parameters<RingerEvents[K]>[0]): void {
    for (const listener of this.#listeners[event] ?? []) (listener as (value: typeof told) => void)(told)
  }
}
