import { CodecError } from '../../errors/index.ts'
import type { Octets, Source } from '../client/index.ts'
import type { Clock } from '../../runtime/index.ts'
import type { DirectChannel } from './channel.ts'
import { answerWithinMs, maxAskedBytes, maxRequestsPerPeer, maxServesInAll, pieceBytes } from './limits.ts'
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

/**
 * Answers one member out of what this device has. Whatever it cannot or may not give is `have-not`, which does not say why. Answers take turns
 * piece by piece, and a member that takes them slowly slows the reading of them.
 */
export class DirectServer {
  readonly #channel: DirectChannel
  readonly #ports: ServerPorts
  readonly #serving = new Map<number, AbortController>()

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
      await this.#send(request, bytes, stop.signal)
    } catch {
      this.#channel.send(encodeAnswer({ kind: 'have-not', request }))
    } finally {
      stopWaiting()
      this.#serving.delete(request)
      this.#ports.places.free()
    }
  }

  async #send(request: number, bytes: Octets, signal: AbortSignal): Promise<void> {
    if (bytes.length === 0 || bytes.length > maxAskedBytes) throw new CodecError('too-long', 'no piece of an object')
    const scratch = new Uint8Array(answerHeadBytes + pieceBytes)
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      await this.#channel.drained()
      signal.throwIfAborted()
      const kind = at + pieceBytes < bytes.length ? 'piece' : 'last'
      const piece = bytes.subarray(at, at + pieceBytes)
      this.#channel.send(encodeAnswer({ kind, request, bytes: piece }, scratch))
    }
  }
}
