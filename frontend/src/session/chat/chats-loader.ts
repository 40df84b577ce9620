import { Store, type Readable, type Undo } from '../../state/index.ts'
import { faultCode } from '../fault.ts'
import type { People } from '../people/index.ts'
import type { Chats } from './chats.ts'
import type { ChatsPorts } from './open-chats.ts'

/** One tab of a profile keeps the conversations; the others would write over what it keeps. */
const lockName = 'p2pigeon.chat'

/**
 * Where conversations stand in this tab.
 *
 * idle → opening → open | unable | failed, or elsewhere (another tab has them) → opening (`takeOver`). opening, open → elsewhere when another tab takes
 * over. failed → opening (`open`).
 */
export type ChatsState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly chats: Chats }
  /** Another tab of this profile has them. */
  | { readonly kind: 'elsewhere' }
  /** This device has no key to write by: it is linked to another one, which has. */
  | { readonly kind: 'unable' }
  | { readonly kind: 'failed'; readonly code: string }

/** Conversations, loaded when they are wanted, in one tab at a time. */
export class ChatsLoader {
  readonly #ports: ChatsPorts
  readonly #state = new Store<ChatsState>({ kind: 'idle' })
  /** Ends what is open here, or opening; another one for each time. */
  #held: AbortController | undefined
  #wish: AbortController | undefined
  #over = false

  constructor(ports: ChatsPorts) {
    this.#ports = ports
  }

  get state(): Readable<ChatsState> {
    return this.#state
  }

  /** Opens the conversations here, unless another tab has them. */
  open(): void {
    const { kind } = this.#state.get()
    if (kind === 'idle' || kind === 'failed') void this.#open({ ifAvailable: true })
  }

  /** Opens them here in any case; the other tab lets them go. */
  takeOver(): void {
    if (this.#state.get().kind === 'elsewhere') void this.#open({ steal: true })
  }

  /** Opens the conversations as soon as there are any, or somebody to have them with; until the undo. */
  openWhenUsed(people: People): Undo {
    const { book } = people.contacts
    const look = (): void => {
      if (book.get().contacts.length > 0) this.open()
    }
    const stop = book.subscribe(look)
    look()
    // What cannot be read now is met by whoever opens the page of conversations.
    this.#ports.keeper.read('chat.index').then(
      (kept) => {
        if (kept) this.open()
      },
      () => undefined,
    )
    return stop
  }

  /** The page goes. */
  close(): void {
    this.#over = true
    this.#wish?.abort()
    this.#held?.abort()
  }

  async #open(options: LockOptions): Promise<void> {
    if (this.#over) return
    this.#wish?.abort()
    this.#state.set({ kind: 'opening' })
    if (this.#ports.locks) await this.#ask(options)
    else await this.#begin(new AbortController())
  }

  /** Has them for as long as the lock is ours; from then on they are elsewhere, and come back when that tab is closed. */
  async #ask(options: LockOptions): Promise<void> {
    const held = new AbortController()
    await this.#ports.locks
      ?.request(lockName, options, async (lock) => {
        // A wish that was given up may have been granted just before.
        if (lock && !options.signal?.aborted) await this.#hold(held)
      })
      // Stolen by another tab, or not wished for any more.
      .catch(() => undefined)
    held.abort()
    const { kind } = this.#state.get()
    if (this.#over || options.signal?.aborted || kind === 'failed' || kind === 'unable') return
    this.#state.set({ kind: 'elsewhere' })
    this.#wish = new AbortController()
    void this.#ask({ signal: this.#wish.signal })
  }

  /** Resolves when they are let go of: at once where they could not be opened, so that no tab keeps them from the others for nothing. */
  async #hold(held: AbortController): Promise<void> {
    const { signal } = held
    this.#state.set({ kind: 'opening' })
    await this.#begin(held)
    if (this.#state.get().kind === 'open' && !signal.aborted)
      await new Promise<void>((free) => signal.addEventListener('abort', () => free(), { once: true }))
  }

  async #begin(held: AbortController): Promise<void> {
    const { signal } = held
    this.#held = held
    try {
      const { openChats } = await import('./open-chats.ts')
      const chats = await openChats(this.#ports, signal)
      if (!signal.aborted) this.#state.set(chats ? { kind: 'open', chats } : { kind: 'unable' })
    } catch (error) {
      if (signal.aborted) return
      held.abort()
      this.#state.set({ kind: 'failed', code: faultCode(error) })
    }
  }
}
