import * as people from '@p2pigeon/core/people'
import { browserRuntime, Roads, type Carrier, type CarrierName, type Runtime } from '@p2pigeon/core'
import type { LocalMediaView, PeerId, ProtocolConfigs, ProtocolEvents, Room, RoomPolicy } from '@p2pigeon/core'
import type { CorePorts, Manager, ReadLink } from '../manager.ts'
import { FakeDoctor } from './fake-doctor.ts'
import { FakeFault } from './fake-fault.ts'
import { FakeRinger } from './fake-ringer.ts'
import { FakeRoom, standardPolicy } from './fake-room.ts'

type Listeners = { [K in keyof ProtocolEvents]?: Set<ProtocolEvents[K]> }

/** Behaves like `ProtocolManager` towards the frontend, without a network. Knobs say what fails and what devices give. */
export class FakeManager implements Manager {
  /** What each device does when it is opened. */
  microphone: { fault?: string } = {}
  camera: { fault?: string } = {}
  /** Asked by every capture, which waits for the answer. */
  prompt: () => Promise<void> = () => Promise.resolve()
  screenFault: string | undefined
  joinFault: string | undefined
  stream: () => MediaStream | undefined = () => undefined
  screen: () => MediaStream | undefined = () => undefined
  makeRoom: (link: ReadLink) => FakeRoom = ({ roomId, code, policy }) => new FakeRoom(roomId, code, { policy })
  room: FakeRoom | undefined
  readonly doctor = new FakeDoctor()
  configs: ProtocolConfigs | undefined
  displayName = ''
  /** Device choices of every start, for tests. */
  readonly starts: (readonly [string | false | undefined, string | false | undefined])[] = []
  readonly muted = new Map<PeerId, boolean>()
  readonly #changed = new Set<() => void>()
  readonly #listeners: Listeners = {}
  readonly #off = new Set<'microphone' | 'camera'>()
  #made = 0
  /** Counts starts and stops, and ends of sharing, as core does. */
  #turn = 0
  #screenEnds = 0
  #local: LocalMediaView = {
    media: { microphone: 'none', camera: 'none', screen: 'off' },
    stream: undefined,
    screenStream: undefined,
  }

  initialize(configs: ProtocolConfigs): Promise<void> {
    this.configs = configs
    return Promise.resolve()
  }

  createRoomLink(policy: Partial<RoomPolicy> = {}): Promise<string> {
    return Promise.resolve(fakeCode(`room${++this.#made}`, policy))
  }

  joinRoom(linkOrCode: string): Promise<Room> {
    if (this.joinFault !== undefined) return Promise.reject(new FakeFault(this.joinFault))
    this.room = this.makeRoom(readFakeLink(linkOrCode))
    return Promise.resolve(this.room)
  }

  async leaveRoom(): Promise<void> {
    await this.room?.leave()
  }

  async startLocalStream(audio?: string | false, video?: string | false): Promise<MediaStream> {
    this.starts.push([audio, video])
    const turn = ++this.#turn
    for (const name of ['microphone', 'camera'] as const) if (this.#local.media[name] === 'off') this.#off.add(name)
    await this.prompt()
    if (turn !== this.#turn) throw new FakeFault('media-superseded')
    const heard = audio === false ? undefined : this.microphone.fault
    const fault = heard ?? (video === false ? undefined : this.camera.fault)
    if (fault !== undefined) throw new FakeFault(fault)
    if (audio === false) this.#off.delete('microphone')
    if (video === false) this.#off.delete('camera')
    const stream = this.stream()
    this.#set({
      stream,
      media: {
        ...this.#local.media,
        microphone: audio === false ? 'none' : this.#off.has('microphone') ? 'off' : 'on',
        camera: video === false ? 'none' : this.#off.has('camera') ? 'off' : 'on',
      },
    })
    return stream!
  }

  stopLocalStream(): void {
    this.#turn += 1
    this.#screenEnds += 1
    this.#off.clear()
    this.#set({
      stream: undefined,
      screenStream: undefined,
      media: { microphone: 'none', camera: 'none', screen: 'off' },
    })
  }

  setMicrophone(on: boolean): Promise<void> {
    return this.#switch('microphone', on)
  }

  setCamera(on: boolean): Promise<void> {
    return this.#switch('camera', on)
  }

  async startScreenShare(): Promise<void> {
    const ends = this.#screenEnds
    await this.prompt()
    if (this.screenFault !== undefined) throw new FakeFault(this.screenFault)
    if (ends === this.#screenEnds) {
      this.#set({ screenStream: this.screen(), media: { ...this.#local.media, screen: 'on' } })
    }
  }

  stopScreenShare(): void {
    this.#screenEnds += 1
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
    this.room?.muteForAll(peerId, muted)
  }

  muteForMe(peerId: PeerId, muted: boolean): void {
    this.muted.set(peerId, muted)
    this.room?.setMutedHere(peerId, muted)
  }

  kickParticipant(peerId: PeerId): Promise<void> {
    this.room?.kick(peerId)
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

  /** For fake ringers, which never use it. */
  pinned: CarrierName | undefined

  pinRoad(road: CarrierName | undefined): void {
    this.pinned = road
  }

  ground(): { readonly runtime: Runtime; readonly roads: Roads } {
    return {
      runtime: browserRuntime(),
      roads: new Roads([{ name: 'dht', on: () => () => undefined } as unknown as Carrier]),
    }
  }

  async close(): Promise<void> {
    await this.room?.leave()
    this.stopLocalStream()
  }

  async #switch(name: 'microphone' | 'camera', on: boolean): Promise<void> {
    if (on) {
      const turn = this.#turn
      this.#off.delete(name)
      await this.prompt()
      if (this[name].fault !== undefined) throw new FakeFault(this[name].fault)
      if (turn !== this.#turn || this.#off.has(name)) return
    } else {
      this.#off.add(name)
      if (this.#local.media[name] === 'none') return
    }
    this.#set({
      stream: this.#local.stream ?? this.stream(),
      media: { ...this.#local.media, [name]: on ? 'on' : 'off' },
    })
  }

  #set(part: Partial<LocalMediaView>): void {
    this.#local = { ...this.#local, ...part }
    for (const changed of [...this.#changed]) changed()
  }
}

const prefix = 'code-of-'

/** A policy other than the standard one stands behind the room id, as `.hidden` or `.hidden.steady.kept`. */
export function fakeCode(roomId: string, policy: Partial<RoomPolicy> = {}): string {
  const { privacy, constantRate, keepChat } = { ...standardPolicy, ...policy }
  const plain = privacy === standardPolicy.privacy && !constantRate && !keepChat
  return `${prefix}${roomId}${plain ? '' : `.${privacy}${constantRate ? '.steady' : ''}${keepChat ? '.kept' : ''}`}`
}

/** @throws {FakeFault} the codes of core, chosen by the text. */
function readFakeLink(textOrUrl: string): ReadLink {
  const code = textOrUrl.trim().split('#/r/').at(-1) ?? ''
  if (code.startsWith('damaged')) throw new FakeFault('link-damaged')
  if (code.startsWith('cut')) throw new FakeFault('link-truncated')
  if (code.startsWith('future')) throw new FakeFault('link-version')
  if (!code.startsWith(prefix)) throw new FakeFault('link-missing')
  const [roomId = '', privacy = standardPolicy.privacy, ...rest] = code.slice(prefix.length).split('.')
  return {
    roomId,
    code,
    policy: {
      privacy: privacy === 'lan' || privacy === 'hidden' ? privacy : standardPolicy.privacy,
      constantRate: rest.includes('steady'),
      keepChat: rest.includes('kept'),
    },
  }
}

/** Core as the session sees it, around one fake manager. */
export function fakeCore(manager: FakeManager): CorePorts {
  return {
    limits: { maxMessageBytes: 16_384, maxParticipants: 8 },
    standardPolicy,
    createManager: () => manager,
    loadDoctor: () => Promise.resolve(manager.doctor),
    readLink: (textOrUrl) => Promise.resolve().then(() => readFakeLink(textOrUrl)),
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    vault: people,
    loadPeople: () => Promise.resolve({ ...people, Ringer: FakeRinger }),
    loadChat: () => import('@p2pigeon/core/chat'),
    importSeed: (seed) => crypto.subtle.importKey('raw', seed, 'HKDF', false, ['deriveBits']),
  }
}
