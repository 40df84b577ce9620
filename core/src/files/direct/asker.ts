import { CodecError, TransportError } from '../../errors/index.ts'
import type { Scope, Undo } from '../../lifetime/index.ts'
import type { Clock } from '../../runtime/index.ts'
import type { ByteRange, NearSource, Octets, Part } from '../client/index.ts'
import type { DriveKey, ObjectId } from '../ids.ts'
import type { DirectChannel } from './channel.ts'
import {
  looksAtSilence,
  maxAskedBytes,
  maxLies,
  maxRequestsPerPeer,
  minBytesPerSecond,
  restMs,
  silentAfterMs,
} from './limits.ts'
import { decodeAnswer, encodeQuestion, type Answer } from './wire.ts'

export interface AskerPorts {
  readonly clock: Clock
  /** Opens the way to the member; called when the first thing is asked for. */
  readonly open: () => Promise<DirectChannel>
}

/** One request: what has come of it, and who waits. It stays known until its end has come, also when nobody waits any more. */
interface Asked {
  readonly maxBytes: number
  /** Memory for all of it, made when the first of several pieces comes. */
  memory: Octets | undefined
  bytes: number
  isSent: boolean
  settle: ((outcome: Octets | TransportError) => void) | undefined
  /** Nobody waits for it any more. */
  readonly stop: () => void
}

/** `idle` has opened nothing, `resting` is not asked until its time is over, `closed` never again. */
type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'open'; readonly channel: Promise<DirectChannel>; rests: boolean }
  | { readonly kind: 'closed' }

/**
 * One member as a source of objects. Nothing that it gives is believed, and nothing that it does holds us up: it is given up when it is silent
 * (`silentAfterMs`) or slow (`minBytesPerSecond`), and left alone for a while then (`restMs`). What cannot be asked of it now is `object-missing`
 * at once, so that the next source is asked.
 */
export class DirectAsker implements NearSource {
  readonly #ports: AskerPorts
  readonly #scope: Scope
  readonly #asked = new Map<number, Asked>()
  readonly #lies = new Set<string>()
  #state: State = { kind: 'idle' }
  #requests = 0
  #hasHeard = false
  /** One wait for all requests: a member that sends anything of what it was asked for is not silent. */
  #stopSilence: Undo = () => undefined

  constructor(ports: AskerPorts, scope: Scope) {
    this.#ports = ports
    this.#scope = scope
    scope.onEnd(() => this.#close())
  }

  /** @throws {TransportError} `object-missing` if it does not give it, for whatever reason; what `signal` says when it aborts. */
  async read(
    drive: DriveKey,
    object: ObjectId,
    part: Part,
    range: ByteRange | undefined,
    signal: AbortSignal,
  ): Promise<Octets> {
    signal.throwIfAborted()
    const wished = range && range.end - range.start
    const isAskable = (wished ?? 1) > 0 && (wished ?? 0) <= maxAskedBytes && this.#asked.size < maxRequestsPerPeer
    if (!isAskable || !this.#mayAsk(object)) throw missing()
    const request = (this.#requests = (this.#requests + 1) % 2 ** 32)
    const outcome = await this.#ask(request, { drive, object, part, range }, wished ?? maxAskedBytes, signal)
    signal.throwIfAborted()
    if (!(outcome instanceof Uint8Array)) throw outcome
    if (wished !== undefined && outcome.length !== wished) throw missing()
    return outcome
  }

  gaveWrong(_drive: DriveKey, object: ObjectId): void {
    if (this.#lies.size < maxLies) this.#lies.add(object)
    else this.#close()
  }

  #mayAsk(object: ObjectId): boolean {
    const state = this.#state
    return state.kind !== 'closed' && !(state.kind === 'open' && state.rests) && !this.#lies.has(object)
  }

  /** Never rejects: how it ends is what it resolves to. */
  #ask(
    request: number,
    what: { drive: DriveKey; object: ObjectId; part: Part; range: ByteRange | undefined },
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<Octets | TransportError> {
    return new Promise((resolve) => {
      const asked: Asked = {
        maxBytes,
        memory: undefined,
        bytes: 0,
        isSent: false,
        settle: undefined,
        stop: () => stop(),
      }
      const channel = this.#open()
      const stop = (): void => {
        if (asked.settle === undefined) return
        asked.settle(missing())
        if (asked.isSent) void channel.then((open) => open.send(encodeQuestion({ kind: 'cancel', request })))
        else this.#asked.delete(request)
      }
      this.#asked.set(request, asked)
      const stopSlowness = this.#ports.clock.after(this.#patienceMs(), () => {
        this.#rest()
        stop()
      })
      asked.settle = (outcome) => {
        asked.settle = undefined
        asked.memory = undefined
        stopSlowness()
        signal.removeEventListener('abort', stop)
        if (this.#awaited().length === 0) this.#stopSilence()
        resolve(outcome)
      }
      signal.addEventListener('abort', stop)
      if (this.#awaited().length === 1) this.#listen()
      channel.then((open) => {
        if (this.#asked.get(request) !== asked) return
        asked.isSent = true
        open.send(encodeQuestion({ kind: 'ask', request, ...what }))
      }, stop)
    })
  }

  /** Requests that somebody waits for. */
  #awaited(): readonly Asked[] {
    return [...this.#asked.values()].filter(({ settle }) => settle !== undefined)
  }

  /** How long everything that is under way may take: answers come one after the other. */
  #patienceMs(): number {
    const bytes = [...this.#asked.values()].reduce((sum, { maxBytes }) => sum + maxBytes, 0)
    return silentAfterMs + (bytes / minBytesPerSecond) * 1_000
  }

  /** Begins the wait for anything that comes. */
  #listen(): void {
    this.#hasHeard = false
    this.#watch(0)
  }

  /** Looks again and again whether anything has come: a timer for each piece would cost more than the piece. */
  #watch(silentLooks: number): void {
    this.#stopSilence()
    this.#stopSilence = this.#ports.clock.after(silentAfterMs / looksAtSilence, () => {
      const silent = this.#hasHeard ? 0 : silentLooks + 1
      this.#hasHeard = false
      if (silent < looksAtSilence) {
        this.#watch(silent)
        return
      }
      this.#rest()
      for (const { stop } of this.#awaited()) stop()
    })
  }

  #open(): Promise<DirectChannel> {
    if (this.#state.kind === 'open') return this.#state.channel
    const channel = this.#ports.open()
    this.#state = { kind: 'open', channel, rests: false }
    channel.then(
      (open) => {
        open.listen({ received: (message) => this.#take(decodeAnswer(message)), closed: () => this.#close() })
        if (this.#state.kind === 'closed') open.close()
      },
      () => this.#close(),
    )
    return channel
  }

  #take(answer: Answer): void {
    const asked = this.#asked.get(answer.request)
    // It ends every request once and says nothing after that, so this is of somebody who fills our memory.
    if (asked?.isSent !== true) throw new CodecError('bad-value', 'nobody asked for it')
    if (answer.kind !== 'piece') this.#asked.delete(answer.request)
    if (answer.kind === 'have-not') {
      asked.settle?.(missing())
      return
    }
    this.#hasHeard = true
    const at = asked.bytes
    asked.bytes += answer.bytes.length
    if (asked.bytes > asked.maxBytes) throw new CodecError('too-long', 'more than was asked for')
    if (asked.settle === undefined) return
    if (answer.kind === 'last' && at === 0) {
      // Nothing but the piece is kept, and it can be handed to another thread.
      asked.settle(answer.bytes.slice())
      return
    }
    const memory = (asked.memory ??= new Uint8Array(asked.maxBytes))
    memory.set(answer.bytes, at)
    if (answer.kind === 'last') asked.settle(asked.bytes === memory.length ? memory : memory.slice(0, asked.bytes))
  }

  #rest(): void {
    const state = this.#state
    if (state.kind !== 'open' || state.rests) return
    state.rests = true
    const forget = this.#scope.onEnd(
      this.#ports.clock.after(restMs, () => {
        forget()
        state.rests = false
      }),
    )
  }

  #close(): void {
    const state = this.#state
    if (state.kind === 'closed') return
    this.#state = { kind: 'closed' }
    for (const { settle } of this.#asked.values()) settle?.(missing())
    this.#asked.clear()
    if (state.kind === 'open')
      state.channel.then(
        (open) => open.close(),
        () => undefined,
      )
  }
}

function missing(): TransportError {
  return new TransportError('object-missing', 'this member does not give it')
}
