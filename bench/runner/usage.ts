import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'

/** What one participant's browser used during a call. */
export interface Usage {
  /** Of one core, all processes of the browser: 1 is one core busy all the time. */
  readonly cpuCores: number
  /** JavaScript heap of the page after a collection. */
  readonly heapBytes: number
  /** Proportional set size of the page's own process; undefined where the system does not tell (outside Linux). */
  readonly rendererBytes: number | undefined
}

interface ProcessInfo {
  readonly type: string
  readonly id: number
  readonly cpuTime: number
}

/** Watches the browser of `page`, which must be its only page, for `durationMs`. */
export async function measureUsage(browser: Browser, page: Page, durationMs: number): Promise<Usage> {
  const session = await browser.newBrowserCDPSession()
  const processes = async (): Promise<ProcessInfo[]> => (await session.send('SystemInfo.getProcessInfo')).processInfo
  const startedAt = performance.now()
  const before = await processes()
  await new Promise((resolve) => setTimeout(resolve, durationMs))
  const after = await processes()
  const seconds = (performance.now() - startedAt) / 1000
  await session.detach()

  const used = (info: ProcessInfo): number => info.cpuTime - (before.find(({ id }) => id === info.id)?.cpuTime ?? 0)
  // Chromium keeps a spare renderer; the page's is the one that works.
  const renderer = after.filter(({ type }) => type === 'renderer').sort((a, b) => used(b) - used(a))[0]
  return {
    cpuCores: after.reduce((sum, info) => sum + used(info), 0) / seconds,
    heapBytes: await heapOf(page),
    rendererBytes: renderer && (await proportionalSetSize(renderer.id)),
  }
}

async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize
}

async function proportionalSetSize(pid: number): Promise<number | undefined> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
  const kibibytes = /^Pss:\s+(\d+) kB/m.exec(rollup)?.[1]
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024
}
