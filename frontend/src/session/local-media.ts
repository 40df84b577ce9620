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

type Faults = Pick<LocalMediaSnapshot, 'microphoneFault' | 'cameraFault'>
const nothing: LocalMediaView = {
  media: { microphone: 'none', camera: 'none', screen: 'off' },
  stream: undefined,
  screenStream: undefined,
}
const noFaults: Faults = { microphoneFault: undefined, cameraFault: undefined }

/**
 * The user's own microphone, camera and screen. One operation runs at a time, in the order asked for. Opening never
 * fails as a whole: what works is opened, what does not is named in the snapshot.
 */
export class LocalMedia {
  readonly #manager: Manager
  readonly #preferences: Preferences
  readonly #devices: Devices
  readonly #ready: Promise<void>
  readonly #snapshot: Store<LocalMediaSnapshot>
  #queue: Promise<unknown> = Promise.resolve()

  constructor(manager: Manager, preferences: Preferences, devices: Devices, ready: Promise<void>) {
    this.#manager = manager
    this.#preferences = preferences
    this.#devices = devices
    this.#ready = ready
    this.#snapshot = new Store<LocalMediaSnapshot>({ phase: 'closed', ...nothing, ...noFaults })
    ready.then(
      () =>
        manager.subscribeLocalMedia(() => this.#snapshot.update((before) => ({ ...before, ...manager.localMedia() }))),
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
    return this.#one(async () => {
      this.#snapshot.update((before) => ({ ...before, phase: 'opening' }))
      const faults = await this.#start(wish.microphone !== 'none', wish.camera !== 'none')
      if (wish.microphone === 'off' && !faults.microphoneFault) await this.#manager.setMicrophone(false)
      if (wish.camera === 'off' && !faults.cameraFault) await this.#manager.setCamera(false)
      this.#settle(faults)
      await this.#devices.refresh()
    })
  }

  close(): Promise<void> {
    return this.#one(async () => {
      await this.#ready
      this.#manager.stopScreenShare()
      this.#manager.stopLocalStream()
      this.#snapshot.update((before) => ({ ...before, ...this.#manager.localMedia(), ...noFaults, phase: 'closed' }))
    })
  }

  toggleMicrophone(): Promise<void> {
    return this.#one(async () => {
      const { media } = this.#snapshot.get()
      this.#preferences.change({ microphoneOn: media.microphone !== 'on' })
      const chosen = this.#preferences.value.get().microphoneId
      if (media.microphone === 'none' && chosen !== undefined) await this.#reopen({ ...media, microphone: 'on' })
      else await this.#guard('microphoneFault', () => this.#manager.setMicrophone(media.microphone !== 'on'))
    })
  }

  toggleCamera(): Promise<void> {
    return this.#one(async () => {
      const { media } = this.#snapshot.get()
      this.#preferences.change({ cameraOn: media.camera !== 'on' })
      const chosen = this.#preferences.value.get().cameraId
      if (media.camera === 'none' && chosen !== undefined) await this.#reopen({ ...media, camera: 'on' })
      else await this.#guard('cameraFault', () => this.#manager.setCamera(media.camera !== 'on'))
    })
  }

  /** Switches now when the microphone is open; a muted one stays muted. `undefined` is the system's default. */
  chooseMicrophone(id: string | undefined): Promise<void> {
    this.#preferences.change({ microphoneId: id })
    return this.#one(async () => {
      const { media } = this.#snapshot.get()
      await this.#reopen(media.microphone === 'none' ? { ...media, microphone: 'on' } : media)
    })
  }

  chooseCamera(id: string | undefined): Promise<void> {
    this.#preferences.change({ cameraId: id })
    return this.#one(async () => {
      const { media } = this.#snapshot.get()
      // A camera that is off opens with the new choice when it is turned on; opening it now would light it.
      if (media.camera === 'on' || this.#snapshot.get().cameraFault) await this.#reopen({ ...media, camera: 'on' })
      else if (media.camera === 'off') await this.#reopen({ ...media, camera: 'none' })
    })
  }

  /** Resolves with the fault code, `undefined` when the share runs. */
  shareScreen(): Promise<string | undefined> {
    return this.#one(() => this.#manager.startScreenShare().then(() => undefined, faultCode))
  }

  stopSharing(): void {
    this.#manager.stopScreenShare()
  }

  async #reopen(wish: MediaWish): Promise<void> {
    const faults = await this.#start(wish.microphone !== 'none', wish.camera !== 'none')
    if (wish.microphone === 'off') await this.#manager.setMicrophone(false)
    if (wish.camera === 'off') await this.#manager.setCamera(false)
    this.#settle(faults)
    await this.#devices.refresh()
  }

  /** Opens both; when that fails, finds out which of the two is at fault and opens the other. */
  async #start(microphone: boolean, camera: boolean): Promise<Faults> {
    await this.#ready
    const { microphoneId, cameraId } = this.#preferences.value.get()
    const attempt = async (audio: boolean, video: boolean): Promise<string | undefined> => {
      try {
        await this.#manager.startLocalStream(audio && microphoneId, video && cameraId)
        return undefined
      } catch (error) {
        const code = faultCode(error)
        const chosen = (audio && microphoneId !== undefined) || (video && cameraId !== undefined)
        if (code !== 'media-missing' || !chosen) return code
      }
      // A chosen device may be unplugged today: its place takes the default one.
      return this.#manager.startLocalStream(audio && undefined, video && undefined).then(() => undefined, faultCode)
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

  async #guard(device: keyof Faults, run: () => Promise<void>): Promise<void> {
    try {
      await run()
      this.#snapshot.update((before) => ({ ...before, [device]: undefined }))
    } catch (error) {
      this.#snapshot.update((before) => ({ ...before, [device]: faultCode(error) }))
    }
  }

  #settle(faults: Faults): void {
    this.#snapshot.update((before) => ({ ...before, ...this.#manager.localMedia(), ...faults, phase: 'open' }))
  }

  #one<T>(run: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(run)
    this.#queue = done.catch(() => undefined)
    return done
  }
}
