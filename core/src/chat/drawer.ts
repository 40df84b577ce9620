import type { Rumor } from '../nostr/index.ts'
import { hasRoom, type Archive, type Entry } from './archive.ts'
import type { Kept, Page } from './page.ts'
import { hasRef, refOf, targetOf } from './digest.ts'
import { isMessage, kinds, readDeed, wordsOfMessage, type Deed } from './rumors.ts'
import { Thread } from './thread.ts'
import type { AuthorKey, DeliveryState, MessageView } from './view.ts'

/** What is left of a message whose words are erased: its place, for those who answered it. */
const erased = '…'
/** Tags that say whose it is, where it stands, and until when. */
const lasting: ReadonlySet<string> = new Set(['p', 'e', 'subject', 'clock', 'expiration'])

/** Pages that are not loaded and hold what is over: so many are rewritten at once, and others the next time. */
const maxSweptPages = 8
/** Characters of a message that the list shows. */
const shownLength = 200

/**
 * What has become of a deed that was to be kept. `untold`: it was on its page already, but an index that counts it may not have been written, nor
 * anybody been told of it.
 */
export type Appended = 'new' | 'untold' | 'known'

/** One conversation with the pages of it that are loaded: the latest ones, without a gap. */
export class Drawer {
  readonly #archive: Archive
  readonly #self: AuthorKey
  #thread = new Thread()
  readonly #pages = new Map<number, Page>()
  readonly #delivered = new Set<string>()
  /** On a page; see `Appended`. */
  readonly #untold = new Set<string>()
  /** References of rows on pages that are not loaded, as far as they were asked for; see `#isKept`. Eight characters for each row. */
  readonly #refs = new Map<number, string>()
  /** Pages that could not be swept the last time: others go first. */
  readonly #unswept = new Set<number>()
  #entry: Entry
  /** The earliest page that is loaded; undefined before the first. */
  #from: number | undefined
  #loading: Promise<void> | undefined

  constructor(archive: Archive, entry: Entry, self: AuthorKey) {
    this.#archive = archive
    this.#entry = entry
    this.#self = self
  }

  get entry(): Entry {
    return this.#entry
  }

  get nextClock(): number {
    return this.#thread.nextClock
  }

  get hasEarlier(): boolean {
    return (this.#from ?? this.#entry.pages) > 0
  }

  change(part: Partial<Entry>): void {
    this.#entry = { ...this.#entry, ...part }
  }

  /** Takes a word on how long messages live, unless a later one is known. */
  setLifetime({ clock = 0, sentAtSeconds: atSeconds }: Deed, seconds: number): void {
    const known = this.#entry.lifetimeSetBy
    if (known !== undefined && (known.clock > clock || (known.clock === clock && known.atSeconds > atSeconds))) return
    this.change({ lifetimeSeconds: seconds === 0 ? undefined : seconds, lifetimeSetBy: { clock, atSeconds } })
  }

  /** Loads the latest page, and the one before where that one is short. */
  async load(): Promise<void> {
    this.#loading ??= this.#loadLatest()
    try {
      await this.#loading
    } catch (error) {
      // Read again when it is next asked for.
      this.#loading = undefined
      throw error
    }
  }

  async loadEarlier(): Promise<void> {
    await this.load()
    if (this.#from !== undefined && this.#from > 0) await this.#loadPage(this.#from - 1)
  }

  async loadAll(): Promise<void> {
    await this.load()
    while (this.hasEarlier) await this.loadEarlier()
  }

  /** Lets go of what was loaded beyond the latest pages; false if that is nothing. */
  rest(): boolean {
    const from = Math.max(0, this.#entry.pages - 2)
    if (this.#from === undefined || this.#from >= from) return false
    this.#thread = new Thread()
    this.#from = from
    for (const [number, page] of this.#pages) {
      if (number < from) this.#pages.delete(number)
      else this.#takePage(page)
    }
    return true
  }

  messages(deliveryOf: (id: string) => DeliveryState): readonly MessageView[] {
    return this.#thread.slice(0, undefined, this.#self, deliveryOf)
  }

  message(id: string): MessageView | undefined {
    return this.#thread.view(id, this.#self, () => ({ kind: 'delivered' }))
  }

  deed(id: string): Deed | undefined {
    return this.#thread.deed(id)
  }

  /** Keeps one deed; resolves when a crash would not lose it. Words that are not to be kept any more are not. */
  async append(rumor: Rumor, deed: Deed): Promise<Appended> {
    await this.load()
    const isKept = await this.#isKept(rumor)
    if (!isKept) await this.#add(rumor, deed)
    // A removal that is here already may have been cut off before it was done.
    if (deed.act.kind === 'removal') await this.#erase(deed.act.target, deed.from)
    if (!isKept) return 'new'
    return this.#untold.has(rumor.id) ? 'untold' : 'known'
  }

  /** An index that counts it is written. */
  told(id: string): void {
    this.#untold.delete(id)
  }

  /** Nothing changes unless the page is written. */
  async #add(rumor: Rumor, deed: Deed): Promise<void> {
    const place = this.#thread.placeOf(deed)
    const latest = this.#entry.pages - 1
    const page = this.#pages.get(latest)
    const number = page !== undefined && hasRoom(page) ? latest : this.#entry.pages
    const kept: Kept = { rumor: this.#isErased(deed) ? erasedOf(rumor) : rumor, place }
    const next = [...(this.#pages.get(number) ?? []), kept]
    await this.#archive.writePage(this.#entry, number, next)
    this.#pages.set(number, next)
    this.#thread.add(deed, place)
    this.change({ pages: number + 1, lastRows: next.length })
    this.#from ??= number
    this.#count(deed)
  }

  /** Takes what is on a page now into what the index says of the conversation. */
  #count(deed: Deed): void {
    const { act, id } = deed
    this.#untold.add(id)
    this.change({ keptCount: this.#entry.keptCount + 1 })
    const { expires, pages } = this.#entry
    const until = Math.min(expires?.[pages - 1] ?? Infinity, deed.expiresAtSeconds ?? Infinity)
    if (until !== Infinity) this.change({ expires: { ...expires, [pages - 1]: until } })
    if (!isMessage(act)) return
    this.change({ messageCount: this.#entry.messageCount + 1 })
    // One that was removed before it came is not news.
    if (this.message(id)?.deleted !== false) return
    const own = deed.from === this.#self
    const last = { text: wordsOfMessage(act).slice(0, shownLength), atMs: deed.sentAtSeconds * 1_000, own }
    if (last.atMs >= (this.#entry.last?.atMs ?? 0)) this.change({ last })
    if (!own) this.change({ unread: this.#entry.unread + 1 })
  }

  /** A crash may have come between page and index: what the index lacks of the latest page is counted now. */
  #recount(): void {
    const { pages, lastRows } = this.#entry
    const latest = this.#pages.get(pages - 1)
    if (latest === undefined) return
    for (const { rumor } of latest.slice(lastRows ?? latest.length)) this.#count(readDeed(rumor))
    this.change({ lastRows: latest.length })
  }

  /**
   * Whether it is on any page. Of those that are not loaded the references are asked, which are read once, and a page only if it has a row with the
   * same one.
   */
  async #isKept(rumor: Rumor): Promise<boolean> {
    const isIt = (kept: Kept): boolean => kept.rumor.id === rumor.id
    if ([...this.#pages.values()].some((page) => page.some(isIt))) return true
    const ref = refOf(targetOf(rumor) ?? rumor.id)
    for (let number = (this.#from ?? 0) - 1; number >= 0; number--) {
      const refs = this.#refs.get(number) ?? (await this.#readRefs(number))
      if (hasRef({ refs }, ref) && (await this.#archive.page(this.#entry.id, number)).some(isIt)) return true
    }
    return false
  }

  /** None of a page that cannot be read now: what is new must not wait for it. */
  async #readRefs(number: number): Promise<string> {
    try {
      const refs = await this.#archive.refs(this.#entry.id, number)
      this.#refs.set(number, refs)
      return refs
    } catch {
      return ''
    }
  }

  /** The list shows the last words that are still there: what was said before, once the very last are gone. */
  noteRemoval(): void {
    const { last } = this.#entry
    if (last === undefined) return
    const left = this.messages(() => ({ kind: 'delivered' })).findLast(({ deleted }) => !deleted)
    this.change({ last: left && { text: left.content.slice(0, shownLength), atMs: left.sentAtMs, own: left.own } })
  }

  /** Erases what has had its time, on whatever page, and tells what that was. A page that cannot be read or written is tried again the next time. */
  async sweep(nowMs: number): Promise<readonly string[]> {
    const due = Object.entries(this.#entry.expires ?? {}).flatMap(([number, atSeconds]) =>
      atSeconds * 1_000 <= nowMs ? [Number(number)] : [],
    )
    if (this.#from === undefined && this.#entry.lifetimeSeconds === undefined && due.length === 0) return []
    const isLoaded = await this.load().then(
      () => true,
      () => false,
    )
    const unloaded = due.filter((each) => !this.#pages.has(each))
    const numbers = [
      ...this.#pages.keys(),
      ...[
        ...unloaded.filter((each) => !this.#unswept.has(each)),
        ...unloaded.filter((each) => this.#unswept.has(each)),
      ].slice(0, maxSweptPages),
      // Rows of the latest page that the index has not counted are known once it is loaded.
    ].filter((each) => isLoaded || each !== this.#entry.pages - 1)
    const over: Deed[] = []
    for (const number of numbers) {
      try {
        over.push(...(await this.#sweepPage(number, nowMs)))
        this.#unswept.delete(number)
      } catch {
        this.#unswept.add(number)
      }
    }
    if (over.length === 0) return []
    for (const { id } of over) this.#thread.drop(id)
    // Without the latest page it is not known what stands before; that what is over is not shown any more is.
    if (isLoaded || over.some(({ sentAtSeconds }) => sentAtSeconds * 1_000 === this.#entry.last?.atMs))
      this.noteRemoval()
    const messages = over.filter(({ act }) => isMessage(act)).length
    const { messageCount, keptCount } = this.#entry
    this.change({ messageCount: messageCount - messages, keptCount: keptCount - over.length })
    return over.map(({ id }) => id)
  }

  /** What was over on one page, and is on the disk no more. */
  async #sweepPage(number: number, nowMs: number): Promise<readonly Deed[]> {
    const page = await this.page(number)
    const isOver = ({ expiresAtSeconds }: Deed): boolean => (expiresAtSeconds ?? Infinity) * 1_000 <= nowMs
    const left = page.filter(({ rumor }) => !isOver(readDeed(rumor)))
    if (left.length < page.length) {
      await this.#archive.writePage(this.#entry, number, left)
      if (this.#pages.has(number)) this.#pages.set(number, left)
      if (number === this.#entry.pages - 1) this.change({ lastRows: left.length })
    }
    this.#noteExpiry(number, left)
    return page.map(({ rumor }) => readDeed(rumor)).filter(isOver)
  }

  #noteExpiry(number: number, page: Page): void {
    const first = Math.min(...page.map(({ rumor }) => readDeed(rumor).expiresAtSeconds ?? Infinity))
    const { [number]: known, ...others } = this.#entry.expires ?? {}
    if (first !== (known ?? Infinity))
      this.change({ expires: first === Infinity ? others : { ...others, [number]: first } })
  }

  /** Everybody has this message of ours; see `keepDelivered`. */
  noteDelivered(id: string): void {
    this.#delivered.add(id)
  }

  async keepDelivered(id: string): Promise<void> {
    await this.#rewrite((kept) =>
      kept.rumor.id === id && kept.delivered !== true ? { ...kept, delivered: true } : kept,
    )
  }

  isDelivered(id: string): boolean {
    return this.#delivered.has(id)
  }

  /** One page, as it is kept; nothing is loaded by it. */
  async page(number: number): Promise<Page> {
    return this.#pages.get(number) ?? (await this.#archive.page(this.#entry.id, number))
  }

  async #loadLatest(): Promise<void> {
    if (this.#entry.pages === 0) return
    await this.#loadPage(this.#entry.pages - 1)
    const short = (this.#pages.get(this.#entry.pages - 1)?.length ?? 0) < 50
    if (short && this.#entry.pages > 1) await this.#loadPage(this.#entry.pages - 2)
    this.#recount()
  }

  async #loadPage(number: number): Promise<void> {
    const page = await this.#archive.page(this.#entry.id, number)
    this.#pages.set(number, page)
    this.#from = Math.min(this.#from ?? number, number)
    this.#takePage(page)
    this.#noteExpiry(number, page)
  }

  #takePage(page: Page): void {
    for (const { rumor, place, delivered } of page) {
      this.#thread.add(readDeed(rumor), place)
      if (delivered === true) this.#delivered.add(rumor.id)
    }
  }

  /** Leaves nothing of the words of a message that its author has removed, edits of it included, on whatever page. */
  async #erase(target: string, from: AuthorKey): Promise<void> {
    while (!this.#thread.has(target) && this.hasEarlier) await this.loadEarlier()
    if (!this.#thread.isRemoved(target, from)) return
    await this.#rewrite((kept) =>
      this.#isErased(readDeed(kept.rumor)) && kept.rumor.content !== erased
        ? { ...kept, rumor: erasedOf(kept.rumor) }
        : kept,
    )
  }

  #isErased({ id, from, act }: Deed): boolean {
    if (isMessage(act)) return this.#thread.isRemoved(id, from)
    return act.kind === 'edit' && this.#thread.isRemoved(act.target, from)
  }

  async #rewrite(step: (kept: Kept) => Kept): Promise<void> {
    for (const [number, page] of this.#pages) {
      const next = page.map(step)
      if (next.every((kept, index) => kept === page[index])) continue
      await this.#archive.writePage(this.#entry, number, next)
      this.#pages.set(number, next)
    }
  }
}

/** What is left of a rumor: of a file, neither its name nor its key. */
function erasedOf(rumor: Rumor): Rumor {
  const tags = rumor.tags.filter(([name = '']) => lasting.has(name))
  return { ...rumor, kind: rumor.kind === kinds.file ? kinds.text : rumor.kind, tags, content: erased }
}
