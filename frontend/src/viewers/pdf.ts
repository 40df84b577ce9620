import {
  getDocument,
  GlobalWorkerOptions,
  PDFDataRangeTransport,
  type PDFDocumentProxy,
  type PDFPageProxy,
} from 'pdfjs-dist/legacy/build/pdf.mjs'
import { fewDrawn } from './few-drawn.ts'
import { failed, whenHanded } from './handed.ts'
import type { Handed } from './protocol.ts'
import type { Ranges } from './ranges.ts'

/** Pages that are drawn at a time; others are blank until they come near. */
const maxDrawn = 6
/** Pixels of one page, so that no document decides how much memory its frame takes. */
const maxPagePixels = 16_000_000
/** Of a book with more pages the first are shown. */
const maxPages = 2_000
const rangeBytes = 131_072
const widestPx = 1_000
const marginPx = 12

/** Asks the page for what the document needs, and for nothing else: a book is not fetched for its first page. */
class PageTransport extends PDFDataRangeTransport {
  readonly #ranges: Ranges
  readonly #length: number

  constructor(length: number, ranges: Ranges) {
    super(length, null)
    this.#length = length
    this.#ranges = ranges
  }

  override requestDataRange(begin: number, end: number): void {
    this.#ranges.read(begin, Math.min(end, this.#length)).then((bytes) => this.onDataRange(begin, bytes), failed)
  }
}

whenHanded(async ({ sizeBytes, words, worker }, ranges) => {
  if (!worker) throw new DOMException('no worker was handed over', 'NotSupportedError')
  GlobalWorkerOptions.workerPort = new Worker(URL.createObjectURL(worker))
  const pages = await getDocument({
    range: new PageTransport(sizeBytes, ranges),
    rangeChunkSize: rangeBytes,
    disableAutoFetch: true,
    disableStream: true,
    enableXfa: false,
    useSystemFonts: true,
    useWasm: false,
    useWorkerFetch: false,
    maxImageSize: maxPagePixels,
  }).promise
  await show(pages, words)
})

async function show(pages: PDFDocumentProxy, words: Handed['words']): Promise<void> {
  const first = await pages.getPage(1)
  const count = Math.min(pages.numPages, maxPages)
  const book = document.createElement('div')
  book.className = 'book'
  const draw = fewDrawn(maxDrawn)
  const sheets = new Map<Element, Sheet>()
  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        const sheet = sheets.get(target)
        if (isIntersecting && sheet) draw(sheet)
      }
    },
    { rootMargin: '25% 0px' },
  )
  for (let number = 1; number <= count; number += 1) {
    const label = words.page.replace('{n}', number.toString()).replace('{all}', pages.numPages.toString())
    const sheet = new Sheet(() => pages.getPage(number), first, label)
    sheets.set(sheet.element, sheet)
    book.append(sheet.element)
    near.observe(sheet.element)
  }
  document.body.replaceChildren(book)
}

/** One page: its canvas while it is near, and its text for whoever does not see that. */
class Sheet {
  readonly element = document.createElement('section')
  readonly #page: () => Promise<PDFPageProxy>

  constructor(page: () => Promise<PDFPageProxy>, like: PDFPageProxy, label: string) {
    this.#page = page
    this.element.setAttribute('aria-label', label)
    this.#size(like)
  }

  async draw(signal: AbortSignal): Promise<void> {
    const page = await this.#page()
    signal.throwIfAborted()
    const { width, scale } = this.#size(page)
    const { width: fullWidth, height: fullHeight } = page.getViewport({ scale })
    const wished = Math.min(2, devicePixelRatio)
    const sharpness = Math.min(wished, Math.sqrt(maxPagePixels / (fullWidth * fullHeight)))
    const viewport = page.getViewport({ scale: scale * sharpness })
    const canvas = document.createElement('canvas')
    canvas.width = Math.ceil(viewport.width)
    canvas.height = Math.ceil(viewport.height)
    canvas.style.width = `${width}px`
    const drawing = page.render({ canvas, viewport })
    const stop = (): void => drawing.cancel()
    signal.addEventListener('abort', stop, { once: true })
    await drawing.promise.finally(() => signal.removeEventListener('abort', stop))
    const said = document.createElement('p')
    said.className = 'said'
    const { items } = await page.getTextContent()
    signal.throwIfAborted()
    said.textContent = items.map((item) => ('str' in item ? item.str : '')).join(' ')
    this.element.replaceChildren(canvas, said)
  }

  clear(): void {
    this.element.replaceChildren()
  }

  #size(page: PDFPageProxy): { readonly width: number; readonly scale: number } {
    const plain = page.getViewport({ scale: 1 })
    const width = Math.max(1, Math.min(widestPx, document.documentElement.clientWidth - 2 * marginPx))
    const scale = width / plain.width
    this.element.style.width = `${width}px`
    this.element.style.height = `${plain.height * scale}px`
    return { width, scale }
  }
}
