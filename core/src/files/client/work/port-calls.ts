import {
  AuthenticationError,
  CodecError,
  InternalError,
  LimitError,
  PigeonError,
  TransportError,
  UsageError,
} from '../../../errors/index.ts'
import type { Undo } from '../../../lifetime/index.ts'
import { isUnreadable } from '../unreadable.ts'
import type { Octets } from '../source.ts'

/** One end of a way between two threads: a `MessagePort`, a `Worker`, or a worker's own scope. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void
}

/** Everything that is answered is bytes: so much the easier to hand over without copying. */
export type Answer = readonly Octets[]

const families = { AuthenticationError, CodecError, InternalError, LimitError, TransportError, UsageError }

interface Told {
  readonly family: keyof typeof families
  readonly code: string
}

type Message<Call> =
  | { readonly kind: 'call'; readonly number: number; readonly call: Call }
  | { readonly kind: 'answer'; readonly number: number; readonly answer: Answer }
  | { readonly kind: 'failure'; readonly number: number; readonly told: Told }

interface Waiting {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

/** Calls in both directions between two threads of ours. Errors keep their family and code. */
export class PortCalls<Mine, Theirs> {
  readonly #port: Port
  readonly #waiting = new Map<number, Waiting>()
  readonly #stop: Undo
  #number = 0
  #lost: Error | undefined

  /** @param serve answers what the other end calls; `gives` says which answers are nobody else's and may be handed over. */
  constructor(port: Port, serve: (call: Theirs) => Promise<{ readonly answer: Answer; readonly gives: boolean }>) {
    this.#port = port
    const heard = (event: MessageEvent<Message<Theirs>>): void => this.#take(event.data, serve)
    port.addEventListener('message', heard)
    this.#stop = () => port.removeEventListener('message', heard)
  }

  /** @throws what the other end threw; `worker-lost` when it is gone. */
  call(call: Mine): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#lost) {
        reject(this.#lost)
        return
      }
      this.#number += 1
      this.#waiting.set(this.#number, { resolve, reject })
      this.#send({ kind: 'call', number: this.#number, call })
    })
  }

  /** The other end answers no more: whoever waits is told. */
  end(): void {
    this.#stop()
    this.#lost ??= new InternalError('worker-lost', 'the other thread has ended')
    for (const { reject } of this.#waiting.values()) reject(this.#lost)
    this.#waiting.clear()
  }

  #take(
    message: Message<Theirs>,
    serve: (call: Theirs) => Promise<{ readonly answer: Answer; readonly gives: boolean }>,
  ): void {
    const { number } = message
    if (message.kind === 'call') {
      serve(message.call).then(
        ({ answer, gives }) => this.#send({ kind: 'answer', number, answer }, gives ? buffersOf(answer) : []),
        (error: unknown) => this.#send({ kind: 'failure', number, told: toldOf(error) }),
      )
      return
    }
    const waiting = this.#waiting.get(number)
    this.#waiting.delete(number)
    if (message.kind === 'answer') waiting?.resolve(message.answer)
    else waiting?.reject(new families[message.told.family](message.told.code, 'in another thread'))
  }

  #send(message: Message<Mine>, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer)
  }
}

/** Those that hold nothing but their view: others would take more along. */
function buffersOf(answer: Answer): ArrayBuffer[] {
  const whole = answer.filter((bytes) => bytes.length > 0 && bytes.length === bytes.buffer.byteLength)
  return [...new Set(whole.map(({ buffer }) => buffer))]
}

function toldOf(error: unknown): Told {
  if (isUnreadable(error)) return { family: 'UsageError', code: 'file-changed' }
  if (!(error instanceof PigeonError)) return { family: 'InternalError', code: 'unexpected' }
  const family = Object.entries(families).find(([, type]) => error instanceof type)?.[0]
  return { family: isFamily(family) ? family : 'InternalError', code: error.code }
}

function isFamily(name: string | undefined): name is keyof typeof families {
  return name !== undefined && name in families
}
