import {
  standardPolicy,
  type MessageView,
  type ParticipantView,
  type PeerId,
  type ProtocolEvents,
  type Room,
  type RoomView,
} from '@p2pigeon/core'
import type { Clock } from '@p2pigeon/core/node'
import { silentFiles } from '@p2pigeon/core/testing'

/** A clock that moves when told. */
export class FakeClock implements Clock {
  #now = 0
  #timers: { at: number; run: () => void }[] = []

  now(): number {
    return this.#now
  }
  after(delayMs: number, run: () => void): () => void {
    const timer = { at: this.#now + delayMs, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }
  get pending(): number {
    return this.#timers.length
  }
  pass(ms: number): void {
    this.#now += ms
    const due = this.#timers.filter(({ at }) => at <= this.#now)
    this.#timers = this.#timers.filter(({ at }) => at > this.#now)
    for (const { run } of due) run()
  }
}

export const ada = 'ada' as PeerId
export const bob = 'bob' as PeerId

export function participant(name: string, peerId: PeerId): ParticipantView {
  return {
    peerId,
    name,
    isHost: false,
    role: 'member',
    connection: { kind: 'connected' },
    road: 'dht',
    media: { microphone: 'none', camera: 'none', screen: 'off' },
    mutedHere: false,
    mutedForAll: false,
    fileRight: 'editor',
    handRaised: false,
    presentation: undefined,
    stream: undefined,
    screenStream: undefined,
  }
}

/** A client with one room that behaves as told and remembers what was asked of it. */
export class FakeClient {
  readonly #listeners = new Map<string, Set<(event: never) => void>>()
  readonly #changed = new Set<() => void>()
  readonly sent: string[] = []
  left = 0
  closed = 0
  /** What joining rejects with. */
  failure: Error | undefined
  /** What sending a content throws. */
  refusals = new Map<string, Error>()
  readonly links: string[] = []
  picture: RoomView = {
    policy: standardPolicy,
    state: { kind: 'joined' },
    carrier: { kind: 'ready', network: 'local' },
    roads: [],
    self: {
      peerId: ada,
      name: 'Ada',
      isHost: true,
      role: 'host',
      media: { microphone: 'none', camera: 'none', screen: 'off' },
      mutedForAll: false,
      fileRight: 'owner',
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

  joinRoom(link: string): Promise<Room> {
    this.links.push(link)
    return this.failure === undefined ? Promise.resolve(this.#room()) : Promise.reject(this.failure)
  }

  sendMessage(_roomId: string, content: string): Promise<string> {
    return Promise.resolve().then(() => this.#room().sendMessage(content))
  }

  on<K extends keyof ProtocolEvents>(event: K, listener: ProtocolEvents[K]): () => void {
    const listeners = this.#listeners.get(event) ?? new Set()
    this.#listeners.set(event, listeners.add(listener))
    return () => listeners.delete(listener)
  }

  emit<K extends keyof ProtocolEvents>(event: K, value: Parameters<ProtocolEvents[K]>[0]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(value as never)
  }

  /** Listeners that nobody took back. */
  get listening(): number {
    return this.#changed.size + [...this.#listeners.values()].reduce((sum, set) => sum + set.size, 0)
  }

  change(picture: Partial<RoomView>): void {
    this.picture = { ...this.picture, ...picture }
    for (const changed of this.#changed) changed()
  }

  deliver(delivery: MessageView['delivery']): void {
    this.change({ messages: this.picture.messages.map((message) => ({ ...message, delivery })) })
  }

  close(): Promise<void> {
    this.closed += 1
    return Promise.resolve()
  }

  #room(): Room {
    return {
      roomId: 'room',
      linkCode: 'code',
      files: silentFiles(ada),
      view: () => this.picture,
      subscribe: (changed) => {
        this.#changed.add(changed)
        return () => this.#changed.delete(changed)
      },
      sendMessage: (content) => {
        const refusal = this.refusals.get(content)
        if (refusal !== undefined) throw refusal
        this.sent.push(content)
        const id = `m${String(this.sent.length)}`
        const delivery: MessageView['delivery'] =
          this.picture.participants.length === 0 ? { kind: 'queued' } : { kind: 'sending', acknowledged: 0, waiting: 1 }
        const said = { id, from: ada, fromName: 'Ada', own: true, content, files: [], sentAtMs: 0 }
        const message: MessageView = { ...said, delivery, earlier: undefined }
        this.change({ messages: [...this.picture.messages, message] })
        return id
      },
      markRead: () => undefined,
      deleteChat: () => Promise.resolve(),
      setName: () => undefined,
      setEntry: () => undefined,
      admit: () => undefined,
      deny: () => undefined,
      muteForAll: () => undefined,
      kick: () => undefined,
      setFileRight: () => undefined,
      setCohost: () => undefined,
      endForAll: () => undefined,
      renewLink: () => undefined,
      createInvite: () => Promise.resolve('code'),
      raiseHand: () => undefined,
      setMutedHere: () => undefined,
      hold: () => undefined,
      present: () => undefined,
      exposure: () => Promise.resolve({ privacy: 'standard', parties: [] }),
      audioLevels: () => Promise.resolve(new Map()),
      leave: () => {
        this.left += 1
        return Promise.resolve()
      },
    }
  }
}
