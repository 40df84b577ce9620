/* The same rounds in a real browser. */
import { chromium } from 'playwright-core'
import { BenchFault } from '../page/fault.ts'
import { bundleText } from '../runner/index.ts'
import { startPageServer } from '../servers/index.ts'
import type { rounds } from './measure.ts'

export async function inChromium(count: number): Promise<Awaited<ReturnType<typeof rounds>>> {
  const script = await bundleText(`import { measure } from './chat/page.ts'\nglobalThis.measure = measure`)
  const server = await startPageServer(new Map([['chat', script]]))
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  })
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(0)
    await page.goto(`${server.url}/chat`)
    const text = await page.evaluate(`measure(${String(count)}).then(JSON.stringify)`)
    if (typeof text !== 'string') throw new BenchFault('the page measured nothing')
    return JSON.parse(text) as Awaited<ReturnType<typeof rounds>>
  } finally {
    await browser.close()
    await server.close()
  }
}
