import type { LocalMediaView, MediaState } from '@p2pigeon/core'
import { Store, type Readable } from '../state/index.ts'
import type { Devices } from './devices.ts'
import { faultCode } from './fault.ts'
import type { Manager } from './manager.ts'
import type { Preferences } from './preferences.ts'

export interface LocalMediaSnapshot {
  readonly phase: 'closed' | 'opening' | 'open'
  readonly media: MediaState
  /** Microphone and camera, the manager's own object. */
  readonly stream: MediaStream | undefined
  readonly screenStream: MediaStream | undefined
  /** Fault codes of the last attempt, by device; gone after one that worked. */
  readonly microphoneFault: string | undefined
  readonly cameraFault: string | undefined
}

/** Which devices to open and whether they start muted. */
export interface MediaWish {
  readonly microphone: 'none' | 'off' | 'on'
  readonly camera: 'none' | 'off' | 'on'
}

type Device = 'microphone' | 'camera'
type Faults = Pick<LocalMediaSnapshot, 'microphoneFault' | 'cameraFault'>
const nothing: LocalMediaView = {
  media: { microphone: 'none', camera: 'none', screen: 'off' },
  stream: undefined,
  screenStream: undefined,
}
const noFaults: Faults = { microphoneFault: undefined, cameraFault: undefined }

/**
 * The user's own microphone, camera and screen. What turns a device on may wait for a prompt, so such operations run one
 * at a time, in the order asked for. What turns it off waits for nothing: it acts at once, and the operations before it
 * that run or wait obey it. Opening never fails as a whole: what works is opened, what does not is named in the snapshot.
 */
export class LocalMedia {
  readonly #manager: Manager
  readonly #preferences: Preferences
  readonly #devices: Devices
  readonly #ready: Promise<void>
  readonly #snapshot: Store<LocalMediaSnapshot>
  /** The user's last word on each device, ahead of the snapshot while operations are under way; empty when none is. */
  readonly #wanted = new Map<Device, boolean>()
  #queue: Promise<unknown> = Promise.resolve()
  #underWay = 0
  /** The manager takes commands; before, no device can be on. */
  #isReady = false
  /** Counts closings: an operation asked for before one does nothing after it. */
  #closings = 0
  /** Counts ends of sharing: a share asked for before one does not begin after it. */
  #shareEnds = 0

  constructor(manager: Manager, preferences: Preferences, devices: Devices, ready: Promise<void>) {
    this.#manager = manager
    this.#preferences = preferences
    this.#devices = devices
    this.#ready = ready
    this.#snapshot = new Store<LocalMediaSnapshot>({ phase: 'closed', ...nothing, ...noFaults })
    ready.then(
      () => {
        this.#isReady = true
        manager.subscribeLocalMedia(() => this.#snapshot.update((before) => ({ ...before, ...manager.localMedia() })))
      },
      () => undefined,
    )
  }

  get snapshot(): Readable<LocalMediaSnapshot> {
    return this.#snapshot
  }

  /** The wish that the user's last choices amount to. A camera that was off stays closed, its light dark. */
  usualWish(): MediaWish {
    const { microphoneOn, cameraOn } = this.#preferences.value.get()
    return { microphone: microphoneOn ? 'on' : 'off', camera: cameraOn ? 'on' : 'none' }
  }

  open(wish: MediaWish): Promise<void> {
    this.#wanted.set('microphone', wish.microphone === 'on')
    this.#wanted.set('camera', wish.camera === 'on')
    return this.#one(async (isCurrent) => {
      this.#snapshot.update((before) => ({ ...before, phase: 'opening' }))
      await this.#reopen(wish.microphone !== 'none', wish.camera !== 'none', isCurrent)
    })
  }

  /** Releases everything, whatever is under way. */
  async close(): Promise<void> {
    this.#closings += 1
    this.#shareEnds += 1
    this.#wanted.clear()
    await this.#ready
    this.#manager.stopScreenShare()
    this.#manager.stopLocalStream()
    this.#snapshot.update((before) => ({ ...before, ...this.#manager.localMedia(), ...noFaults, phase: 'closed' }))
  }

  toggleMicrophone(): Promise<void> {
    const on = !this.#wants('microphone')
    this.#preferences.change({ microphoneOn: on })
    return on ? this.#turnOn('microphone') : this.#turnOff('microphone')
  }

  toggleCamera(): Promise<void> {
    const on = !this.#wants('camera')
    this.#preferences.change({ cameraOn: on })
    return on ? this.#turnOn('camera') : this.#turnOff('camera')
  }

  /** Switches now when the microphone is open; a muted one stays muted. `undefined` is the system's default. */
  chooseMicrophone(id: string | undefined): Promise<void> {
    this.#preferences.change({ microphoneId: id })
    if (this.#snapshot.get().media.microphone === 'none' && !this.#wanted.has('microphone')) {
      this.#wanted.set('microphone', true)
    }
    return this.#one(async (isCurrent) => {
      const { media } = this.#snapshot.get()
      if (media.microphone === 'none' && !this.#wants('microphone')) return
      await this.#reopen(true, media.camera !== 'none', isCurrent)
    })
  }

  chooseCamera(id: string | undefined): Promise<void> {
    this.#preferences.change({ cameraId: id })
    if (this.#snapshot.get().cameraFault && !this.#wanted.has('camera')) this.#wanted.set('camera', true)
    return this.#one(async (isCurrent) => {
      const { media } = this.#snapshot.get()
      // A camera that is off opens with the new choice when it is turned on; opening it now would light it.
      if (this.#wants('camera')) await this.#reopen(media.microphone !== 'none', true, isCurrent)
      else if (media.camera === 'off') await this.#reopen(media.microphone !== 'none', false, isCurrent)
    })
  }

  /** Resolves with the fault code, `undefined` when the share runs or was ended meanwhile. */
  async shareScreen(): Promise<string | undefined> {
    const ends = this.#shareEnds
    let fault: string | undefined
    await this.#one(async () => {
      if (ends === this.#shareEnds) fault = await this.#manager.startScreenShare().then(() => undefined, faultCode)
    })
    return fault
  }

  stopSharing(): void {
    this.#shareEnds += 1
    if (this.#isReady) this.#manager.stopScreenShare()
  }

  #turnOn(device: Device): Promise<void> {
    this.#wanted.set(device, true)
    return this.#one(async (isCurrent) => {
      if (!this.#wants(device)) return
      const { media } = this.#snapshot.get()
      const { microphoneId, cameraId } = this.#preferences.value.get()
      const chosen = device === 'microphone' ? microphoneId : cameraId
      if (media[device] === 'none' && chosen !== undefined) {
        const opens = (one: Device) => one === device || media[one] !== 'none'
        await this.#reopen(opens('microphone'), opens('camera'), isCurrent)
      } else await this.#switch(device, true, isCurrent)
    })
  }

  /** Outside the queue: the manager holds a capture under way to it, `#wanted` the operations that wait. */
  async #turnOff(device: Device): Promise<void> {
    if (this.#underWay > 0) this.#wanted.set(device, false)
    if (this.#isReady) await this.#switch(device, false, this.#currently())
  }

  /** The user's last word on the device or, when all of them are carried out, how it is. */
  #wants(device: Device): boolean {
    return this.#wanted.get(device) ?? this.#snapshot.get().media[device] === 'on'
  }

  /** Opens these two, each on or off as wanted. */
  async #reopen(microphone: boolean, camera: boolean, isCurrent: () => boolean): Promise<void> {
    await this.#ready
    if (!isCurrent()) return
    // Said before the capture, off lets nothing through that the user did not ask for.
    if (microphone && !this.#wants('microphone')) await this.#manager.setMicrophone(false)
    if (camera && !this.#wants('camera')) await this.#manager.setCamera(false)
    const faults = await this.#start(microphone, camera, isCurrent)
    if (!isCurrent()) return
    this.#settle(faults)
    // One that was off before stays off in a new capture; the user may have said otherwise.
    const { media } = this.#manager.localMedia()
    if (microphone && media.microphone === 'off' && this.#wants('microphone')) {
      await this.#switch('microphone', true, isCurrent)
    }
    if (camera && media.camera === 'off' && this.#wants('camera')) await this.#switch('camera', true, isCurrent)
    await this.#devices.refresh()
  }

  /** Opens both; when that fails, finds out which of the two is at fault and opens the other. */
  async #start(microphone: boolean, camera: boolean, isCurrent: () => boolean): Promise<Faults> {
    const { microphoneId, cameraId } = this.#preferences.value.get()
    const start = async (audio: string | false | undefined, video: string | false | undefined) =>
      isCurrent() ? this.#manager.startLocalStream(audio, video).then(() => undefined, faultCode) : undefined
    const attempt = async (audio: boolean, video: boolean): Promise<string | undefined> => {
      const code = await start(audio && microphoneId, video && cameraId)
      const chosen = (audio && microphoneId !== undefined) || (video && cameraId !== undefined)
      // A chosen device may be unplugged today: its place takes the default one.
      return code === 'media-missing' && chosen ? start(audio && undefined, video && undefined) : code
    }
    if (!microphone && !camera) {
      this.#manager.stopLocalStream()
      return noFaults
    }
    const both = await attempt(microphone, camera)
    if (!both) return noFaults
    if (!camera) return { microphoneFault: both, cameraFault: undefined }
    if (!microphone) return { microphoneFault: undefined, cameraFault: both }
    const cameraFault = await attempt(true, false)
    if (!cameraFault) return { microphoneFault: undefined, cameraFault: both }
    const alone = await attempt(false, true)
    return { microphoneFault: cameraFault, cameraFault: alone }
  }

  async #switch(device: Device, on: boolean, isCurrent: () => boolean): Promise<void> {
    const fault = device === 'microphone' ? 'microphoneFault' : 'cameraFault'
    let code: string | undefined
    try {
      if (device === 'microphone') await this.#manager.setMicrophone(on)
      else await this.#manager.setCamera(on)
    } catch (error) {
      code = faultCode(error)
    }
    if (isCurrent()) this.#snapshot.update((before) => ({ ...before, [fault]: code }))
  }

  #settle(faults: Faults): void {
    this.#snapshot.update((before) => ({ ...before, ...this.#manager.localMedia(), ...faults, phase: 'open' }))
  }

  #currently(): () => boolean {
    const closings = this.#closings
    return () => closings === this.#closings
  }

  /** Runs after what was asked for before; not at all when everything was closed meanwhile. */
  async #one(run: (isCurrent: () => boolean) => Promise<void>): Promise<void> {
    const isCurrent = this.#currently()
    const done = this.#queue.then(() => (isCurrent() ? run(isCurrent) : undefined))
    this.#queue = done.catch(() => undefined)
    this.#underWay += 1
    try {
      await done
    } finally {
      this.#underWay -= 1
      if (this.#underWay === 0) this.#wanted.clear()
    }
  }
}
