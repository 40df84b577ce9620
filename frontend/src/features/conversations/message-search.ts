import type { FoundMessage } from '@p2pigeon/core/chat'
import type { Chats } from '../../session/index.ts'
import { Store, type Readable } from '../../state/index.ts'

/** What is known of a search through messages. */
export type SearchState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'busy'; readonly query: string }
  | { readonly kind: 'found'; readonly query: string; readonly messages: readonly FoundMessage[] }
  | { readonly kind: 'failed'; readonly query: string }

/** Somebody who still types is not searched for yet, in ms. */
export const searchDelayMs = 300
/** Shorter words are in nearly every message. */
export const minQueryLength = 2

/** Searches messages a moment after the last key, or at once on request. An answer that comes late changes nothing. */
export class MessageSearch {
  readonly #search: Chats['search']
  readonly #state = new Store<SearchState>({ kind: 'idle' })
  #timer: ReturnType<typeof setTimeout> | undefined
  #asked = 0

  constructor(search: Chats['search']) {
    this.#search = search
  }

  get state(): Readable<SearchState> {
    return this.#state
  }

  /** The query is another one. */
  change(query: string): void {
    this.stop()
    if (query.trim().length < minQueryLength) {
      this.#state.set({ kind: 'idle' })
      return
    }
    this.#state.set({ kind: 'busy', query: query.trim() })
    this.#timer = setTimeout(() => void this.#run(query.trim()), searchDelayMs)
  }

  /** Does not wait for another key. */
  now(query: string): void {
    this.stop()
    if (query.trim() === '') return
    this.#state.set({ kind: 'busy', query: query.trim() })
    void this.#run(query.trim())
  }

  /** Whatever is under way is forgotten. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#asked++
  }

  async #run(query: string): Promise<void> {
    const asked = ++this.#asked
    try {
      const messages = await this.#search(query)
      if (asked === this.#asked) this.#state.set({ kind: 'found', query, messages })
    } catch {
      if (asked === this.#asked) this.#state.set({ kind: 'failed', query })
    }
  }
}
