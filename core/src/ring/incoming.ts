import { TransportError, UsageError } from '../errors/index.ts'
import type { IdentityRecord } from '../identity/index.ts'
import { Emitter, type Scope, type Undo } from '../lifetime/index.ts'
import type { Clock } from '../runtime/index.ts'
import type { IncomingCall } from './calls.ts'
import {
  isIncomingOver,
  nextIncoming,
  type IncomingEffect,
  type IncomingInput,
  type IncomingState,
} from './incoming-state.ts'
import { invitationTimeoutMs, ringGraceMs, ringTimeoutMs } from './limits.ts'
import type { Line } from './line.ts'
import type { RingFrame } from './ring-frame.ts'

/** Somebody who has proven itself and asks for a call. */
export interface Asking {
  readonly from: IdentityRecord
  /** Key of the device that asks, in hexadecimal. */
  readonly device: string
  readonly name: string
  readonly video: boolean
  readonly line: Line
}

/** Drives one call that rings here: see `nextIncoming` for what leads where. */
export class Incoming implements IncomingCall {
  readonly from: IdentityRecord
  readonly name: string
  readonly video: boolean
  readonly device: string
  readonly #line: Line
  readonly #clock: Clock
  /** Of this call alone. */
  readonly #scope: Scope
  readonly #events = new Emitter<{ stateChanged: () => void }>()
  #state: IncomingState = { kind: 'ringing' }

  /** @param owner its scope drops the call when it ends. */
  constructor({ from, device, name, video, line }: Asking, owner: { readonly clock: Clock; readonly scope: Scope }) {
    this.from = from
    this.device = device
    this.name = name
    this.video = video
    this.#line = line
    this.#clock = owner.clock
    this.#scope = owner.scope.child()
    this.#scope.onEnd(() => {
      this.#input({ kind: 'lost' })
    })
    line.listen({
      heard: (frame) => {
        this.#input(inputOf(frame))
      },
      lost: () => {
        this.#input({ kind: 'lost' })
      },
    })
    this.#after(ringTimeoutMs + ringGraceMs, { kind: 'rungOut' })
    line.say({ kind: 'ringing' })
  }

  get state(): IncomingState {
    return this.#state
  }

  get over(): boolean {
    return isIncomingOver(this.#state)
  }

  subscribe(listener: () => void): Undo {
    return this.#events.on('stateChanged', listener)
  }

  async accept(): Promise<string> {
    this.#input({ kind: 'userAccepted' })
    if (this.over) return this.#outcome(new UsageError('call-over', 'the call does not ring any more'))
    await new Promise<void>((resolve) => {
      this.subscribe(() => {
        if (this.over) resolve()
      })
    })
    return this.#outcome(new TransportError('call-lost', 'the caller gave up before the link came'))
  }

  decline(): void {
    this.#input({ kind: 'userDeclined' })
  }

  /** Stops here without a word: the same two people talk by another call. */
  drop(): void {
    this.#input({ kind: 'dropped' })
  }

  #outcome(otherwise: UsageError | TransportError): string {
    if (this.#state.kind !== 'accepted') throw otherwise
    return this.#state.linkCode
  }

  #input(input: IncomingInput): void {
    const { state, effects } = nextIncoming(this.#state, input)
    const changed = state.kind !== this.#state.kind
    this.#state = state
    for (const effect of effects) this.#perform(effect)
    if (this.over) this.#scope.end()
    if (changed) this.#events.emit('stateChanged')
  }

  #perform(effect: IncomingEffect): void {
    switch (effect.kind) {
      case 'sayAccept':
        this.#line.say({ kind: 'accept' })
        break
      case 'sayDecline':
        this.#line.say({ kind: 'decline' })
        break
      case 'startInvitationTimer':
        this.#after(invitationTimeoutMs, { kind: 'notInvited' })
        break
      case 'hangUp':
        this.#line.hangUp(effect.violation ? 'violation' : 'left')
        break
      default:
        effect satisfies never
    }
  }

  #after(delayMs: number, input: IncomingInput): void {
    this.#scope.onEnd(
      this.#clock.after(delayMs, () => {
        this.#input(input)
      }),
    )
  }
}

function inputOf(frame: RingFrame): IncomingInput {
  switch (frame.kind) {
    case 'cancel':
      return { kind: 'cancelled', reason: frame.reason }
    case 'invitation':
      return { kind: 'invited', linkCode: frame.linkCode }
    default:
      return { kind: 'violated' }
  }
}
