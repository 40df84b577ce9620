import type { Room, RoomPolicy } from '@p2pigeon/core'
import type { Undo } from '../state/index.ts'
import { ChatsLoader } from './chat/index.ts'
import { CallMarker, type CallMark } from './call-marker.ts'
import { Call, type CallState } from './call.ts'
import { openDatabase, type Database } from './database.ts'
import { Devices } from './devices.ts'
import { Fault, faultCode } from './fault.ts'
import { FilesLoader, openWhenLoaded, type PageFilesPorts, type RoomFiles } from './files/index.ts'
import { fetchIceServers, type IceAnswer } from './ice-servers.ts'
import { LocalMedia } from './local-media.ts'
import type { CorePorts, Doctor, Manager } from './manager.ts'
import { fetchNodeInfo, NodeWatch, relayUrl, type NodeInfo } from './node-status.ts'
import { Notices } from './notices.ts'
import { PeopleLoader } from './people/index.ts'
import { Preferences, type KeyValueStorage } from './preferences.ts'
import { roadConfigs, type RoadChoice, type RoadOverrides } from './roads.ts'
import { RecentRooms } from './recent-rooms.ts'
import {
  BrowserKeeper,
  browserVaultPage,
  Care,
  claimRoom,
  IdleLock,
  slotPrefixes,
  type VaultPage,
} from './vault/index.ts'

/** What the session takes from the page it lives in. */
export interface PagePorts {
  /** Absolute address of the page without its fragment. */
  readonly address: string
  readonly roadOverrides: RoadOverrides
  readonly localStorage: KeyValueStorage | undefined
  readonly sessionStorage: KeyValueStorage | undefined
  readonly mediaDevices: MediaDevices | undefined
  readonly isReload: boolean
  readonly reload: () => void
  readonly now: () => number
  readonly fetchNodeInfo: () => Promise<NodeInfo>
  readonly fetchIceServers: () => Promise<IceAnswer>
  readonly openDatabase: () => Promise<Database | undefined>
  /** Loads what the files of a room need, and opens them until the signal aborts. */
  readonly openFiles: (ports: PageFilesPorts, signal: AbortSignal) => Promise<RoomFiles>
  readonly vault: VaultPage
  /** Whether somebody can see the page. */
  readonly visibility: { readonly isVisible: () => boolean; readonly onChange: (changed: () => void) => Undo }
  /** Says outside of the page that somebody has written, where the user has allowed it. */
  readonly notify: (name: string) => void
  /** Tells other tabs of this profile that contacts have changed; absent where tabs cannot talk. */
  readonly peopleTabs?: BroadcastChannel
}

/** The doctor, told where this page's node is. */
export interface PageDoctor extends Pick<Doctor, 'verdictOf' | 'exportReport'> {
  /** @throws the signal's reason when aborted. */
  check(options: Parameters<Doctor['check']>[1]): ReturnType<Doctor['check']>
}

export type OpenedLink =
  { readonly kind: 'opened'; readonly roomId: string } | { readonly kind: 'refused'; readonly code: string }

/** The page works by then: identity and contacts are fetched behind everything that somebody waits for. */
const peopleAheadMs = 2_000

/** Everything one tab holds: the only place that builds core's objects. Views read it and call its methods. */
export class Session {
  readonly manager: Manager
  readonly node: NodeWatch
  readonly keeper: BrowserKeeper
  readonly care: Care
  readonly rooms: RecentRooms
  readonly preferences: Preferences
  readonly devices: Devices
  readonly media: LocalMedia
  readonly call: Call
  readonly people: PeopleLoader
  readonly chats: ChatsLoader
  readonly files: FilesLoader
  readonly notices = new Notices()
  readonly limits: CorePorts['limits']
  readonly standardPolicy: RoomPolicy
  readonly core: CorePorts
  readonly #page: PagePorts
  readonly #idleLock: IdleLock
  readonly #codes = new Map<string, string>()
  readonly #ready: Promise<void>
  #mark: CallMark | undefined
  #relayUrl: string
  #nostrUrls: readonly string[] = []
  #blobs: NodeInfo['blobs']

  constructor(core: CorePorts, page: PagePorts) {
    this.core = core
    this.limits = core.limits
    this.standardPolicy = core.standardPolicy
    this.#relayUrl = relayUrl(page.address, undefined, page.roadOverrides.relay)
    this.#page = page
    this.keeper = new BrowserKeeper({
      core,
      database: page.openDatabase(),
      deviceName: page.vault.deviceName,
      now: page.now,
    })
    this.care = new Care(this.keeper, page.now)
    const marker = new CallMarker(page.sessionStorage)
    this.#mark = marker.takeAfterReload(page.isReload)
    this.manager = core.createManager()
    this.node = new NodeWatch(page.fetchNodeInfo)
    this.preferences = new Preferences(page.localStorage, this.keeper)
    this.rooms = new RecentRooms(this.keeper, page.now)
    this.devices = new Devices(page.mediaDevices)
    this.#ready = this.#initialize()
    // A failure shows where someone waits for it; here it must only not count as unhandled.
    this.#ready.catch(() => undefined)
    this.media = new LocalMedia(this.manager, this.preferences, this.devices, this.#ready)
    this.call = new Call({
      manager: this.manager,
      media: this.media,
      marker,
      ready: this.#ready,
      codeOf: (roomId) => this.#codeOf(roomId),
      used: (roomId, code) => this.#remember(roomId, code),
      claim: (roomId) => claimRoom(page.vault.locks, roomId),
    })
    this.call.state.subscribe(() => {
      if (this.call.state.get().kind === 'ended') this.care.hadCall()
    })
    this.people = new PeopleLoader({
      core,
      keeper: this.keeper,
      manager: this.manager,
      ready: this.#ready,
      call: this.call.state,
      hash: page.vault.hash,
      locks: page.vault.locks,
      tabs: page.peopleTabs,
      address: page.address,
      displayName: () => this.displayName(),
      createRoom: async () => {
        const code = await this.#codeOf(await this.createRoom())
        if (code === undefined) throw new Fault('room-unknown')
        return code
      },
      now: page.now,
    })
    this.chats = new ChatsLoader({
      core,
      keeper: this.keeper,
      people: this.people,
      manager: this.manager,
      address: page.address,
      relayUrls: () => this.#ready.then(() => this.#nostrUrls),
      blobs: () => this.#ready.then(() => this.#blobs),
      locks: page.vault.locks,
      tabs: page.peopleTabs,
      visibility: page.visibility,
      notify: page.notify,
      now: page.now,
    })
    this.files = new FilesLoader({
      call: this.call.state,
      open: (room, signal) => this.#openFiles(room, signal),
      isUsed: async ({ roomId }) =>
        (await this.keeper.slots()).includes(slotPrefixes.files + (await this.rooms.slotIdOf(roomId))),
    })
    this.#idleLock = new IdleLock({
      now: page.now,
      limitMs: () => this.#lockLimitMs(),
      isBusy: () => isInCall(this.call.state.get()),
      lock: () => this.#lock(),
      tabs: page.vault.tabs,
    })
  }

  /** Resolves once what this device keeps is in sight: the page can show itself without things popping up. */
  get opened(): Promise<void> {
    return Promise.all([this.preferences.loaded, this.rooms.loaded, this.care.loaded]).then(() => undefined)
  }

  /** What the vault's pages need from the page. */
  get vaultPage(): VaultPage {
    return this.#page.vault
  }

  /** Locks all tabs of this profile. Does nothing while nothing protects what is kept. */
  lock(): void {
    this.#idleLock.lockNow()
  }

  /** A new page over what is stored now: after a restore, for example. */
  reload(): void {
    this.#page.reload()
  }

  /** Starts what runs as long as the page does; the undo ends it. */
  start(events: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>): Undo {
    let stopOpening: Undo = () => undefined
    const ahead = setTimeout(() => {
      // Whoever needs them later meets the failure.
      this.people
        .load()
        .then((people) => {
          stopOpening = this.chats.openWhenUsed(people)
        })
        .catch(() => undefined)
    }, peopleAheadMs)
    const undoings = [
      this.node.watch(events),
      this.devices.watch(),
      this.#idleLock.start(events),
      () => clearTimeout(ahead),
      () => stopOpening(),
      () => this.chats.close(),
      () => this.people.close(),
    ]
    const close = (): void => {
      this.call.pageIsGoing()
      this.files.close()
      this.chats.close()
      this.people.close()
      void this.manager.close()
    }
    // Taken out of the back/forward cache, the page stands there with everything closed: only a new one works.
    const shown = (event: Event): void => {
      if ('persisted' in event && event.persisted === true) this.#page.reload()
    }
    events.addEventListener('pagehide', close)
    events.addEventListener('pageshow', shown)
    undoings.push(() => {
      events.removeEventListener('pagehide', close)
      events.removeEventListener('pageshow', shown)
    })
    return () => undoings.forEach((undo) => undo())
  }

  /** Makes a room with this policy and remembers it; resolves with its id. @throws what core throws, or storage. */
  async createRoom(policy: RoomPolicy = this.standardPolicy): Promise<string> {
    await this.#ready
    const { roomId, code } = await this.core.readLink(await this.manager.createRoomLink(policy))
    this.#remember(roomId, code, policy)
    return roomId
  }

  /** Reads a pasted address or code and remembers the room. */
  async openLink(textOrUrl: string): Promise<OpenedLink> {
    try {
      const { roomId, code, policy } = await this.core.readLink(textOrUrl)
      this.#remember(roomId, code, policy)
      return { kind: 'opened', roomId }
    } catch (error) {
      return { kind: 'refused', code: faultCode(error) }
    }
  }

  /** What the link of a room fixes for it; `undefined` for a room this device does not know. */
  async policyOf(roomId: string): Promise<RoomPolicy | undefined> {
    const code = await this.#codeOf(roomId)
    if (code === undefined) return undefined
    return this.core.readLink(code).then(
      ({ policy }) => policy,
      () => undefined,
    )
  }

  /** The whole link to hand out; a secret. `undefined` for a room this device does not know. */
  async inviteLink(roomId: string): Promise<string | undefined> {
    const code = await this.#codeOf(roomId)
    return code === undefined ? undefined : this.linkOf(code)
  }

  /** The whole link of a code to hand out; a secret. */
  linkOf(code: string): string {
    return `${this.#page.address}#/r/${code}`
  }

  /**
   * When this page is the reload of one that was in a call in this room: opens the devices as they were and joins again.
   * Once; later visits to the room meet the pre-join page.
   */
  async goBack(roomId: string): Promise<void> {
    const mark = this.#mark
    this.#mark = undefined
    if (mark?.roomId !== roomId) return
    this.manager.setDisplayName(this.displayName())
    // A camera that was off stays closed: opening it, be it for a moment, would light it.
    const opened = this.media.open({ ...mark, camera: mark.camera === 'on' ? 'on' : 'none' })
    // Where nobody waits for it, the join meets the same failure and shows it.
    opened.catch(() => undefined)
    // Whether it could be opened muted must be settled before anyone could hear it.
    await this.call.join(roomId, { returning: true, ...(mark.microphone === 'off' ? { first: opened } : {}) })
  }

  /** The page goes to this room next, and at once into it: what comes of a direct call. */
  bring(roomId: string, media: Pick<CallMark, 'microphone' | 'camera'>): void {
    this.#mark = { roomId, ...media }
  }

  /** Joins with the name and media chosen. */
  async join(roomId: string): Promise<void> {
    await this.#ready.catch(() => undefined)
    this.manager.setDisplayName(this.displayName())
    await this.call.join(roomId)
  }

  /** After a call has ended: the devices as last chosen, then in again. */
  async rejoin(roomId: string): Promise<void> {
    await this.media.open(this.media.usualWish())
    await this.join(roomId)
  }

  /** Loads the connection doctor. @throws what a failed download throws. */
  async doctor(): Promise<PageDoctor> {
    const doctor = await this.core.loadDoctor()
    const { fetchNodeInfo: fetchInfo, fetchIceServers: fetchIce } = this.#page
    return {
      verdictOf: (ladder, privacy) => doctor.verdictOf(ladder, privacy),
      exportReport: (ladder, privacy) => doctor.exportReport(ladder, privacy),
      check: (options) =>
        doctor.check(
          {
            relayUrls: [this.#relayUrl],
            iceServers: () => fetchIce().then(({ iceServers }) => iceServers),
            nodeAnswers: () =>
              fetchInfo().then(
                () => true,
                () => false,
              ),
          },
          options,
        ),
    }
  }

  /** Which road rooms and calls go by, from now on and in later visits. What is connected stays so. */
  async chooseRoad(road: RoadChoice): Promise<void> {
    this.preferences.change({ road })
    await this.#ready
    this.manager.pinRoad(road === 'automatic' ? undefined : road)
  }

  displayName(): string {
    return this.preferences.value.get().name.trim() || 'Guest'
  }

  async #openFiles(room: Room, signal: AbortSignal): Promise<RoomFiles> {
    const { keeper } = this
    const [seed, slotId] = await Promise.all([keeper.roomSeed, this.rooms.slotIdOf(room.roomId)])
    const { runtime } = this.manager.ground()
    const nodeUrl = new URL(this.#page.address).origin
    return this.#page.openFiles({ room, nodeUrl, seed, keeper, slotId, runtime }, signal)
  }

  #remember(roomId: string, code: string, policy?: RoomPolicy): void {
    this.#codes.set(roomId, code)
    // A disk that takes nothing more costs an entry of the list after a reload, and no call.
    this.rooms.touch(roomId, code, policy?.keepChat).catch(() => undefined)
  }

  async #codeOf(roomId: string): Promise<string | undefined> {
    const held = this.#codes.get(roomId)
    if (held !== undefined) return held
    await this.rooms.loaded
    return this.rooms.find(roomId)?.code
  }

  #lockLimitMs(): number | undefined {
    const state = this.keeper.state.get()
    const { lockAfterMinutes } = this.care.value.get()
    if (state.kind !== 'open' || state.protection !== 'protected' || lockAfterMinutes === undefined) return undefined
    return lockAfterMinutes * 60_000
  }

  /**
   * A new page, since that alone is sure to leave no key, link or name behind in memory: not in a cache, a closure, or a component that
   * somebody forgot. It finds the vault locked.
   */
  #lock(): void {
    const state = this.keeper.state.get()
    if (state.kind === 'open' && state.protection === 'protected') this.#page.reload()
  }

  async #initialize(): Promise<void> {
    const [seed, info] = await Promise.all([this.keeper.roomSeed, this.node.ask(), this.preferences.loaded])
    const { address, roadOverrides } = this.#page
    this.#relayUrl = relayUrl(address, info?.dhtRelayUrl, roadOverrides.relay)
    const roads = roadConfigs(address, info, roadOverrides, this.preferences.value.get().road)
    this.#nostrUrls = roads.nostr?.relayUrls ?? []
    this.#blobs = info?.blobs
    await this.manager.initialize({
      seed,
      displayName: this.displayName(),
      roomMemory: (roomId) => this.rooms.memoryOf(roomId),
      // What lasts as long as the page is not kept, and must not be called so.
      chatMemory: (roomId) => (this.keeper.state.get().kind === 'open' ? this.rooms.chatMemoryOf(roomId) : undefined),
      iceServers: this.#page.fetchIceServers,
      ...roads,
    })
  }
}

/** The ports of a real browser page. */
export function browserPage(roadOverrides: RoadOverrides): PagePorts {
  const navigation = performance.getEntriesByType('navigation')[0]
  return {
    address: `${location.origin}${location.pathname}`,
    roadOverrides,
    localStorage: storage(() => localStorage),
    sessionStorage: storage(() => sessionStorage),
    mediaDevices: navigator.mediaDevices,
    isReload: navigation instanceof PerformanceNavigationTiming && navigation.type === 'reload',
    reload: () => {
      location.reload()
    },
    now: () => Date.now(),
    fetchNodeInfo,
    fetchIceServers,
    openDatabase,
    openFiles: openWhenLoaded,
    vault: browserVaultPage(),
    visibility: {
      isVisible: () => document.visibilityState === 'visible',
      onChange: (changed) => {
        document.addEventListener('visibilitychange', changed)
        return () => document.removeEventListener('visibilitychange', changed)
      },
    },
    notify: notifyOfMessage,
    ...(typeof BroadcastChannel === 'undefined' ? {} : { peopleTabs: new BroadcastChannel('p2pigeon.people') }),
  }
}

function isInCall({ kind }: CallState): boolean {
  return kind === 'joining' || kind === 'in-room'
}

/** Names who has written and nothing of what: a screen may be seen by others. */
function notifyOfMessage(name: string): void {
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return
  try {
    const notification = new Notification(name, { tag: 'p2pigeon-chat' })
    notification.addEventListener('click', () => {
      window.focus()
      notification.close()
    })
  } catch {
    // Browsers of phones show notifications of service workers only.
  }
}

/** Merely naming the storage throws where a browser forbids it. */
function storage(get: () => Storage): Storage | undefined {
  try {
    return get()
  } catch {
    return undefined
  }
}
