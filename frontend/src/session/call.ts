import type { Room } from '@p2pigeon/core'
import { Store, type Readable, type Undo } from '../state/index.ts'
import type { CallMarker } from './call-marker.ts'
import { Fault, faultCode } from './fault.ts'
import type { LocalMedia } from './local-media.ts'
import type { Manager } from './manager.ts'

/**
 * Why a call is over: `ended` when the host ended the room for everybody, `locked` when nobody is let in at present, `turned-away` when somebody
 * who asked to come in was not let in.
 */
export type EndReason = 'left' | 'full' | 'locked' | 'turned-away' | 'removed' | 'ended'

/**
 * Where this tab stands.
 *
 * idle → joining (join) → in-room → ended (leave, or as the room says) → joining (join) …
 * joining → failed (core refused) → joining. Any state → idle (reset).
 */
export type CallState =
  | { readonly kind: 'idle' }
  /** `returning` when a reload goes back into its call. */
  | { readonly kind: 'joining'; readonly roomId: string; readonly returning: boolean }
  | { readonly kind: 'in-room'; readonly roomId: string; readonly room: Room }
  | { readonly kind: 'ended'; readonly roomId: string; readonly reason: EndReason }
  | { readonly kind: 'failed'; readonly roomId: string; readonly code: string }

export interface CallPorts {
  readonly manager: Manager
  readonly media: LocalMedia
  readonly marker: CallMarker
  readonly ready: Promise<void>
  /** The link code of a room that this device knows. */
  readonly codeOf: (roomId: string) => Promise<string | undefined>
  /** Told again when the link of a room changes while we are in it. */
  readonly used: (roomId: string, code: string) => void
  /** Makes this tab the one that is in the room; `undefined` when another one is. Calling what it gives ends that. */
  readonly claim: (roomId: string) => Promise<Undo | undefined>
}

/** The one call this tab can be in. */
export class Call {
  readonly #ports: CallPorts
  readonly #state = new Store<CallState>({ kind: 'idle' })
  #stopWatching: Undo = () => undefined
  /** Gives the room up for other tabs. */
  #release: Undo = () => undefined
  #pageIsGoing = false
  /** True until the room has let us in. */
  #knocks = false

  constructor(ports: CallPorts) {
    this.#ports = ports
    ports.media.snapshot.subscribe(() => this.#mark())
  }

  get state(): Readable<CallState> {
    return this.#state
  }

  /** Joins with the local media as it is, after `first`. Does nothing while a join or a call is on. */
  async join(roomId: string, options: { returning?: boolean; first?: Promise<void> } = {}): Promise<void> {
    const { manager, ready, codeOf, used, claim } = this.#ports
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
      const release = await claim(roomId)
      if (release === undefined) throw new Fault('room-open-elsewhere')
      const room = await manager.joinRoom(code).catch((error: unknown) => {
        release()
        throw error
      })
      if (this.#state.get() !== joining) {
        await room.leave()
        release()
        return
      }
      this.#release = release
      this.#knocks = false
      let known = code
      const note = (): void => {
        if (room.linkCode === known) return
        known = room.linkCode
        used(roomId, known)
      }
      used(roomId, code)
      this.#state.set({ kind: 'in-room', roomId, room })
      this.#stopWatching = room.subscribe(() => {
        note()
        this.#follow(room)
      })
      note()
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
    switch (kind) {
      case 'removed':
        this.#end(room.roomId, this.#knocks ? 'turned-away' : kind)
        break
      case 'full':
      case 'locked':
      case 'ended':
      case 'left':
        this.#end(room.roomId, kind)
        break
      case 'joining':
        break
      case 'knocking':
      case 'joined':
        this.#knocks = kind === 'knocking'
    }
  }

  #end(roomId: string, reason: EndReason): void {
    if (this.#state.get().kind !== 'in-room') return
    this.#stopWatching()
    this.#release()
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
