/*
 * How fast a file comes from the device of a member, beside one raw data channel between the same two pages. Two Chromium, one for each member; the
 * clock is that of whoever gets the bytes. A file is sealed at one end and checked and opened at the other while it travels; the raw channel carries
 * as many bytes of nothing.
 */
import { cpus, loadavg } from 'node:os'
import type { Page } from 'playwright-core'
import { Cleanup } from '../cleanup.ts'
import { BenchFault } from '../page/fault.ts'
import { median } from '../report/index.ts'
import { bundleText, launchPair } from '../runner/index.ts'
import { startNostrRelay, startPageServer } from '../servers/index.ts'

/** Of a raw data channel. */
const goal = 0.85
/** As pieces of files are, and as large as browsers send them well. */
const rawMessageBytes = [16_384, 65_536] as const

/** Journals of both members, as if their nodes reached each other. */
class Journals {
  readonly #batches = new Map<string, string[]>()

  append(drive: string, n: number, batch: string): number {
    const batches = this.#batches.get(drive) ?? []
    this.#batches.set(drive, batches)
    if (n === batches.length) batches.push(batch)
    else return batches.length
    return n
  }

  from(drive: string, n: number): readonly string[] {
    return this.#batches.get(drive)?.slice(n) ?? []
  }
}

/** Prints how fast files of so many MiB come. */
export async function direct(rounds: number, mebibytes: number): Promise<void> {
  const cleanup = new Cleanup()
  try {
    const [load = 0] = loadavg()
    const [script, worker] = await Promise.all([
      bundleText(`import { page } from './data-room/direct-page.ts'\nglobalThis.page = page`),
      bundleText(`import './data-room/direct-worker.ts'`),
    ])
    const server = cleanup.use(
      await startPageServer(
        new Map([
          ['direct', script],
          ['direct-worker', worker],
        ]),
      ),
    )
    const relay = cleanup.use(await startNostrRelay())
    const pair = cleanup.use(await launchPair())
    const journals = new Journals()
    const open = async (browser: typeof pair.host): Promise<Page> => {
      const page = await browser.newPage()
      page.setDefaultTimeout(0)
      page.on('pageerror', (fault) => console.error(fault.message))
      await page.exposeFunction('appendBatch', (drive: string, n: number, batch: string) =>
        journals.append(drive, n, batch),
      )
      await page.exposeFunction('batchesFrom', (drive: string, from: number) => journals.from(drive, from))
      await page.goto(`${server.url}/direct`)
      await page.evaluate('globalThis.runner = { appendBatch, batchesFrom }')
      return page
    }
    const [giver, getter] = [await open(pair.host), await open(pair.joiner)]
    const code = await call(giver, 'enter', relay.url)
    await call(getter, 'enter', relay.url, code)
    await Promise.all([call(giver, 'met'), call(getter, 'met')])
    const offer = await call(giver, 'describe')
    await call(giver, 'answer', await call(getter, 'describe', offer))

    const bytes = mebibytes * 1_048_576
    const contenders = [
      ['file', (round: number) => fetchFile(giver, getter, round, bytes)],
      ...rawMessageBytes.map((size) => [`raw, ${size / 1_024} KiB`, () => call(getter, 'raw', bytes, size)] as const),
    ] as const
    const taken = new Map<string, number[]>()
    for (let round = 0; round <= rounds; round++) {
      for (const [name, run] of round % 2 === 0 ? contenders : contenders.toReversed()) {
        const ms = Number(await run(round))
        if (round > 0) taken.set(name, [...(taken.get(name) ?? []), bytes / ms / 1_000])
      }
    }
    console.log(
      `\nChromium ${pair.version}, ${cpus().length} cores, load ${load.toFixed(1)} before, ${rounds} rounds of ${mebibytes} MiB between two browsers.\n`,
    )
    console.log('| from browser to browser | MB/s | min–max |\n| --- | --- | --- |')
    for (const [name, rates] of taken) {
      console.log(
        `| ${name} | ${median(rates).toFixed(1)} | ${Math.min(...rates).toFixed(1)}–${Math.max(...rates).toFixed(1)} |`,
      )
    }
    const ours = median(taken.get('file') ?? [])
    const floor = Math.max(...[...taken].filter(([name]) => name !== 'file').map(([, rates]) => median(rates)))
    const share = ours / floor
    console.log(
      `\nA file comes at ${share.toFixed(2)} of the faster raw channel; the goal of ${goal} is ${share >= goal ? 'met' : 'MISSED'}.`,
    )
  } finally {
    await cleanup.run()
  }
}

/** A fresh file each time: nothing of it was sealed for anybody before but for the node. */
async function fetchFile(giver: Page, getter: Page, round: number, bytes: number): Promise<unknown> {
  const name = `film-${round}.bin`
  await call(giver, 'share', name, bytes)
  return call(getter, 'fetch', name, bytes)
}

async function call(page: Page, method: string, ...given: readonly unknown[]): Promise<unknown> {
  const told = await page.evaluate(
    `page.${method}(...${JSON.stringify(given)}).then((value) => ({ value }), (fault) => ({ fault: String(fault?.code ?? fault) }))`,
  )
  if (typeof told !== 'object' || told === null || !('value' in told || 'fault' in told)) return undefined
  if ('fault' in told) throw new BenchFault(`${method}: ${String(told.fault)}`)
  return told.value
}
