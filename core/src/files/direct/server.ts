import { CodecError } from '../../errors/index.ts'
import type { Octets, Source } from '../client/index.ts'
import type { Clock } from '../../runtime/index.ts'
import type { DirectChannel } from './channel.ts'
import {
  answerWithinMs,
  fastDrainMs,
  longPieceBytes,
  maxAskedBytes,
  maxRequestsPerPeer,
  maxServesInAll,
  pieceBytes,
} from './limits.ts'
import { answerHeadBytes, decodeQuestion, encodeAnswer, type Ask } from './wire.ts'

/** How many answers are under way, to all members together. */
export class ServePlaces {
  #taken = 0

  /** False where there are too many. */
  take(): boolean {
    if (this.#taken >= maxServesInAll) return false
    this.#taken += 1
    return true
  }

  free(): void {
    this.#taken -= 1
  }
}

export interface ServerPorts {
  readonly clock: Clock
  /** What this device gives, at this moment. */
  readonly lent: () => Pick<Source, 'read'> | undefined
  /** Whether the member at the other end is in, at this moment. */
  readonly isIn: () => boolean
  readonly places: ServePlaces
}

/** An answer that is being sent. */
interface Sending {
  readonly request: number
  readonly bytes: Octets
  at: number
  /** With false when it was stopped before its end. */
  readonly ended: (isWhole: boolean) => void
}

/**
 * Answers one member out of what this device has. Whatever it cannot or may not give is `have-not`, which does not say why. Of the answers that are
 * ready the one that has least to go is sent first: a look into a film does not wait for a file that is saved, and of two segments one is whole
 * soon, so that it is opened while the next one comes.
 */
export class DirectServer {
  readonly #channel: DirectChannel
  readonly #ports: ServerPorts
  readonly #serving = new Map<number, AbortController>()
  readonly #sending = new Set<Sending>()
  readonly #scratch = new Uint8Array(answerHeadBytes + longPieceBytes)
  #pieceBytes = pieceBytes
  #isPumping = false

  /** Serves as long as the channel lives. */
  constructor(channel: DirectChannel, ports: ServerPorts) {
    this.#channel = channel
    this.#ports = ports
    channel.listen({
      received: (message) => this.#take(message),
      closed: () => {
        for (const stop of this.#serving.values()) stop.abort()
      },
    })
  }

  #take(message: Octets): void {
    const question = decodeQuestion(message)
    const { request } = question
    if (question.kind === 'cancel') {
      // What has ended meanwhile cannot be cancelled any more.
      this.#serving.get(request)?.abort()
      return
    }
    if (this.#serving.has(request)) throw new CodecError('bad-value', 'a number for two requests')
    const lent = this.#ports.isIn() ? this.#ports.lent() : undefined
    if (lent === undefined || this.#serving.size >= maxRequestsPerPeer || !this.#ports.places.take()) {
      this.#channel.send(encodeAnswer({ kind: 'have-not', request }))
      return
    }
    const stop = new AbortController()
    this.#serving.set(request, stop)
    void this.#serve(question, lent, stop)
  }

  /** Never rejects: what fails is not there. */
  async #serve(ask: Ask, lent: Pick<Source, 'read'>, stop: AbortController): Promise<void> {
    const { request } = ask
    const stopWaiting = this.#ports.clock.after(answerWithinMs, () => stop.abort())
    try {
      const bytes = await lent.read(ask.drive, ask.object, ask.part, ask.range, stop.signal)
      stopWaiting()
      if (await this.#send(request, bytes, stop.signal)) return
      this.#channel.send(encodeAnswer({ kind: 'have-not', request }))
    } catch {
      this.#channel.send(encodeAnswer({ kind: 'have-not', request }))
    } finally {
      stopWaiting()
      this.#serving.delete(request)
      this.#ports.places.free()
    }
  }

  /** False if there is nothing to send, or it was stopped before its end. */
  #send(request: number, bytes: Octets, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted || bytes.length === 0 || bytes.length > maxAskedBytes) return Promise.resolve(false)
    return new Promise((resolve) => {
      const stop = (): void => sending.ended(false)
      const sending: Sending = {
        ...{ request, bytes, at: 0 },
        ended: (isWhole) => {
          this.#sending.delete(sending)
          signal.removeEventListener('abort', stop)
          resolve(isWhole)
        },
      }
      signal.addEventListener('abort', stop)
      this.#sending.add(sending)
      if (!this.#isPumping) void this.#pump()
    })
  }

  async #pump(): Promise<void> {
    this.#isPumping = true
    while (this.#sending.size > 0) {
      await this.#drained()
      const next = shortest(this.#sending)
      if (next !== undefined) this.#sendPiece(next)
    }
    this.#isPumping = false
  }

  /** Resolves when the channel takes more. How long that took says how long pieces may be; where it did not wait, it says nothing. */
  async #drained(): Promise<void> {
    const { clock } = this.#ports
    const fromMs = clock.now()
    await this.#channel.drained()
    const waitedMs = clock.now() - fromMs
    if (waitedMs > 0) this.#pieceBytes = waitedMs <= fastDrainMs ? longPieceBytes : pieceBytes
  }

  #sendPiece(sending: Sending): void {
    const { request, bytes, at } = sending
    const piece = bytes.subarray(at, at + this.#pieceBytes)
    sending.at += piece.length
    const isLast = sending.at === bytes.length
    this.#channel.send(encodeAnswer({ kind: isLast ? 'last' : 'piece', request, bytes: piece }, this.#scratch))
    // Its number may be used again as soon as the other end has this.
    if (isLast) sending.ended(true)
  }
}

function shortest(all: Iterable<Sending>): Sending | undefined {
  let least: Sending | undefined
  for (const one of all) if (!least || one.bytes.length - one.at < least.bytes.length - least.at) least = one
  return least
}
