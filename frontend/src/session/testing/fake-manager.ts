import type { LocalMediaView, PeerId, ProtocolConfigs, ProtocolEvents, Room } from '@p2pigeon/core'
import type { CorePorts, Manager, ReadLink } from '../manager.ts'
import { FakeRoom } from './fake-room.ts'

/** A fault as core throws it: an error with a stable code. */
export class FakeFault extends Error {
  readonly code: string

  constructor(code: string) {
    super(code)
    this.code = code
  }
}

type Listeners = { [K in keyof ProtocolEvents]?: Set<ProtocolEvents[K]> }

/** Behaves like `ProtocolManager` towards the frontend, without a network. Knobs say what fails and what devices give. */
export class FakeManager implements Manager {
  /** What each device does when it is opened. */
  microphone: { fault?: string } = {}
  camera: { fault?: string } = {}
  screenFault: string | undefined
  joinFault: string | undefined
  stream: () => MediaStream | undefined = () => undefined
  screen: () => MediaStream | undefined = () => undefined
  makeRoom: (link: ReadLink) => FakeRoom = ({ roomId, code }) => new FakeRoom(roomId, code)
  room: FakeRoom | undefined
  configs: ProtocolConfigs | undefined
  displayName = ''
  /** Device choices of every start, for tests. */
  readonly starts: (readonly [string | false | undefined, string | false | undefined])[] = []
  readonly muted = new Map<PeerId, boolean>()
  readonly #changed = new Set<() => void>()
  readonly #listeners: Listeners = {}
  #made = 0
  #local: LocalMediaView = {
    media: { microphone: 'none', camera: 'none', screen: 'off' },
    stream: undefined,
    screenStream: undefined,
  }

  initialize(configs: ProtocolConfigs): Promise<void> {
    this.configs = configs
    return Promise.resolve()
  }

  createRoomLink(): Promise<string> {
    return Promise.resolve(fakeCode(`room${++this.#made}`))
  }

  joinRoom(linkOrCode: string): Promise<Room> {
    if (this.joinFault !== undefined) return Promise.reject(new FakeFault(this.joinFault))
    this.room = this.makeRoom(readFakeLink(linkOrCode))
    return Promise.resolve(this.room)
  }

  async leaveRoom(): Promise<void> {
    await this.room?.leave()
  }

  startLocalStream(audio?: string | false, video?: string | false): Promise<MediaStream> {
    this.starts.push([audio, video])
    const heard = audio === false ? undefined : this.microphone.fault
    const fault = heard ?? (video === false ? undefined : this.camera.fault)
    if (fault !== undefined) return Promise.reject(new FakeFault(fault))
    const { media } = this.#local
    const stream = this.stream()
    this.#set({
      stream,
      media: {
        ...media,
        microphone: audio === false ? 'none' : media.microphone === 'off' ? 'off' : 'on',
        camera: video === false ? 'none' : media.camera === 'off' ? 'off' : 'on',
      },
    })
    return Promise.resolve(stream!)
  }

  stopLocalStream(): void {
    this.#set({ stream: undefined, media: { microphone: 'none', camera: 'none', screen: 'off' } })
  }

  setMicrophone(on: boolean): Promise<void> {
    if (on && this.microphone.fault !== undefined) return Promise.reject(new FakeFault(this.microphone.fault))
    this.#set({ media: { ...this.#local.media, microphone: on ? 'on' : 'off' } })
    return Promise.resolve()
  }

  setCamera(on: boolean): Promise<void> {
    if (on && this.camera.fault !== undefined) return Promise.reject(new FakeFault(this.camera.fault))
    this.#set({
      stream: this.#local.stream ?? this.stream(),
      media: { ...this.#local.media, camera: on ? 'on' : 'off' },
    })
    return Promise.resolve()
  }

  startScreenShare(): Promise<void> {
    if (this.screenFault !== undefined) return Promise.reject(new FakeFault(this.screenFault))
    this.#set({ screenStream: this.screen(), media: { ...this.#local.media, screen: 'on' } })
    return Promise.resolve()
  }

  stopScreenShare(): void {
    this.#set({ screenStream: undefined, media: { ...this.#local.media, screen: 'off' } })
  }

  localMedia(): LocalMediaView {
    return this.#local
  }

  subscribeLocalMedia(changed: () => void): () => void {
    this.#changed.add(changed)
    return () => this.#changed.delete(changed)
  }

  setDisplayName(name: string): void {
    this.displayName = name
  }

  muteParticipant(peerId: PeerId, muted: boolean): void {
    this.muted.set(peerId, muted)
    const people = this.room?.view().participants ?? []
    this.room?.paint({
      participants: people.map((one) => (one.peerId === peerId ? { ...one, mutedHere: muted } : one)),
    })
  }

  kickParticipant(peerId: PeerId): Promise<void> {
    const people = this.room?.view().participants ?? []
    this.room?.paint({ participants: people.filter((one) => one.peerId !== peerId) })
    return Promise.resolve()
  }

  on<K extends keyof ProtocolEvents>(event: K, listener: ProtocolEvents[K]): () => void {
    const set: Set<ProtocolEvents[K]> = this.#listeners[event] ?? new Set<ProtocolEvents[K]>()
    Object.assign(this.#listeners, { [event]: set })
    set.add(listener)
    return () => set.delete(listener)
  }

  /** Tells listeners as core would. */
  emit<K extends keyof ProtocolEvents>(event: K, told: Parameters<ProtocolEvents[K]>[0]): void {
    for (const listener of this.#listeners[event] ?? []) (listener as (value: typeof told) => void)(told)
  }

  async close(): Promise<void> {
    await this.room?.leave()
    this.stopLocalStream()
  }

  #set(part: Partial<LocalMediaView>): void {
    this.#local = { ...this.#local, ...part }
    for (const changed of [...this.#changed]) changed()
  }
}

const prefix = 'code-of-'

export function fakeCode(roomId: string): string {
  return `${prefix}${roomId}`
}

/** @throws {FakeFault} the codes of core, chosen by the text. */
function readFakeLink(textOrUrl: string): ReadLink {
  const code = textOrUrl.trim().split('#/r/').at(-1) ?? ''
  if (code.startsWith('damaged')) throw new FakeFault('link-damaged')
  if (code.startsWith('cut')) throw new FakeFault('link-truncated')
  if (code.startsWith('future')) throw new FakeFault('link-version')
  if (!code.startsWith(prefix)) throw new FakeFault('link-missing')
  return { roomId: code.slice(prefix.length), code }
}

/** Core as the session sees it, around one fake manager. */
export function fakeCore(manager: FakeManager): CorePorts {
  return {
    limits: { maxMessageBytes: 16_384, maxParticipants: 8 },
    createManager: () => manager,
    readLink: (textOrUrl) => Promise.resolve().then(() => readFakeLink(textOrUrl)),
    importSeed: (seed) => crypto.subtle.importKey('raw', seed, 'HKDF', false, ['deriveBits']),
  }
}
