import { Store, type Readable, type Undo } from '../state/index.ts'

export interface Device {
  readonly id: string
  /** Empty until the browser has been allowed to use such a device. */
  readonly label: string
}

export interface DeviceList {
  readonly microphones: readonly Device[]
  readonly cameras: readonly Device[]
  readonly speakers: readonly Device[]
}

/** What the browser can do here at all. */
export interface Abilities {
  readonly shareScreen: boolean
  readonly chooseSpeaker: boolean
}

const none: DeviceList = { microphones: [], cameras: [], speakers: [] }

/** The devices plugged in now. */
export class Devices {
  readonly #list = new Store<DeviceList>(none)
  readonly #media: MediaDevices | undefined
  readonly abilities: Abilities

  constructor(media: MediaDevices | undefined) {
    this.#media = media
    this.abilities = {
      shareScreen: media !== undefined && 'getDisplayMedia' in media,
      chooseSpeaker: typeof HTMLMediaElement !== 'undefined' && 'setSinkId' in HTMLMediaElement.prototype,
    }
  }

  get list(): Readable<DeviceList> {
    return this.#list
  }

  /** Reads the list again; labels appear after the first permission. */
  async refresh(): Promise<void> {
    const all = (await this.#media?.enumerateDevices().catch(() => [])) ?? []
    const of = (kind: MediaDeviceKind): readonly Device[] =>
      all
        .filter((device) => device.kind === kind && device.deviceId !== '' && device.deviceId !== 'default')
        .map((device) => ({ id: device.deviceId, label: device.label }))
    this.#list.set({ microphones: of('audioinput'), cameras: of('videoinput'), speakers: of('audiooutput') })
  }

  watch(): Undo {
    const changed = (): void => void this.refresh()
    this.#media?.addEventListener('devicechange', changed)
    return () => this.#media?.removeEventListener('devicechange', changed)
  }
}
