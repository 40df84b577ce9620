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
]

/** One Chromium for each kind of devices, started when somebody first needs it. */
export class Browsers {
  readonly #running = new Map<Devices, Promise<Browser>>()

  get(devices: Devices): Promise<Browser> {
    const running = this.#running.get(devices) ?? this.#launch(devices)
    this.#running.set(devices, running)
    return running
  }

  async close(): Promise<void> {
    for (const running of this.#running.values()) await (await running).close()
  }

  #launch(devices: Devices): Promise<Browser> {
    const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
    return chromium.launch({ executablePath, args: [...quiet, ...flags[devices]] })
  }
}
