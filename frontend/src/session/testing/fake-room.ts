import type {
  EntryMode,
  Exposure,
  InviteTerms,
  MessageFile,
  MessageView,
  ParticipantView,
  PeerId,
  Room,
  RoomPolicy,
  RoomView,
} from '@p2pigeon/core'

export const standardPolicy: RoomPolicy = { privacy: 'standard', constantRate: false, keepChat: false }

const never = (): (() => void) => () => undefined

/** A room whose picture the test paints. */
export class FakeRoom implements Room {
  readonly roomId: string
  linkCode: string
  /** Terms of the invites that were made, oldest first. */
  readonly invites: InviteTerms[] = []
  /** Those who were removed, oldest first. */
  readonly kicked: { readonly peerId: PeerId; readonly ban: boolean }[] = []
  /** Nobody tells anything, and everything counts. */
  readonly files: Room['files'] = {
    roomId: new Uint8Array(16),
    identity: {
      publicKey: new Uint8Array(32),
      peerId: 'self' as PeerId,
      sign: () => Promise.resolve(new Uint8Array(64)),
    },
    rights: { epoch: () => this.#view.epoch, mayWrite: () => true, counts: () => true, onChange: never },
    talk: {
      ...{ tellMasters: () => undefined, tellDrives: () => undefined },
      ...{ onMasters: never, onDrives: never, onSomebody: never },
    },
    nearer: () => [],
    lend: never,
  }
  readonly #listeners = new Set<() => void>()
  #view: RoomView
  levels: ReadonlyMap<PeerId, number> = new Map()
  /** Asked each time; by default nobody learns anything. */
  exposed: () => Promise<Exposure> = () => Promise.resolve({ privacy: this.#view.policy.privacy, parties: [] })
  /** How often everything was looked at. */
  readMarks = 0
  /** What storage says when the chat is deleted. */
  deleteFault: Error | undefined
  #sent = 0

  constructor(roomId: string, linkCode: string, view: Partial<RoomView> = {}) {
    this.roomId = roomId
    this.linkCode = linkCode
    this.#view = { ...emptyView, ...view }
  }

  view(): RoomView {
    return this.#view
  }

  subscribe(changed: () => void): () => void {
    this.#listeners.add(changed)
    return () => this.#listeners.delete(changed)
  }

  paint(part: Partial<RoomView>): void {
    this.#view = { ...this.#view, ...part }
    for (const listener of [...this.#listeners]) listener()
  }

  sendMessage(content: string, files: readonly MessageFile[] = []): string {
    const id = `own-${++this.#sent}`
    const { self, messages, participants } = this.#view
    const delivery: MessageView['delivery'] =
      participants.length === 0
        ? { kind: 'queued' }
        : { kind: 'sending', acknowledged: 0, waiting: participants.length }
    this.paint({
      messages: [
        ...messages,
        {
          ...{ id, from: self.peerId, fromName: self.name, own: true, content, files, sentAtMs: Date.now() },
          delivery,
          earlier: undefined,
        },
      ],
    })
    return id
  }

  markRead(): void {
    this.readMarks++
  }

  deleteChat(): Promise<void> {
    if (this.deleteFault) return Promise.reject(this.deleteFault)
    this.paint({ messages: [] })
    return Promise.resolve()
  }

  drained(): Promise<void> {
    return Promise.resolve()
  }

  setName(name: string): void {
    this.paint({ self: { ...this.#view.self, name } })
  }

  audioLevels(): Promise<ReadonlyMap<PeerId, number>> {
    return Promise.resolve(this.levels)
  }

  exposure(): Promise<Exposure> {
    return this.exposed()
  }

  setEntry(mode: EntryMode): void {
    this.paint({ entry: mode })
  }

  admit(peerId: PeerId): void {
    const knock = this.#view.knocks.find((one) => one.peerId === peerId)
    this.deny(peerId)
    if (knock) this.paint({ participants: [...this.#view.participants, fakeParticipant(knock.name, { peerId })] })
  }

  deny(peerId: PeerId): void {
    this.paint({ knocks: this.#view.knocks.filter((one) => one.peerId !== peerId) })
  }

  muteForAll(peerId: PeerId, muted: boolean): void {
    this.#repaint(peerId, { mutedForAll: muted })
  }

  kick(peerId: PeerId, { ban = false }: { readonly ban?: boolean } = {}): void {
    this.kicked.push({ peerId, ban })
    this.paint({ participants: this.#view.participants.filter((one) => one.peerId !== peerId) })
    this.renewLink()
  }

  setFileRight(peerId: PeerId, right: 'editor' | 'reader'): void {
    this.#repaint(peerId, { fileRight: right })
  }

  setCohost(peerId: PeerId, on: boolean): void {
    this.#repaint(peerId, { role: on ? 'cohost' : 'member' })
  }

  endForAll(): void {
    this.paint({ state: { kind: 'ended' } })
  }

  renewLink(): void {
    this.linkCode = `${this.linkCode}+`
    this.paint({ epoch: this.#view.epoch + 1 })
  }

  createInvite(terms: InviteTerms): Promise<string> {
    this.invites.push(terms)
    if (this.#view.entry === 'open') this.setEntry('knock')
    return Promise.resolve(`${this.linkCode}-invite`)
  }

  raiseHand(up: boolean): void {
    this.paint({ self: { ...this.#view.self, handRaised: up } })
  }

  setMutedHere(peerId: PeerId, muted: boolean): void {
    this.#repaint(peerId, { mutedHere: muted })
  }

  hold(peerId: PeerId, held: boolean): void {
    const person = this.#view.participants.find((one) => one.peerId === peerId)
    const others = this.#view.held.filter((one) => one.peerId !== peerId)
    this.paint({
      participants: this.#view.participants.filter((one) => !held || one.peerId !== peerId),
      held: held && person ? [...others, { peerId, name: person.name }] : others,
    })
  }

  present(presentation: Uint8Array<ArrayBuffer> | undefined): void {
    this.paint({ self: { ...this.#view.self, presentation } })
  }

  leave(): Promise<void> {
    this.paint({ state: { kind: 'left' } })
    return Promise.resolve()
  }

  #repaint(peerId: PeerId, part: Partial<ParticipantView>): void {
    this.paint({
      participants: this.#view.participants.map((one) => (one.peerId === peerId ? { ...one, ...part } : one)),
    })
  }
}

const emptyView: RoomView = {
  state: { kind: 'joined' },
  policy: standardPolicy,
  carrier: { kind: 'ready', network: 'local' },
  roads: [
    { name: 'dht', state: { kind: 'ready', network: 'local' }, host: 'localhost', inUse: true },
    { name: 'server', state: { kind: 'ready', network: 'unknown' }, host: 'localhost', inUse: true },
    { name: 'nostr', state: { kind: 'connecting', attempt: 1 }, host: undefined, inUse: true },
  ],
  self: {
    peerId: 'self' as PeerId,
    name: 'Ada',
    isHost: true,
    role: 'host',
    fileRight: 'owner',
    media: { microphone: 'on', camera: 'on', screen: 'off' },
    mutedForAll: false,
    handRaised: false,
    presentation: undefined,
  },
  participants: [],
  entry: 'open',
  knocks: [],
  epoch: 0,
  comparison: { kind: 'alone' },
  held: [],
  alarms: [],
  messages: [],
  chatKept: 'no',
}

/** A participant with everything on, but for what the test changes. */
export function fakeParticipant(name: string, part: Partial<ParticipantView> = {}): ParticipantView {
  return {
    peerId: `peer-${name}` as PeerId,
    name,
    isHost: false,
    role: 'member',
    fileRight: 'editor',
    connection: { kind: 'connected' },
    road: 'dht',
    media: { microphone: 'on', camera: 'on', screen: 'off' },
    mutedHere: false,
    mutedForAll: false,
    handRaised: false,
    presentation: undefined,
    stream: undefined,
    screenStream: undefined,
    ...part,
  }
}

/** A received message, but for what the test changes. */
export function fakeMessage(content: string, part: Partial<MessageView> = {}): MessageView {
  return {
    id: `message-${content.length}-${content.slice(0, 24)}`,
    from: 'peer-Grace' as PeerId,
    fromName: 'Grace',
    own: false,
    content,
    files: [],
    sentAtMs: 0,
    delivery: { kind: 'received' },
    earlier: undefined,
    ...part,
  }
}
