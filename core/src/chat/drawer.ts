import type { Rumor } from '../nostr/index.ts'
import { hasRoom, type Archive, type Entry, type Page } from './archive.ts'
import { folded } from './folded.ts'
import { readDeed, type Deed } from './rumors.ts'
import { Thread } from './thread.ts'
import type { AuthorKey, DeliveryState, MessageView } from './view.ts'

/** What is left of a message whose words are erased: its place, for those who answered it. */
const erased = '…'

/** One conversation with the pages of it that are loaded: the latest ones, without a gap. */
export class Drawer {
  readonly #archive: Archive
  readonly #thread = new Thread()
  readonly #pages = new Map<number, Page>()
  /** Words of each message as they are searched for. */
  readonly #words = new Map<string, string>()
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

  /** Loads the latest page, and the one before where that one is short. */
  async load(): Promise<void> {
    this.#loading ??= this.#loadLatest()
    await this.#loading
  }

  async loadEarlier(): Promise<void> {
    await this.load()
    if (this.#from !== undefined && this.#from > 0) await this.#loadPage(this.#from - 1)
  }

  async loadAll(): Promise<void> {
    await this.load()
    while (this.hasEarlier) await this.loadEarlier()
  }

  messages(self: AuthorKey, deliveryOf: (id: string) => DeliveryState): readonly MessageView[] {
    return this.#thread.slice(0, undefined, self, deliveryOf)
  }

  message(id: string, self: AuthorKey): MessageView | undefined {
    return this.#thread.view(id, self, () => ({ kind: 'delivered' }))
  }

  holds(id: string): boolean {
    return [...this.#pages.values()].some((page) => page.some((rumor) => rumor.id === id))
  }

  /** Keeps one deed; resolves when a crash would not lose it. */
  async append(rumor: Rumor, deed: Deed): Promise<void> {
    await this.load()
    const latest = this.#entry.pages - 1
    const page = this.#pages.get(latest)
    const number = page !== undefined && hasRoom(page) ? latest : this.#entry.pages
    const next = [...(this.#pages.get(number) ?? []), rumor]
    await this.#archive.writePage(this.#entry.id, number, next)
    this.#pages.set(number, next)
    const { act } = deed
    const isMessage = act.kind === 'text'
    this.change({ pages: number + 1, messageCount: this.#entry.messageCount + (isMessage ? 1 : 0) })
    this.#from ??= number
    this.#take(deed)
    if (act.kind === 'removal' && this.#thread.deed(act.target)?.from === deed.from) {
      await this.#rewrite((kept) => (kept.id === act.target ? { ...kept, content: erased } : kept))
    }
  }

  /** Erases what has had its time; true if there was any. Pages that are not loaded are looked at when they are. */
  async sweep(nowMs: number): Promise<boolean> {
    if (this.#from === undefined && this.#entry.lifetimeSeconds === undefined) return false
    await this.load()
    const isOver = ({ expiresAtSeconds }: Deed): boolean => (expiresAtSeconds ?? Infinity) * 1_000 <= nowMs
    const over = new Set(
      [...this.#pages.values()].flatMap((page) => page.flatMap((rumor) => (isOver(readDeed(rumor)) ? rumor.id : []))),
    )
    if (over.size === 0) return false
    await this.#rewrite((rumor) => (over.has(rumor.id) ? undefined : rumor))
    for (const id of over) {
      this.#thread.drop(id)
      this.#words.delete(id)
    }
    const { last } = this.#entry
    const latest = this.#thread.slice(-1, undefined, '', () => ({ kind: 'delivered' }))[0]
    const shown = latest && last && { text: latest.content.slice(0, 200), atMs: latest.sentAtMs, own: last.own }
    this.change({ messageCount: Math.max(0, this.#entry.messageCount - over.size), last: shown })
    return true
  }

  /** Loaded messages that hold all these words. */
  find(words: readonly string[], self: AuthorKey, deliveryOf: (id: string) => DeliveryState): MessageView[] {
    const found: MessageView[] = []
    for (const [id, text] of this.#words) {
      if (!words.every((word) => text.includes(word))) continue
      const message = this.#thread.view(id, self, deliveryOf)
      if (message !== undefined && !message.deleted) found.push(message)
    }
    return found
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
    for (const rumor of page) this.#take(readDeed(rumor))
  }

  async #rewrite(step: (rumor: Rumor) => Rumor | undefined): Promise<void> {
    for (const [number, page] of this.#pages) {
      const next = page.flatMap((rumor) => step(rumor) ?? [])
      if (next.length === page.length && next.every((rumor, index) => rumor === page[index])) continue
      await this.#archive.writePage(this.#entry.id, number, next)
      this.#pages.set(number, next)
    }
  }

  #take(deed: Deed): void {
    this.#thread.add(deed)
    const { act } = deed
    if (act.kind === 'text') this.#words.set(deed.id, folded(act.content))
    else if (act.kind === 'edit' && this.#thread.deed(act.target)?.from === deed.from) {
      this.#words.set(act.target, folded(act.content))
    } else if (act.kind === 'removal') this.#words.delete(act.target)
  }
}
