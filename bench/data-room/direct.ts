/*
 * How fast a file comes from the device of a member, beside one raw data channel between the same two pages. Two Chromium, one for each member; the
 * clock is that of whoever gets the bytes. A file is sealed at one end and checked and opened at the other while it travels; the raw channel carries
 * as many bytes of nothing, in messages as long as pieces of files. Other load on the machine changes from minute to minute, so each round is a pair.
 * How much of the processors was left over says whether the channel waited for something, or the machine was too small for more.
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

interface Figures {
  readonly mbs: number
  /** Of all processors, meanwhile. */
  readonly idle: number
}

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
    await call(giver, 'share', 'film.bin', bytes)
    const figuresOf = async (method: string, ...given: readonly unknown[]): Promise<Figures> => {
      const before = processors()
      const mbs = bytes / Number(await call(getter, method, ...given)) / 1_000
      const after = processors()
      return { mbs, idle: (after.idleMs - before.idleMs) / (after.allMs - before.allMs) }
    }
    const pairs: { readonly file: Figures; readonly raw: Figures }[] = []
    for (let round = 0; round <= rounds; round++) {
      const rawFirst = round % 2 === 0 ? await figuresOf('raw', bytes) : undefined
      const file = await figuresOf('fetch', 'film.bin', bytes)
      const raw = rawFirst ?? (await figuresOf('raw', bytes))
      if (round > 0) pairs.push({ file, raw })
    }
    console.log(
      `\nChromium ${pair.version}, ${cpus().length} cores, load ${load.toFixed(1)} before, ${rounds} rounds of ${mebibytes} MiB between two browsers.\n`,
    )
    console.log('| from browser to browser | median | min–max |\n| --- | --- | --- |')
    const row = (name: string, values: readonly number[], digits: number): void => {
      const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)].map((value) =>
        value.toFixed(digits),
      )
      console.log(`| ${name} | ${middle} | ${least}–${most} |`)
    }
    row(
      'raw data channel, MB/s',
      pairs.map(({ raw }) => raw.mbs),
      1,
    )
    row(
      'file, MB/s',
      pairs.map(({ file }) => file.mbs),
      1,
    )
    row(
      'processors idle, raw',
      pairs.map(({ raw }) => raw.idle),
      2,
    )
    row(
      'processors idle, file',
      pairs.map(({ file }) => file.idle),
      2,
    )
    const shares = pairs.map(({ file, raw }) => file.mbs / raw.mbs)
    row('file ÷ raw, of one round', shares, 2)
    const share = median(shares)
    console.log(
      `\nA file comes at ${share.toFixed(2)} of a raw channel; the goal of ${goal} is ${share >= goal ? 'met' : 'MISSED'}.`,
    )
  } finally {
    await cleanup.run()
  }
}

/** What all processors have been doing since the machine started. */
function processors(): { readonly idleMs: number; readonly allMs: number } {
  const times = cpus().map((one) => one.times)
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  return { idleMs: sum(times.map(({ idle }) => idle)), allMs: sum(times.flatMap((one) => Object.values(one))) }
}

async function call(page: Page, method: string, ...given: readonly unknown[]): Promise<unknown> {
  const told = await page.evaluate(
    `page.${method}(...${JSON.stringify(given)}).then((value) => ({ value }), (fault) => ({ fault: String(fault?.code ?? fault) }))`,
  )
  if (typeof told !== 'object' || told === null || !('value' in told || 'fault' in told)) return undefined
  if ('fault' in told) throw new BenchFault(`${method}: ${String(told.fault)}`)
  return told.value
}
