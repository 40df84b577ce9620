import type { MessageFile, MessageView, ParticipantView, PeerId, ProtocolEvents, Room, RoomView } from '@p2pigeon/core'
import type { Identities, Toast } from '../../session/index.ts'
import { Store, type Readable, type Undo } from '../../state/index.ts'
import { faultText, roomName, text, type FaultText } from '../../text/index.ts'
import { roomText } from '../../text/room/index.ts'
import { changesToAnnounce, decisionsToShow } from './announcements.ts'
import { chatText, countUnread } from './chat/index.ts'
import { IdentityWatch } from './identity-watch.ts'
import { RoomDeeds } from './room-deeds.ts'
import { SpeakerTracker } from './stage/index.ts'
import { TroubleWatch } from './trouble-watch.ts'
import { codeOf, noMarks, pairCodeOf, type Marks } from './verification/index.ts'

/** What the room page needs from the session and the page around it. */
export interface RoomPorts {
  readonly room: Room
  readonly givenName: string | undefined
  /** UTF-8 bytes. */
  readonly maxMessageBytes: number
  readonly on: <K extends keyof ProtocolEvents>(event: K, listener: ProtocolEvents[K]) => Undo
  readonly identities: Identities | undefined
  readonly muteForMe: (peerId: PeerId, muted: boolean) => void
  readonly inviteLink: () => Promise<string | undefined>
  /** The whole link of a code to hand out. */
  readonly linkOf: (code: string) => string
  /** Rejects when the browser does not let the page write to the clipboard. */
  readonly copy: (text: string) => Promise<void>
  readonly announce: (words: string) => void
  readonly toast: (
    words: string,
    options?: { readonly tone?: Toast['tone']; readonly action?: Toast['action'] },
  ) => void
  /** Hands a text to the browser as a file of this name. */
  readonly save: (text: string, name: string) => void
  /** Loudness of the own microphone, 0 to 1 linear. */
  readonly ownLevel: () => number
  readonly now: () => number
  readonly every: (ms: number, run: () => void) => Undo
}

export type Panel = 'none' | 'chat' | 'people' | 'files' | 'privacy' | 'verify'

export interface RoomUiState {
  readonly panel: Panel
  /** On wide screens files take the greater part of the stage's place. */
  readonly isFilesLarge: boolean
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
  readonly marks: Marks
  /** Alarms that the user has read and put aside; the verification panel shows them on. */
  readonly hiddenAlarms: ReadonlySet<string>
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
    isFilesLarge: false,
    unread: 0,
    speaking: new Set(),
    trouble: [],
    soundBlocked: false,
    soundAttempt: 0,
    linkByHand: undefined,
    copied: false,
    marks: noMarks,
    hiddenAlarms: new Set(),
    sendFault: undefined,
  })
  readonly #speakers = new SpeakerTracker<PeerId>()
  readonly #troubles = new TroubleWatch()
  readonly room: Readable<RoomView>
  readonly deeds: RoomDeeds
  readonly identities: IdentityWatch
  #seen: ReadonlySet<string>
  #before: RoomView
  #forgetCopied: Undo = () => undefined

  constructor(ports: RoomPorts) {
    this.#ports = ports
    const { room } = ports
    this.room = { get: () => room.view(), subscribe: (changed) => room.subscribe(changed) }
    this.#before = room.view()
    const { messages } = this.#before
    this.#seen = idsOf(messages.filter(({ earlier }) => earlier !== 'unread'))
    this.#state.update((state) => ({ ...state, unread: countUnread(messages, this.#seen) }))
    this.deeds = new RoomDeeds({ ...ports, showLink: (link) => this.#showLink(link) })
    this.identities = new IdentityWatch(ports)
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
      this.identities.start(),
      every(pollMs, () => {
        this.#watchTrouble()
        this.deeds.look()
        void this.#listen()
      }),
      () => this.#forgetCopied(),
    ]
    return () => undoings.forEach((undo) => undo())
  }

  togglePanel(panel: Exclude<Panel, 'none'>): void {
    this.#show(this.#state.get().panel === panel ? 'none' : panel)
  }

  showPanel(panel: Exclude<Panel, 'none'>): void {
    this.#show(panel)
  }

  closePanel(): void {
    this.#show('none')
  }

  toggleFilesLarge(): void {
    this.#state.update((state) => ({ ...state, isFilesLarge: !state.isFilesLarge }))
  }

  /** Sends what was typed; true when it is on its way and the text box can be emptied. */
  send(content: string, files: readonly MessageFile[] = []): boolean {
    if (content.trim() === '' && files.length === 0) return false
    try {
      this.#ports.room.sendMessage(content, files)
      this.#state.update((state) => ({ ...state, sendFault: undefined }))
      return true
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unexpected'
      this.#state.update((state) => ({ ...state, sendFault: faultText(code) }))
      return false
    }
  }

  /** Hands the chat to the browser as a text file. */
  saveChat(): void {
    const { room, save } = this.#ports
    const day = new Date().toISOString().slice(0, 10)
    save(chatText(this.title, room.view().messages), roomText.chat.saveFile(day))
  }

  /** Deletes the chat on this device, and says how that went. */
  async deleteChat(): Promise<void> {
    const { room, toast } = this.#ports
    try {
      await room.deleteChat()
      toast(roomText.chat.removed)
    } catch {
      toast(roomText.chat.notRemoved, { tone: 'fault' })
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
      this.#showLink(link)
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
    this.#ports.muteForMe(person.peerId, !person.mutedHere)
  }

  /** Asks to speak, or takes that back. */
  toggleHand(): void {
    const { room } = this.#ports
    room.raiseHand(!room.view().self.handRaised)
  }

  /** This person has heard from everybody that they see the same. */
  confirmCode(): void {
    const room = codeOf(this.#ports.room.view().comparison)
    if (room === undefined) return
    this.#mark((marks) => ({ ...marks, room, differing: undefined }))
    this.#ports.announce(roomText.verify.verified)
  }

  /** Somebody has said that they see something else. */
  denyCode(): void {
    const differing = codeOf(this.#ports.room.view().comparison)
    this.#mark((marks) => ({ ...marks, differing }))
  }

  /** This person has heard from one participant that both see the same. */
  confirmPair(peerId: PeerId): void {
    const code = pairCodeOf(this.#ports.room.view().comparison, peerId)
    if (code === undefined) return
    this.#mark((marks) => ({ ...marks, pairs: new Map(marks.pairs).set(peerId, code) }))
    this.#ports.announce(roomText.verify.short.verified)
  }

  hideAlarm(key: string): void {
    this.#state.update((state) => ({ ...state, hiddenAlarms: new Set(state.hiddenAlarms).add(key) }))
  }

  #mark(change: (marks: Marks) => Marks): void {
    this.#state.update((state) => ({ ...state, marks: change(state.marks) }))
  }

  #showLink(link: string): void {
    this.#state.update((state) => ({ ...state, linkByHand: link }))
  }

  #show(panel: Panel): void {
    if (panel === 'chat') this.#sawAll(this.#before.messages)
    this.#state.update((state) => ({ ...state, panel, unread: panel === 'chat' ? 0 : state.unread }))
  }

  #changed(): void {
    const { room, announce } = this.#ports
    const before = this.#before
    const after = room.view()
    if (before === after) return
    this.#before = after
    for (const words of changesToAnnounce(before, after)) announce(words)
    if (before.state.kind === 'joined') this.#tellDecisions(before, after)
    this.deeds.look()
    if (before.messages === after.messages) return
    if (this.#state.get().panel === 'chat') this.#sawAll(after.messages)
    const unread = countUnread(after.messages, this.#seen)
    this.#state.update((state) => (state.unread === unread ? state : { ...state, unread }))
  }

  #sawAll(messages: readonly MessageView[]): void {
    this.#seen = idsOf(messages)
    this.#ports.room.markRead()
  }

  #tellDecisions(before: RoomView, after: RoomView): void {
    const { announce, toast } = this.#ports
    for (const words of decisionsToShow(before, after)) toast(words)
    if (before.epoch < after.epoch) {
      const action = { label: roomText.announce.newLinkCopy, run: () => void this.copyInvite() }
      toast(roomText.announce.newLink, { action })
    }
    // While the next code is being made the last one may come back: a session that was lost for a moment changes nothing.
    const { room } = this.#state.get().marks
    if (room === undefined || after.comparison.kind === 'settling' || codeOf(after.comparison) === room) return
    this.#mark((marks) => ({ ...marks, room: undefined }))
    announce(roomText.verify.changed)
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
