import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { coreFolder } from './paths.ts'

declare global {
  interface Window {
    mallory?: {
      makeRoom(): Promise<string>
      equivocate(code: string, relay: string): Promise<void>
    }
  }
}

const place = '/mallory/'
const script = fileURLToPath(new URL('mallory-page.mjs', import.meta.url))
/** Packages that the library names, by the folder of their files. */
const { resolve } = createRequire(join(coreFolder, 'package.json'))
const packages: Readonly<Record<string, string>> = {
  '@noble/hashes/': dirname(resolve('@noble/hashes/sha2.js')),
  '@noble/curves/': dirname(resolve('@noble/curves/secp256k1.js')),
  '@noble/ciphers/': dirname(resolve('@noble/ciphers/chacha.js')),
}
const imports = Object.fromEntries(Object.keys(packages).map((name) => [name, `${place}${name}`]))
const html = `<!doctype html><title>Mallory</title>
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module" src="${place}mallory-page.mjs"></script>`

function fileOf(path: string): string {
  if (path === 'mallory-page.mjs') return script
  for (const [name, folder] of Object.entries(packages)) {
    if (path.startsWith(name)) return join(folder, path.slice(name.length))
  }
  return join(coreFolder, 'dist', path)
}

/**
 * A host that cheats, in a page of its own. It has the built library, file by file, served under the address of a node, so that the relay takes it
 * for one of the node's pages.
 */
export class Mallory {
  readonly #page: Page
  readonly #nodeUrl: string

  private constructor(page: Page, nodeUrl: string) {
    this.#page = page
    this.#nodeUrl = nodeUrl
  }

  static async open(page: Page, nodeUrl: string): Promise<Mallory> {
    await page.route(`${nodeUrl}${place}**`, async (route) => {
      const path = normalize(new URL(route.request().url()).pathname.slice(place.length))
      if (path === '.') await route.fulfill({ contentType: 'text/html', body: html })
      else await route.fulfill({ contentType: 'text/javascript', body: await readFile(fileOf(path), 'utf8') })
    })
    await page.goto(`${nodeUrl}${place}`)
    await page.waitForFunction(() => window.mallory !== undefined)
    return new Mallory(page, nodeUrl)
  }

  /** A link to a new room whose host this is. */
  async makeRoom(): Promise<string> {
    const code = await this.#page.evaluate(() => window.mallory?.makeRoom())
    return `${this.#nodeUrl}/#/r/${code ?? ''}`
  }

  /** Signs two histories of the room and shows one to each of two members; resolves when both have been sent. */
  async equivocate(link: string): Promise<void> {
    const [code, relay] = [link.slice(link.indexOf('#/r/') + 4), `${this.#nodeUrl.replace('http', 'ws')}/dht`]
    await this.#page.evaluate((args) => window.mallory?.equivocate(args.code, args.relay), { code, relay })
  }
}
