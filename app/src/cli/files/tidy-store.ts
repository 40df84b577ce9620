import { NodeStore } from '@p2pigeon/core/files'

/** The node, and how much of what was given up is still being cleared there: a program that ends waits for it. */
export class TidyStore extends NodeStore {
  readonly #dropping = new Set<Promise<void>>()

  override drop(...given: Parameters<NodeStore['drop']>): Promise<void> {
    const dropping = super.drop(...given)
    this.#dropping.add(dropping)
    const forget = (): void => {
      this.#dropping.delete(dropping)
    }
    dropping.then(forget, forget)
    return dropping
  }

  async tidied(): Promise<void> {
    await Promise.allSettled(this.#dropping)
  }
}
