import { readFile } from 'node:fs/promises'
import { join, normalize } from 'node:path'
import type { Page } from '@playwright/test'
import { coreFolder } from './paths.ts'

const origin = 'https://library.example'

/**
 * A blank page that can import the built library, file by file: `import('/sdp/index.js')`. Nothing of it comes from a
 * network: the address belongs to nobody, and a secure context is what cameras ask for.
 */
export async function openLibraryPage(page: Page): Promise<void> {
  await page.route(`${origin}/**`, async (route) => {
    const path = normalize(new URL(route.request().url()).pathname)
    if (path === '/') await route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>library</title>' })
    else if (!path.endsWith('.js')) await route.fulfill({ status: 404 })
    else
      await route.fulfill({
        contentType: 'text/javascript',
        body: await readFile(join(coreFolder, 'dist', path), 'utf8'),
      })
  })
  await page.goto(`${origin}/`)
}
