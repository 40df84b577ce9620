import type { Room } from '@p2pigeon/core'
import { Store, type Readable, type Undo } from '../state/index.ts'
import type { CallMarker } from './call-marker.ts'
import { faultCode } from './fault.ts'
import type { LocalMedia } from './local-media.ts'
import type { Manager } from './manager.ts'

/**
 * Where this tab stands.
 *
 * idle → joining (join) → in-room → ended (leave, full, removed) → joining (join) …
 * joining → failed (core refused) → joining. Any state → idle (reset).
 */
export type CallState =
  | { readonly kind: 'idle' }
  /** `returning` when a reload goes back into its call. */
  | { readonly kind: 'joining'; readonly roomId: string; readonly returning: boolean }
  | { readonly kind: 'in-room'; readonly roomId: string; readonly room: Room }
  | { readonly kind: 'ended'; readonly roomId: string; readonly reason: 'left' | 'full' | 'removed' }
  | { readonly kind: 'failed'; readonly roomId: string; readonly code: string }

export interface CallPorts {
  readonly manager: Manager
  readonly media: LocalMedia
  readonly marker: CallMarker
  readonly ready: Promise<void>
  /** The link code of a room that this device knows. */
  readonly codeOf: (roomId: string) => Promise<string | undefined>
  readonly used: (roomId: string, code: string) => void
}

/** The one call this tab can be in. */
export class Call {
  readonly #ports: CallPorts
  readonly #state = new Store<CallState>({ kind: 'idle' })
  #stopWatching: Undo = () => undefined
  #pageIsGoing = false

  constructor(ports: CallPorts) {
    this.#ports = ports
    ports.media.snapshot.subscribe(() => this.#mark())
  }

  get state(): Readable<CallState> {
    return this.#state
  }

  /** Joins with the local media as it is, after `first`. Does nothing while a join or a call is on. */
  async join(roomId: string, options: { returning?: boolean; first?: Promise<void> } = {}): Promise<void> {
    const { manager, ready, codeOf, used } = this.#ports
    const now = this.#state.get()
    if (now.kind === 'joining' || now.kind === 'in-room') return
    const joining: CallState = { kind: 'joining', roomId, returning: options.returning ?? false }
    this.#state.set(joining)
    try {
      await ready
      await options.first
      const code = await codeOf(roomId)
      if (code === undefined) {
        if (this.#state.get() === joining) this.#state.set({ kind: 'failed', roomId, code: 'room-unknown' })
        return
      }
      const room = await manager.joinRoom(code)
      if (this.#state.get() !== joining) {
        await room.leave()
        return
      }
      used(roomId, code)
      this.#state.set({ kind: 'in-room', roomId, room })
      this.#stopWatching = room.subscribe(() => this.#follow(room))
      this.#mark()
      this.#follow(room)
    } catch (error) {
      if (this.#state.get() === joining) this.#state.set({ kind: 'failed', roomId, code: faultCode(error) })
    }
  }

  /** Leaves and releases the devices. */
  async leave(): Promise<void> {
    const now = this.#state.get()
    if (now.kind !== 'in-room') return
    this.#end(now.roomId, 'left')
    await this.#ports.manager.leaveRoom(now.roomId)
  }

  /** Back to the beginning, leaving a call that is on. */
  async reset(): Promise<void> {
    await this.leave()
    this.#ports.marker.clear()
    this.#state.set({ kind: 'idle' })
  }

  /**
   * The page goes away, perhaps to be reloaded: what its closing does to room and devices is not the user's doing, and
   * must not be remembered as such.
   */
  pageIsGoing(): void {
    this.#pageIsGoing = true
  }

  #follow(room: Room): void {
    if (this.#pageIsGoing) return
    const { kind } = room.view().state
    if (kind === 'full' || kind === 'removed' || kind === 'left') this.#end(room.roomId, kind)
  }

  #end(roomId: string, reason: 'left' | 'full' | 'removed'): void {
    if (this.#state.get().kind !== 'in-room') return
    this.#stopWatching()
    this.#ports.marker.clear()
    this.#state.set({ kind: 'ended', roomId, reason })
    void this.#ports.media.close()
  }

  #mark(): void {
    const now = this.#state.get()
    if (now.kind !== 'in-room' || this.#pageIsGoing) return
    const { microphone, camera } = this.#ports.media.snapshot.get().media
    this.#ports.marker.set({ roomId: now.roomId, microphone, camera })
  }
}
