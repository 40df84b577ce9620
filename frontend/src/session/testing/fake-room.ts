import type { Exposure, MessageView, ParticipantView, PeerId, Room, RoomPolicy, RoomView } from '@p2pigeon/core'

export const standardPolicy: RoomPolicy = { privacy: 'standard', constantRate: false }

/** A room whose picture the test paints. */
export class FakeRoom implements Room {
  readonly roomId: string
  readonly linkCode: string
  readonly #listeners = new Set<() => void>()
  #view: RoomView
  levels: ReadonlyMap<PeerId, number> = new Map()
  /** Asked each time; by default nobody learns anything. */
  exposed: () => Promise<Exposure> = () => Promise.resolve({ privacy: this.#view.policy.privacy, parties: [] })
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

  sendMessage(content: string): string {
    const id = `own-${++this.#sent}`
    const { self, messages, participants } = this.#view
    const delivery: MessageView['delivery'] =
      participants.length === 0
        ? { kind: 'queued' }
        : { kind: 'sending', acknowledged: 0, waiting: participants.length }
    this.paint({
      messages: [
        ...messages,
        { id, from: self.peerId, fromName: self.name, own: true, content, sentAtMs: Date.now(), delivery },
      ],
    })
    return id
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

  leave(): Promise<void> {
    this.paint({ state: { kind: 'left' } })
    return Promise.resolve()
  }
}

const emptyView: RoomView = {
  state: { kind: 'joined' },
  policy: standardPolicy,
  carrier: { kind: 'ready', network: 'local' },
  self: {
    peerId: 'self' as PeerId,
    name: 'Ada',
    isHost: true,
    media: { microphone: 'on', camera: 'on', screen: 'off' },
  },
  participants: [],
  messages: [],
}

/** A participant with everything on, but for what the test changes. */
export function fakeParticipant(name: string, part: Partial<ParticipantView> = {}): ParticipantView {
  return {
    peerId: `peer-${name}` as PeerId,
    name,
    isHost: false,
    connection: { kind: 'connected' },
    media: { microphone: 'on', camera: 'on', screen: 'off' },
    mutedHere: false,
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
    sentAtMs: 0,
    delivery: { kind: 'received' },
    ...part,
  }
}
