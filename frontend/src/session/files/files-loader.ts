import type { Room } from '@p2pigeon/core'
import { Store, type Readable } from '../../state/index.ts'
import type { CallState } from '../call.ts'
import { faultCode } from '../fault.ts'
import type { PageFilesPorts } from './open-in-page.ts'
import type { RoomFiles } from './room-files.ts'

/**
 * Where the files of the room that this tab is in stand.
 *
 * closed → opening (`open`, or the room is one whose files this device knows) → open | failed; failed → opening (`open`). Any state → closed when the
 * room is left.
 */
export type FilesState =
  | { readonly kind: 'closed' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly files: RoomFiles }
  | { readonly kind: 'failed'; readonly code: string }

export interface FilesLoaderPorts {
  readonly call: Readable<CallState>
  /** Opens the files of a room until the signal aborts. */
  readonly open: (room: Room, signal: AbortSignal) => Promise<RoomFiles>
  /** Whether this device knows of files in a room. */
  readonly isUsed: (room: Room) => Promise<boolean>
}

/**
 * The files of the room that this tab is in: loaded when somebody wants to see them, and gone with the room. Where this device knows of files it opens
 * them unasked: whoever comes in learns from it which there are, and what its node has not got.
 */
export class FilesLoader {
  readonly #ports: FilesLoaderPorts
  readonly #state = new Store<FilesState>({ kind: 'closed' })
  /** The room whose files are open, and the one that was looked at last. */
  #room: Room | undefined
  #seen: Room | undefined
  #held = new AbortController()

  constructor(ports: FilesLoaderPorts) {
    this.#ports = ports
    ports.call.subscribe(() => {
      const room = roomOf(ports.call.get())
      if (room !== this.#room) this.close()
      if (room !== this.#seen) this.#look(room)
    })
  }

  get state(): Readable<FilesState> {
    return this.#state
  }

  /** Opens them, unless they are open or on their way. Does nothing outside of a room. */
  open(): void {
    const room = roomOf(this.#ports.call.get())
    const { kind } = this.#state.get()
    if (room && (kind === 'closed' || kind === 'failed')) void this.#open(room)
  }

  /** The room is over, or the page goes. */
  close(): void {
    this.#held.abort()
    this.#room = undefined
    if (this.#state.get().kind !== 'closed') this.#state.set({ kind: 'closed' })
  }

  #look(room: Room | undefined): void {
    this.#seen = room
    if (!room) return
    this.#ports.isUsed(room).then(
      (used) => {
        if (used && this.#seen === room) this.open()
      },
      // Whoever looks at the files meets what is wrong with the vault.
      () => undefined,
    )
  }

  async #open(room: Room): Promise<void> {
    this.#held = new AbortController()
    const { signal } = this.#held
    this.#room = room
    this.#state.set({ kind: 'opening' })
    try {
      const files = await this.#ports.open(room, signal)
      if (!signal.aborted) this.#state.set({ kind: 'open', files })
    } catch (error) {
      if (!signal.aborted) this.#state.set({ kind: 'failed', code: faultCode(error) })
    }
  }
}

function roomOf(call: CallState): Room | undefined {
  return call.kind === 'in-room' ? call.room : undefined
}

/** What opens files in a page: a chunk of its own, with the library's part and the worker. @throws what a failed download throws, and `openInPage`. */
export async function openWhenLoaded(ports: PageFilesPorts, signal: AbortSignal): Promise<RoomFiles> {
  const { openInPage } = await import('./open-in-page.ts')
  return openInPage(ports, signal)
}
