import { type Browser, chromium } from '@playwright/test'

/** What the browser says when a page asks for a camera or a microphone. */
export type Devices = 'allowed' | 'denied' | 'no-camera'

const fakeDevices = '--use-fake-device-for-media-stream'
const agrees = '--use-fake-ui-for-media-stream'
const flags: Record<Devices, readonly string[]> = {
  allowed: [fakeDevices, agrees],
  // nobody is there to answer the question, and headless Chromium then says no
  denied: [fakeDevices],
  'no-camera': [`${fakeDevices}=device-count=0`, agrees],
}

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // pages of several people share one browser here; a real one would not slow the hidden ones of other people
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--disable-background-timer-throttling',
  // the page of a cheating host comes out of the test itself: the browser takes it for one from afar, and a node for something local
  '--disable-features=LocalNetworkAccessChecks',
]

/** Where and how a Chromium of these is started, if not here and plainly. */
export interface Launch {
  readonly executablePath?: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export const chromiumPath = (): string => process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

/** One Chromium for each kind of devices, started when somebody first needs it. */
export class Browsers {
  readonly #launch: Launch
  readonly #running = new Map<Devices, Promise<Browser>>()

  constructor(launch: Launch = {}) {
    this.#launch = launch
  }

  get(devices: Devices): Promise<Browser> {
    const running = this.#running.get(devices) ?? this.#start(devices)
    this.#running.set(devices, running)
    return running
  }

  async close(): Promise<void> {
    for (const running of this.#running.values()) await (await running).close()
  }

  #start(devices: Devices): Promise<Browser> {
    const { executablePath = chromiumPath(), args = [], env } = this.#launch
    return chromium.launch({
      executablePath,
      args: [...quiet, ...flags[devices], ...args],
      ...(env && { env: { ...process.env, ...env } }),
    })
  }
}
