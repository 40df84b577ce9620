/*
 * The real page with 1,000 conversations and 100,000 messages: `tsx chat/scroll.ts` in bench/, after `pnpm build`; prints a Markdown table. The floor of a row is
 * the same wheel over a page of plain text of the same height, in the same browser.
 */
import { chromium, type CDPSession, type Page } from 'playwright-core'
import { BenchFault } from '../page/fault.ts'
import { median, percentile } from '../report/index.ts'
import { bundleText } from '../runner/index.ts'
import { startPigeonNode } from '../servers/index.ts'
import { needle, type Corpus } from './corpus.ts'

const size = { conversations: 1_000, messages: 100_000, longest: 10_000 }
const frameMs = 1_000 / 60

interface Smoothness {
  readonly frames: number
  readonly dropped: number
  readonly p99Ms: number
  readonly worstMs: number
}

async function scroll(page: Page, selector: string, stepPx: number, frames: number): Promise<Smoothness> {
  const gaps = await page.evaluate<readonly number[]>(
    `wheel(${JSON.stringify(selector)}, ${String(stepPx)}, ${String(frames)})`,
  )
  const dropped = gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / frameMs) - 1), 0)
  return { frames: gaps.length, dropped, p99Ms: percentile(gaps, 0.99), worstMs: Math.max(...gaps) }
}

async function heapMegabytes(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize / 2 ** 20
}

async function time(row: string, run: () => Promise<unknown>): Promise<void> {
  const start = performance.now()
  await run()
  console.log(`| ${row} | ${(performance.now() - start).toFixed(0)} ms |`)
}

const smooth = ({ frames, dropped, p99Ms, worstMs }: Smoothness): string =>
  `${String(dropped)} of ${String(frames + dropped)} frames dropped, 99th percentile ${p99Ms.toFixed(1)} ms, worst ${worstMs.toFixed(0)} ms`

const node = await startPigeonNode({})
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
})
try {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 800 } })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  const session = await context.newCDPSession(page)
  await page.goto(`${node.url}/#/chat`)
  await page.getByText('No conversations yet').waitFor()
  const script = await bundleText(`import * as inPage from './chat/seed.ts'\nObject.assign(globalThis, inPage)`)
  // A page of the same origin that is not the application.
  await page.route('**/blank', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }))
  await page.addInitScript(script)
  await page.goto(`${node.url}/blank`)
  const corpus = await page.evaluate<Corpus>(`seed(${JSON.stringify(size)})`)

  console.log(
    `Chromium ${browser.version()}, ${String(corpus.messages)} messages on ${String(corpus.pages)} pages\n\n| what | figure |\n| --- | --- |`,
  )
  await page.evaluate(() => {
    document.body.innerHTML = `<div id="plain" style="height:700px;overflow-y:auto">${'<p>A line of plain text.</p>'.repeat(4_000)}</div>`
  })
  console.log(`| floor: scroll plain text | ${smooth(await scroll(page, '#plain', 60, 300))} |`)
  const rows = page.getByRole('list', { name: 'Conversations' }).locator('[data-row]')
  await time('load the page until the list is shown', async () => {
    await page.goto(`${node.url}/#/chat`)
    await rows.first().waitFor()
  })
  console.log(`| heap with the list | ${(await heapMegabytes(session)).toFixed(0)} MB |`)
  console.log(`| elements of the page with the list | ${String(await page.locator('*').count())} |`)
  console.log(`| scroll the list | ${smooth(await scroll(page, 'section .overflow-y-auto', 40, 300))} |`)
  await time('open the longest conversation', async () => {
    await page.evaluate((id) => (location.hash = `#/chat/${id}`), corpus.longest)
    await page.locator('[role=log] article').first().waitFor()
  })
  console.log(`| scroll back through it | ${smooth(await scroll(page, '[role=log]', -120, 900))} |`)
  console.log(`| heap after that | ${(await heapMegabytes(session)).toFixed(0)} MB |`)
  const field = page.getByRole('textbox', { name: 'Message', exact: true })
  const sends: number[] = []
  for (let count = 0; count < 5; count++) {
    const start = performance.now()
    await field.fill(`one more ${String(count)}`)
    await field.press('Enter')
    await page
      .locator('[role=log]')
      .getByText(`one more ${String(count)}`)
      .waitFor()
    sends.push(performance.now() - start)
  }
  console.log(`| send, until it is shown | ${median(sends).toFixed(0)} ms |`)
  const search = async (row: string): Promise<void> => {
    await page.getByRole('searchbox').fill('')
    await time(row, async () => {
      await page.getByRole('searchbox').fill(needle)
      await page.getByRole('searchbox').press('Enter')
      await page.locator('section[aria-labelledby=found] [data-row]').first().waitFor()
    })
  }
  await search('very first search, which makes the digests')
  await page.reload()
  await page.locator('[role=log] article').first().waitFor()
  await search('first search')
  await search('later search')
  console.log(`| heap after searching | ${(await heapMegabytes(session)).toFixed(0)} MB |`)
  await time('go to what was found, 5,000 messages back', async () => {
    await page.locator('section[aria-labelledby=found] [data-row]').first().click()
    await page.locator('[role=log]').getByText(needle).waitFor()
  })
  console.log(`| heap there | ${(await heapMegabytes(session)).toFixed(0)} MB |`)
  await page.getByRole('searchbox').fill('')
  await rows.nth(5).click()
  await page.waitForFunction((id) => !location.hash.includes(id), corpus.longest)
  await page.locator('[role=log] article').first().waitFor()
  console.log(`| heap after leaving it for another | ${(await heapMegabytes(session)).toFixed(0)} MB |`)
} catch (error) {
  throw new BenchFault(`the page could not be measured: ${error instanceof Error ? error.message : ''}`)
} finally {
  await browser.close()
  await node.close()
}
