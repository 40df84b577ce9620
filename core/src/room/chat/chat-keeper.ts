import type { Scope } from '../../lifetime/index.ts'
import type { Clock } from '../../runtime/index.ts'
import { Later } from '../later.ts'
import { decodeKeptChat, encodeKeptChat, type KeptMessage } from './kept-chat.ts'

/**
 * Where a device keeps a room's chat between visits, if the room's policy lets it; asked for in no other room. Whoever implements it encrypts it.
 */
export interface ChatMemory {
  load(): Promise<Uint8Array | undefined>
  /** Replaces what was kept. Resolves when a crash would not lose it any more. */
  save(bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** Resolves when nothing is kept any more. */
  erase(): Promise<void>
}

export interface ChatKeeperPorts {
  readonly memory: ChatMemory
  readonly clock: Clock
  readonly scope: Scope
  /** What there is to keep now, oldest first. */
  messages(): readonly KeptMessage[]
  changed(): void
}

/** What others write waits this long for company: one write keeps all of it, however fast they are. */
const gatherMs = 100

/**
 * Keeps a chat as it changes: one write at a time, always of the latest state.
 *
 * opening → kept | unreadable (load). kept ⇄ failing (save). unreadable → kept (erase).
 */
export class ChatKeeper {
  readonly #ports: ChatKeeperPorts
  readonly #soon: Later
  #state: 'opening' | 'kept' | 'failing' | 'unreadable' = 'opening'
  /** What has changed since the last write began; its promise is everybody's who waits for the next one. */
  #next: { readonly done: Promise<void>; readonly resolve: () => void } | undefined
  /** Steps follow each other. */
  #last: Promise<void> = Promise.resolve()

  constructor(ports: ChatKeeperPorts) {
    this.#ports = ports
    this.#soon = new Later(
      ports,
      () => gatherMs,
      () => {
        this.#write()
      },
    )
    ports.scope.onEnd(() => {
      this.#write()
    })
  }

  /** False while what is said is not kept here although it should be: storage refuses, or holds what cannot be read. */
  get works(): boolean {
    return this.#state === 'opening' || this.#state === 'kept'
  }

  /** What was kept, oldest first. Storage that cannot be read costs nobody the call: it is left as it is, and nothing is kept. */
  async load(): Promise<readonly KeptMessage[]> {
    try {
      const bytes = await this.#ports.memory.load()
      const messages = bytes === undefined ? [] : decodeKeptChat(bytes)
      this.#become('kept')
      return messages
    } catch {
      this.#become('unreadable')
      return []
    } finally {
      if (this.#next !== undefined) this.#write()
    }
  }

  /** Resolves once everything said so far is kept, or has turned out not to be keepable. @param now without waiting for company. */
  saved(now = false): Promise<void> {
    this.#next ??= pending()
    const { done } = this.#next
    if (now || this.#ports.scope.ended) this.#write()
    else this.#soon.ask()
    return done
  }

  /** Resolves when every write that was asked for is done. */
  async settled(): Promise<void> {
    this.#write()
    await this.#last
  }

  /** @throws what the memory throws; then something may be left. */
  erase(): Promise<void> {
    const erased = this.#last.then(() => this.#ports.memory.erase())
    this.#last = erased.catch(() => undefined)
    return erased.then(() => {
      this.#become('kept')
    })
  }

  #write(): void {
    if (this.#state === 'opening') return
    this.#last = this.#last.then(async () => {
      const next = this.#next
      if (next === undefined) return
      this.#next = undefined
      if (this.#state !== 'unreadable') await this.#save()
      next.resolve()
    })
  }

  async #save(): Promise<void> {
    const { memory } = this.#ports
    try {
      const kept = this.#ports.messages()
      await (kept.length === 0 ? memory.erase() : memory.save(encodeKeptChat(kept)))
      this.#become('kept')
    } catch {
      this.#become('failing')
    }
  }

  #become(state: 'kept' | 'failing' | 'unreadable'): void {
    const before = this.works
    this.#state = state
    if (this.works !== before) this.#ports.changed()
  }
}

function pending(): { readonly done: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined
  const done = new Promise<void>((settle) => {
    resolve = settle
  })
  return { done, resolve }
}
