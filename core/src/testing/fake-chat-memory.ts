import type { ChatMemory } from '../room/index.ts'

/** A disk that outlives the rooms of a test. */
export class FakeChatMemory implements ChatMemory {
  bytes: Uint8Array<ArrayBuffer> | undefined
  /** Whole writes so far. */
  saves = 0
  /** Thrown by every use, while set. */
  fault: Error | undefined

  load(): Promise<Uint8Array | undefined> {
    return this.#step(() => this.bytes?.slice())
  }

  save(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    return this.#step(() => {
      this.bytes = bytes.slice()
      this.saves++
    })
  }

  erase(): Promise<void> {
    return this.#step(() => {
      this.bytes = undefined
    })
  }

  async #step<T>(step: () => T): Promise<T> {
    await Promise.resolve()
    if (this.fault !== undefined) throw this.fault
    return step()
  }
}
