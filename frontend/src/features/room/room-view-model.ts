import type { MessageView, ParticipantView, PeerId, ProtocolEvents, Room, RoomView } from '@p2pigeon/core'
import { Store, type Readable, type Undo } from '../../state/index.ts'
import { faultText, roomName, text, type FaultText } from '../../text/index.ts'
import { changesToAnnounce } from './announcements.ts'
import { countUnread } from './chat/index.ts'
import { SpeakerTracker } from './stage/index.ts'
import { TroubleWatch } from './trouble-watch.ts'

/** What the room page needs from the session and the page around it. */
export interface RoomPorts {
  readonly room: Room
  readonly givenName: string | undefined
  /** UTF-8 bytes. */
  readonly maxMessageBytes: number
  readonly on: <K extends keyof ProtocolEvents>(event: K, listener: ProtocolEvents[K]) => Undo
  readonly muteParticipant: (peerId: PeerId, muted: boolean) => void
  readonly kickParticipant: (peerId: PeerId) => Promise<void>
  readonly inviteLink: () => Promise<string | undefined>
  /** Rejects when the browser does not let the page write to the clipboard. */
  readonly copy: (text: string) => Promise<void>
  readonly announce: (words: string) => void
  readonly toast: (words: string, tone?: 'plain' | 'fault') => void
  /** Loudness of the own microphone, 0 to 1 linear. */
  readonly ownLevel: () => number
  readonly now: () => number
  readonly every: (ms: number, run: () => void) => Undo
}

export type Panel = 'none' | 'chat' | 'people' | 'privacy'

export interface RoomUiState {
  readonly panel: Panel
  readonly unread: number
  readonly speaking: ReadonlySet<PeerId>
  /** Participants that could not be reached for a while. */
  readonly trouble: readonly ParticipantView[]
  /** The browser plays no sound before a click. */
  readonly soundBlocked: boolean
  readonly soundAttempt: number
  /** The invite link, shown to be copied by hand; `undefined` while nobody asked or the clipboard took it. */
  readonly linkByHand: string | undefined
  readonly copied: boolean
  readonly sendFault: FaultText | undefined
}

/** So long after coming in, people found count as having been here. */
const arrivalMs = 4_000
const pollMs = 200
const copiedMs = 2_000
/** The rest of a message is shown once it gets this small. */
const shownFromBytes = 1_000

/** The state of the room page that is not the room itself. `start` begins listening, its undo ends everything. */
export class RoomViewModel {
  readonly #ports: RoomPorts
  readonly #state = new Store<RoomUiState>({
    panel: 'none',
    unread: 0,
    speaking: new Set(),
    trouble: [],
    soundBlocked: false,
    soundAttempt: 0,
    linkByHand: undefined,
    copied: false,
    sendFault: undefined,
  })
  readonly #speakers = new SpeakerTracker<PeerId>()
  readonly #troubles = new TroubleWatch()
  readonly room: Readable<RoomView>
  #seen: ReadonlySet<string>
  #before: RoomView
  #forgetCopied: Undo = () => undefined

  constructor(ports: RoomPorts) {
    this.#ports = ports
    const { room } = ports
    this.room = { get: () => room.view(), subscribe: (changed) => room.subscribe(changed) }
    this.#before = room.view()
    this.#seen = idsOf(this.#before.messages)
  }

  get state(): Readable<RoomUiState> {
    return this.#state
  }

  get title(): string {
    return this.#ports.givenName ?? roomName(this.#ports.room.roomId)
  }

  start(): Undo {
    const { on, room, announce, toast, every, now } = this.#ports
    const startedAtMs = now()
    const ours = (event: { readonly roomId: string }): boolean => event.roomId === room.roomId
    const undoings: Undo[] = [
      room.subscribe(() => this.#changed()),
      on('onPeerConnect', (event) => {
        if (!ours(event)) return
        // Whoever we meet on coming in was here before us, and their tiles say so: no toasts.
        if (now() - startedAtMs < arrivalMs) announce(text.announce.here(event.peer.name))
        else toast(text.announce.joined(event.peer.name))
      }),
      on('onPeerDisconnect', (event) => {
        if (ours(event)) toast(text.announce[event.reason](event.peer.name))
      }),
      on('onMessageReceived', (event) => {
        if (ours(event) && this.#state.get().panel !== 'chat') announce(text.announce.message(event.message.fromName))
      }),
      every(pollMs, () => {
        this.#watchTrouble()
        void this.#listen()
      }),
      () => this.#forgetCopied(),
    ]
    return () => undoings.forEach((undo) => undo())
  }

  togglePanel(panel: Exclude<Panel, 'none'>): void {
    this.#show(this.#state.get().panel === panel ? 'none' : panel)
  }

  closePanel(): void {
    this.#show('none')
  }

  /** Sends what was typed; true when it is on its way and the text box can be emptied. */
  send(content: string): boolean {
    if (content.trim() === '') return false
    try {
      this.#ports.room.sendMessage(content)
      this.#state.update((state) => ({ ...state, sendFault: undefined }))
      return true
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unexpected'
      this.#state.update((state) => ({ ...state, sendFault: faultText(code) }))
      return false
    }
  }

  /** See `roomLeft` below. */
  roomLeft(content: string): number | undefined {
    return roomLeft(content, this.#ports.maxMessageBytes)
  }

  async copyInvite(): Promise<void> {
    const link = await this.#ports.inviteLink()
    if (link === undefined) return
    try {
      await this.#ports.copy(link)
    } catch {
      this.#state.update((state) => ({ ...state, linkByHand: link }))
      return
    }
    this.#ports.toast(text.announce.copied)
    this.#state.update((state) => ({ ...state, copied: true }))
    this.#forgetCopied()
    this.#forgetCopied = this.#ports.every(copiedMs, () => {
      this.#forgetCopied()
      this.#state.update((state) => ({ ...state, copied: false }))
    })
  }

  closeLinkByHand(): void {
    this.#state.update((state) => ({ ...state, linkByHand: undefined }))
  }

  readonly soundWasBlocked = (): void => {
    this.#state.update((state) => (state.soundBlocked ? state : { ...state, soundBlocked: true }))
  }

  startSound(): void {
    this.#state.update((state) => ({ ...state, soundBlocked: false, soundAttempt: state.soundAttempt + 1 }))
  }

  toggleMutedHere(person: ParticipantView): void {
    this.#ports.muteParticipant(person.peerId, !person.mutedHere)
  }

  async kick(person: ParticipantView): Promise<void> {
    try {
      await this.#ports.kickParticipant(person.peerId)
    } catch {
      this.#ports.toast(faultText('unexpected').title, 'fault')
    }
  }

  #show(panel: Panel): void {
    if (panel === 'chat') this.#seen = idsOf(this.#before.messages)
    this.#state.update((state) => ({ ...state, panel, unread: panel === 'chat' ? 0 : state.unread }))
  }

  #changed(): void {
    const { room, announce } = this.#ports
    const before = this.#before
    const after = room.view()
    if (before === after) return
    this.#before = after
    for (const words of changesToAnnounce(before, after)) announce(words)
    if (before.messages === after.messages) return
    if (this.#state.get().panel === 'chat') this.#seen = idsOf(after.messages)
    const unread = countUnread(after.messages, this.#seen)
    this.#state.update((state) => (state.unread === unread ? state : { ...state, unread }))
  }

  #watchTrouble(): void {
    const { room, now } = this.#ports
    const trouble = this.#troubles.update(room.view().participants, now())
    this.#state.update((state) =>
      state.trouble === trouble || state.trouble.length + trouble.length === 0 ? state : { ...state, trouble },
    )
  }

  async #listen(): Promise<void> {
    const { room, ownLevel, now } = this.#ports
    const levels = new Map(await room.audioLevels().catch(() => new Map<PeerId, number>()))
    levels.set(room.view().self.peerId, ownLevel())
    const speaking = this.#speakers.update(levels, now())
    this.#state.update((state) => (state.speaking === speaking ? state : { ...state, speaking }))
  }
}

function idsOf(messages: readonly MessageView[]): ReadonlySet<string> {
  return new Set(messages.map((message) => message.id))
}

/** How many bytes a message may still grow, once that matters. Negative when it is too long. */
export function roomLeft(content: string, maxBytes: number): number | undefined {
  // UTF-8 takes at most 3 bytes for one UTF-16 unit: short texts need no encoding.
  if (content.length * 3 < maxBytes - shownFromBytes) return undefined
  const left = maxBytes - new TextEncoder().encode(content).length
  return left <= shownFromBytes ? left : undefined
}
