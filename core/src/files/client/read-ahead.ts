import type { ObjectSource, PartRange } from '../objects/index.ts'
import type { Octets, Part } from './source.ts'

interface Ahead {
  readonly from: unknown
  readonly part: Part
  readonly bytes: Promise<Octets>
  readonly stop: AbortController
}

/**
 * Reads one object's segments ahead: while one is opened and taken, the next is on its way from whoever gave this one. Only after whole segments, which
 * is how a file is read from one end to the other; a look into the middle asks for a part of one. It holds a segment at most.
 */
export class ReadAhead {
  readonly #segments: number
  readonly #signal: AbortSignal
  #ahead: Ahead | undefined

  /** @param signal ends what is on its way, at the latest. */
  constructor(segments: number, signal: AbortSignal) {
    this.#segments = segments
    this.#signal = signal
  }

  /** The same source, read ahead. @param from says which one it is. */
  over(source: ObjectSource, from: unknown): ObjectSource {
    return { ...source, read: (part, range, signal) => this.#read(source, from, part, range, signal) }
  }

  async #read(
    source: ObjectSource,
    from: unknown,
    part: Part,
    range: PartRange | undefined,
    signal: AbortSignal,
  ): Promise<Octets> {
    if (range !== undefined || part === 'hashes') return source.read(part, range, signal)
    const { stop, bytes } = this.#taken(from, part) ?? this.#begin(source, from, part)
    this.#ahead = part + 1 < this.#segments ? this.#begin(source, from, part + 1) : undefined
    const end = (): void => {
      stop.abort(signal.reason)
      this.#drop()
    }
    if (signal.aborted) end()
    signal.addEventListener('abort', end, { once: true })
    try {
      return await bytes
    } catch (error) {
      this.#drop()
      throw error
    } finally {
      signal.removeEventListener('abort', end)
    }
  }

  /** What was read ahead, if it is this; anything else is not wanted any more. */
  #taken(from: unknown, part: Part): Ahead | undefined {
    const ahead = this.#ahead
    if (ahead?.part === part && ahead.from === from) return ahead
    ahead?.stop.abort()
    return undefined
  }

  #begin(source: ObjectSource, from: unknown, part: number): Ahead {
    const stop = new AbortController()
    const either = AbortSignal.any([this.#signal, stop.signal])
    const ahead: Ahead = { from, part, stop, bytes: source.read(part, undefined, either) }
    ahead.bytes.catch(() => {
      // Then it is asked for when its turn comes.
      if (this.#ahead === ahead) this.#ahead = undefined
    })
    return ahead
  }

  #drop(): void {
    this.#ahead?.stop.abort()
    this.#ahead = undefined
  }
}
