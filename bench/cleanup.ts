/** Ends what was started, last first, once, and goes on when one of them fails. */
export class Cleanup {
  readonly #tasks: (() => Promise<void>)[] = []

  /** Remembers how `thing` ends and hands it back. */
  use<T extends { close(): Promise<void> }>(thing: T): T {
    this.#tasks.push(() => thing.close())
    return thing
  }

  async run(): Promise<void> {
    for (let task = this.#tasks.pop(); task; task = this.#tasks.pop()) await task().catch(console.error)
  }
}
