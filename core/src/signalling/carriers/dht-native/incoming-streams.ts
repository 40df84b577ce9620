import type { HyperStream } from './hyperdht.ts'

/** Streams that others may open towards us at a time; more are destroyed at once. */
export const maxIncomingStreams = 256

/** Counts the streams that others have opened, until the last packet: one that is closing holds memory too. */
export class IncomingStreams {
  #open = 0

  /** False when there are too many; the stream is destroyed then. */
  admit(stream: Pick<HyperStream, 'on' | 'destroy'>): boolean {
    if (this.#open >= maxIncomingStreams) {
      stream.destroy()
      return false
    }
    this.#open += 1
    stream.on('close', () => {
      this.#open -= 1
    })
    return true
  }
}
