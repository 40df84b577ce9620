import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'

/**
 * Opens `address` in a fresh context and sums gzip (level 9) over every script that it loads until the network is quiet.
 * Undefined when nothing is served there: the app is not built.
 */
export async function firstLoadBytes(browser: Browser, address: string): Promise<number | undefined> {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    const scripts = new Map<string, Promise<Buffer>>()
    page.on('response', (response) => {
      const script = response.request().resourceType() === 'script' || /\.m?js$/.test(new URL(response.url()).pathname)
      if (script && response.ok()) scripts.set(response.url(), response.body())
    })
    await page.goto(address, { waitUntil: 'networkidle' })
    if (scripts.size === 0) return undefined
    const bodies = await Promise.all(scripts.values())
    return bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).byteLength, 0)
  } finally {
    await context.close()
  }
}
