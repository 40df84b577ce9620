import type { Rumor } from '../nostr/index.ts'
import { hasRoom, type Archive, type Entry } from './archive.ts'
import type { Kept, Page } from './page.ts'
import { isMessage, kinds, readDeed, type Deed } from './rumors.ts'
import { Thread } from './thread.ts'
import type { AuthorKey, DeliveryState, MessageView } from './view.ts'

/** What is left of a message whose words are erased: its place, for those who answered it. */
const erased = '…'
/** Tags that say whose it is, where it stands, and until when. */
const lasting: ReadonlySet<string> = new Set(['p', 'e', 'subject', 'clock', 'expiration'])

/** One conversation with the pages of it that are loaded: the latest ones, without a gap. */
export class Drawer {
  readonly #archive: Archive
  #thread = new Thread()
  readonly #pages = new Map<number, Page>()
  readonly #delivered = new Set<string>()
  #entry: Entry
  /** The earliest page that is loaded; undefined before the first. */
  #from: number | undefined
  #loading: Promise<void> | undefined

  constructor(archive: Archive, entry: Entry) {
    this.#archive = archive
    this.#entry = entry
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

  messages(self: AuthorKey, deliveryOf: (id: string) => DeliveryState): readonly MessageView[] {
    return this.#thread.slice(0, undefined, self, deliveryOf)
  }

  message(id: string, self: AuthorKey): MessageView | undefined {
    return this.#thread.view(id, self, () => ({ kind: 'delivered' }))
  }

  deed(id: string): Deed | undefined {
    return this.#thread.deed(id)
  }

  holds(id: string): boolean {
    return [...this.#pages.values()].some((page) => page.some(({ rumor }) => rumor.id === id))
  }

  /** Keeps one deed; resolves when a crash would not lose it. Words that are not to be kept any more are not. */
  async append(rumor: Rumor, deed: Deed): Promise<void> {
    await this.load()
    // A removal that is here already may have been cut off before it was done.
    if (!this.holds(rumor.id)) await this.#add(rumor, deed)
    if (deed.act.kind === 'removal') await this.#erase(deed.act.target, deed.from)
  }

  async #add(rumor: Rumor, deed: Deed): Promise<void> {
    const place = this.#thread.placeOf(deed)
    this.#thread.add(deed, place)
    const latest = this.#entry.pages - 1
    const page = this.#pages.get(latest)
    const number = page !== undefined && hasRoom(page) ? latest : this.#entry.pages
    const kept: Kept = { rumor: this.#isErased(deed) ? erasedOf(rumor) : rumor, place }
    const next = [...(this.#pages.get(number) ?? []), kept]
    await this.#archive.writePage(this.#entry, number, next)
    this.#pages.set(number, next)
    const { messageCount, keptCount } = this.#entry
    const more = isMessage(deed.act) ? 1 : 0
    this.change({ pages: number + 1, messageCount: messageCount + more, keptCount: keptCount + 1 })
    this.#from ??= number
  }

  /** The list shows the last words that are still there: what was said before, once the very last are gone. */
  noteRemoval(self: AuthorKey): void {
    const { last } = this.#entry
    if (last === undefined) return
    const left = this.messages(self, () => ({ kind: 'delivered' })).findLast(({ deleted }) => !deleted)
    this.change({ last: left && { text: left.content.slice(0, 200), atMs: left.sentAtMs, own: left.own } })
  }

  /** Erases what has had its time, and tells what that was. Pages that are not loaded are looked at when they are. */
  async sweep(nowMs: number, self: AuthorKey): Promise<readonly string[]> {
    if (this.#from === undefined && this.#entry.lifetimeSeconds === undefined) return []
    await this.load()
    const isOver = ({ expiresAtSeconds }: Deed): boolean => (expiresAtSeconds ?? Infinity) * 1_000 <= nowMs
    const over = new Set(
      [...this.#pages.values()].flatMap((page) =>
        page.flatMap(({ rumor }) => (isOver(readDeed(rumor)) ? rumor.id : [])),
      ),
    )
    if (over.size === 0) return []
    await this.#rewrite((kept) => (over.has(kept.rumor.id) ? undefined : kept))
    const messages = [...over].filter((id) => this.#thread.has(id)).length
    for (const id of over) this.#thread.drop(id)
    this.noteRemoval(self)
    const { messageCount, keptCount } = this.#entry
    this.change({ messageCount: messageCount - messages, keptCount: keptCount - over.size })
    return [...over]
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
  }

  async #loadPage(number: number): Promise<void> {
    const page = await this.#archive.page(this.#entry.id, number)
    this.#pages.set(number, page)
    this.#from = Math.min(this.#from ?? number, number)
    this.#takePage(page)
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

  async #rewrite(step: (kept: Kept) => Kept | undefined): Promise<void> {
    for (const [number, page] of this.#pages) {
      const next = page.flatMap((kept) => step(kept) ?? [])
      if (next.length === page.length && next.every((kept, index) => kept === page[index])) continue
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
