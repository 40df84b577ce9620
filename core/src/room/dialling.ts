import { toHex } from '../bytes/index.ts'
import type { PeerId } from '../identity/index.ts'
import type { Undo } from '../lifetime/index.ts'

/**
 * Whom we are shaking hands with as the dialler. Who is found on several roads at once is dialled on each, since nobody knows who answers before
 * the second message; the first that answers is gone on with, and the others end there.
 */
export class Dialling {
  readonly #instances = new Map<PeerId, string>()

  /** Takes the one place there is for a page load of a participant; the undo gives it back. Undefined if it is taken. */
  enter(peerId: PeerId, instance: Uint8Array): Undo | undefined {
    const name = toHex(instance)
    if (this.#instances.get(peerId) === name) return undefined
    this.#instances.set(peerId, name)
    return () => {
      if (this.#instances.get(peerId) === name) this.#instances.delete(peerId)
    }
  }
}
