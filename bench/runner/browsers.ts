import { chromium, type Browser } from 'playwright-core'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
  // Grants the camera unasked, by which Chromium also gives its real addresses at once: mDNS is not measured.
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
]

/** Two browsers, one per participant, so that CPU and memory of one are not those of the other. */
export interface BrowserPair {
  readonly host: Browser
  readonly joiner: Browser
  readonly version: string
  close(): Promise<void>
}

/** Starts two headless Chromium: `CHROMIUM_PATH`, or `/usr/bin/chromium`. */
export async function launchPair(): Promise<BrowserPair> {
  const host = await launch()
  const joiner = await launch()
  return {
    host,
    joiner,
    version: host.version(),
    close: async () => {
      await Promise.all([host.close(), joiner.close()])
    },
  }
}

const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: flags,
    // The runner ends the browsers itself, after the pages.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  })
