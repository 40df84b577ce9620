import type { PrivacyLevel, RoomPolicy } from '@p2pigeon/core'
import { Store, type Readable } from '../../state/index.ts'
import type { NodeStatus, OpenedLink, RecentRoom } from '../../session/index.ts'
import { faultText, roomName, text, timeAgo, type FaultText } from '../../text/index.ts'

/** What the dashboard needs from the session. */
export interface DashboardPorts {
  readonly node: Readable<NodeStatus>
  readonly rooms: Readable<readonly RecentRoom[]>
  readonly standardPolicy: RoomPolicy
  createRoom(policy: RoomPolicy): Promise<string>
  openLink(textOrUrl: string): Promise<OpenedLink>
  rename(roomId: string, name: string): Promise<void>
  remove(roomId: string): Promise<RecentRoom | undefined>
  restore(rooms: readonly RecentRoom[]): Promise<void>
  forgetAll(): Promise<readonly RecentRoom[]>
  goToRoom(roomId: string): void
  offerUndo(said: string, undo: () => void): void
  now(): number
}

export interface DashboardState {
  readonly creating: boolean
  /** What the next room's link will fix. */
  readonly policy: RoomPolicy
  /** The fault of the last link, pasted or opened; gone as soon as something else is typed. */
  readonly linkFault: FaultText | undefined
  readonly createFault: FaultText | undefined
}

export interface RoomRow {
  readonly roomId: string
  readonly name: string
  readonly lastUsed: string
  readonly keepsChat: boolean
}

export class DashboardViewModel {
  readonly #ports: DashboardPorts
  readonly #state: Store<DashboardState>

  /** `linkFault` is the code of a link that was opened and refused before this page. */
  constructor(ports: DashboardPorts, linkFault: string | undefined) {
    this.#ports = ports
    this.#state = new Store<DashboardState>({
      creating: false,
      policy: ports.standardPolicy,
      linkFault: linkFault === undefined ? undefined : faultText(linkFault),
      createFault: undefined,
    })
  }

  get state(): Readable<DashboardState> {
    return this.#state
  }

  get node(): Readable<NodeStatus> {
    return this.#ports.node
  }

  get rooms(): Readable<readonly RecentRoom[]> {
    return this.#ports.rooms
  }

  row(room: RecentRoom): RoomRow {
    return {
      roomId: room.roomId,
      name: nameOf(room),
      lastUsed: timeAgo(room.lastUsedAtMs, this.#ports.now()),
      keepsChat: room.keepsChat === true,
    }
  }

  choosePrivacy(privacy: PrivacyLevel): void {
    this.#state.update((state) => ({ ...state, policy: { ...state.policy, privacy } }))
  }

  chooseConstantRate(constantRate: boolean): void {
    this.#state.update((state) => ({ ...state, policy: { ...state.policy, constantRate } }))
  }

  chooseKeepChat(keepChat: boolean): void {
    this.#state.update((state) => ({ ...state, policy: { ...state.policy, keepChat } }))
  }

  async createRoom(): Promise<void> {
    if (this.#state.get().creating) return
    this.#state.update((state) => ({ ...state, creating: true, createFault: undefined }))
    try {
      this.#ports.goToRoom(await this.#ports.createRoom(this.#state.get().policy))
    } catch {
      this.#state.update((state) => ({ ...state, createFault: faultText('unexpected') }))
    } finally {
      this.#state.update((state) => ({ ...state, creating: false }))
    }
  }

  async joinByLink(typed: string): Promise<void> {
    const opened = await this.#ports.openLink(typed)
    if (opened.kind === 'opened') this.#ports.goToRoom(opened.roomId)
    else this.#state.update((state) => ({ ...state, linkFault: faultText(opened.code) }))
  }

  linkEdited(): void {
    this.#state.update((state) => (state.linkFault ? { ...state, linkFault: undefined } : state))
  }

  async rename(roomId: string, name: string): Promise<void> {
    await this.#ports.rename(roomId, name)
  }

  async remove(roomId: string): Promise<void> {
    const removed = await this.#ports.remove(roomId)
    if (!removed) return
    this.#ports.offerUndo(text.dashboard.removed(nameOf(removed)), () => void this.#ports.restore([removed]))
  }

  async forgetAll(): Promise<void> {
    const forgotten = await this.#ports.forgetAll()
    if (forgotten.length === 0) return
    this.#ports.offerUndo(text.dashboard.forgotten(forgotten.length), () => void this.#ports.restore(forgotten))
  }
}

/** The name the user gave the room, else the one everybody sees. */
export function nameOf(room: RecentRoom): string {
  return room.name || roomName(room.roomId)
}

export type NodeTone = 'busy' | 'good' | 'limited' | 'lost'

/** The node's state in words, and how much it asks for attention. */
export function nodeWords(status: NodeStatus): { readonly words: string; readonly tone: NodeTone } {
  switch (status.kind) {
    case 'checking':
      return { words: text.node.checking, tone: 'busy' }
    case 'offline':
      return { words: text.node.offline, tone: 'lost' }
    case 'online':
      return { words: text.node[status.network], tone: status.network === 'local' ? 'limited' : 'good' }
  }
}
