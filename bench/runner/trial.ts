import type { Browser, Page } from 'playwright-core'
import type { JoinSettings } from '../page/contender.ts'
import { BenchFault } from '../page/fault.ts'
// The type of `window.bench` inside the pages.
import type {} from '../page/harness.ts'
import type { BrowserPair } from './browsers.ts'
import { measureUsage, type Usage } from './usage.ts'

const stepTimeoutMs = 20_000
/** The host has been in the room for a while when someone comes: connections it keeps ready are ready. */
const settleMs = 500
/** Between trials: the processes of closed pages end and leave the cores free. */
const restMs = 250
const roundTrips = 200
const warmUpRoundTrips = 20
const floodMs = 2_000
const usageMs = 2_000

/** One row of the table. */
export interface Contender {
  readonly name: string
  /** Address of its page. */
  readonly page: string
  readonly hostEndpoint: string
  readonly joinerEndpoint: string
  /** See `JoinSettings.ice`. */
  readonly ice: string | undefined
}

export interface ChannelFigures {
  readonly openedMs: number
  /** Sorted by time of measurement. */
  readonly roundTripMs: readonly number[]
  /** Only when the trial was asked to flood. */
  readonly messagesPerSecond: number | undefined
}

export interface CallFigures {
  readonly openedMs: number
  readonly firstFrameMs: number
  readonly usage: Usage | undefined
}

/** A call without camera: time to an open channel, round trips, and a flood when `flood`. */
export function channelTrial(
  pair: BrowserPair,
  contender: Contender,
  options: { flood: boolean },
): Promise<ChannelFigures> {
  return inRoom(pair, contender, false, async ({ page }) => {
    const openedMs = await within('data channel', page, () => window.bench.opened)
    const times = await within(
      'round trips',
      page,
      (count) => window.bench.roundTrips(count),
      warmUpRoundTrips + roundTrips,
    )
    const flood = options.flood ? await within('flood', page, (ms) => window.bench.flood(ms), floodMs) : undefined
    if (flood && flood.received !== flood.sent) throw new BenchFault(`lost ${flood.sent - flood.received} messages`)
    return {
      openedMs,
      roundTripMs: times.slice(warmUpRoundTrips),
      messagesPerSecond: flood && ((flood.received - 1) / flood.elapsedMs) * 1000,
    }
  })
}

/** A call with camera and microphone on both sides: time to the first frame, and what it costs when `usage`. */
export function callTrial(pair: BrowserPair, contender: Contender, options: { usage: boolean }): Promise<CallFigures> {
  return inRoom(pair, contender, true, async ({ page, browser }) => {
    const openedMs = await within('data channel', page, () => window.bench.opened)
    const firstFrameMs = await within('first frame', page, () => window.bench.firstFrame)
    const usage = options.usage ? await measureUsage(browser, page, usageMs) : undefined
    return { openedMs, firstFrameMs, usage }
  })
}

/** What a host of `contender` gives to those it invites. */
export async function invitation(pair: BrowserPair, contender: Contender): Promise<string> {
  const visit = await visitPage(pair.host)
  try {
    await visit.page.goto(
      addressFor(contender, {
        role: 'host',
        room: '',
        media: false,
        endpoint: contender.hostEndpoint,
        ice: contender.ice,
      }),
    )
    return await within('host', visit.page, () => window.bench.ready)
  } finally {
    await visit.close()
  }
}

const addressFor = (contender: Contender, settings: JoinSettings): string =>
  `${contender.page}?settings=${encodeURIComponent(JSON.stringify(settings))}`

interface Visit {
  readonly browser: Browser
  readonly page: Page
  /** What the page complained of. */
  readonly complaints: string[]
  close(): Promise<void>
}

/** Lets the host in, then the joiner, measures, and closes both pages whatever happens. */
async function inRoom<T>(
  pair: BrowserPair,
  contender: Contender,
  media: boolean,
  measure: (joiner: Visit) => Promise<T>,
): Promise<T> {
  const visits: Visit[] = []
  const enter = async (browser: Browser, settings: JoinSettings): Promise<Visit> => {
    const visit = await visitPage(browser)
    visits.push(visit)
    await visit.page.goto(addressFor(contender, settings))
    return visit
  }
  try {
    const name = `bench-${crypto.randomUUID()}`
    const host = await enter(pair.host, {
      role: 'host',
      room: name,
      media,
      endpoint: contender.hostEndpoint,
      ice: contender.ice,
    })
    const room = await within('host', host.page, () => window.bench.ready)
    await new Promise((resolve) => setTimeout(resolve, settleMs))
    const joiner = await enter(pair.joiner, {
      role: 'joiner',
      room,
      media,
      endpoint: contender.joinerEndpoint,
      ice: contender.ice,
    })
    return await measure(joiner)
  } catch (fault) {
    const words = visits.flatMap(({ complaints }) => complaints.slice(-3))
    throw new BenchFault([String(fault), ...words].join(' | '), { cause: fault })
  } finally {
    await Promise.all(visits.map(({ page }) => page.evaluate(() => void window.bench.leave()).catch(() => undefined)))
    await Promise.all(visits.map((visit) => visit.close()))
    await new Promise((resolve) => setTimeout(resolve, restMs))
  }
}

async function visitPage(browser: Browser): Promise<Visit> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  return { browser, page, complaints, close: () => context.close() }
}

/** Evaluates in the page, 20 s at most. */
async function within<T, A = undefined>(
  what: string,
  page: Page,
  run: (argument: A) => T | Promise<T>,
  argument?: A,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new BenchFault(`${what}: nothing in ${stepTimeoutMs} ms`)), stepTimeoutMs)
  })
  try {
    return await Promise.race([page.evaluate<T>(run as never, argument), late])
  } finally {
    clearTimeout(timer)
  }
}
