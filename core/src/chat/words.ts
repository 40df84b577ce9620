import { fromUtf8, utf8 } from '../bytes/index.ts'
import type { Slots } from './slots.ts'
import type { Digest } from './digest.ts'
import { maxPageWords, maxShelfBytes, maxShelfBytesInMemory, wordShelves } from './limits.ts'
import type { ConversationId } from './view.ts'

/** Of another version: made again. */
const version = 1

/** Names a page inside of sealed slots. */
export type PageKey = string & { readonly __brand: 'PageKey' }

interface Shelf {
  readonly digests: ReadonlyMap<PageKey, Digest>
  /** Length of it as it is kept, in bytes. */
  readonly size: number
}

interface Kept {
  readonly version: number
  readonly digests: Readonly<Record<PageKey, Digest>>
}

export function pageKey(id: ConversationId, number: number): PageKey {
  return `${id}/${String(number)}` as PageKey
}

/**
 * The digests of all pages, on a fixed number of shelves: a change writes one of them, a search reads them all. A digest is written before its page,
 * so a crash in between leaves one that knows too much of a page (which a search finds out when it opens it), never too little, and erased words leave
 * here first.
 */
export class Words {
  readonly #slots: Slots
  /** The latest used last. */
  readonly #shelves = new Map<number, Shelf>()

  constructor(slots: Slots) {
    this.#slots = slots
  }

  /** Resolves when a crash would not lose it any more. */
  async write(id: ConversationId, number: number, digest: Digest): Promise<void> {
    const place = shelfOf(id, number)
    const { digests, size } = await this.#shelf(place)
    const key = pageKey(id, number)
    const next = bounded(digest, size)
    if (isSame(digests.get(key), next)) return
    await this.#keep(place, new Map(digests).set(key, next))
  }

  /** The references of one page, and, after a crash, maybe of more than is on it; undefined where there is no digest of it. */
  async refs(id: ConversationId, number: number): Promise<string | undefined> {
    return (await this.#shelf(shelfOf(id, number))).digests.get(pageKey(id, number))?.refs
  }

  async remove(id: ConversationId, pages: number): Promise<void> {
    const keys = Array.from({ length: pages }, (_, number) => pageKey(id, number))
    for (const place of new Set(keys.map((_, number) => shelfOf(id, number)))) {
      const { digests } = await this.#shelf(place)
      const left = new Map(digests)
      for (const key of keys) left.delete(key)
      if (left.size < digests.size) await this.#keep(place, left)
    }
  }

  /**
   * The digests of one shelf, of no others than these pages. One that is missing is made by `make`, unless that gives none; one of a page that there
   * is not, which a crash has left, is dropped.
   */
  async shelf(
    place: number,
    wanted: readonly PageKey[],
    make: (key: PageKey) => Promise<Digest | undefined>,
  ): Promise<ReadonlyMap<PageKey, Digest>> {
    const { digests } = await this.#shelf(place)
    if (digests.size === wanted.length && wanted.every((key) => digests.has(key))) return digests
    const mended = new Map<PageKey, Digest>()
    let size = 0
    for (const key of wanted) {
      const made = digests.get(key) ?? (await make(key))
      if (made === undefined) continue
      const digest = bounded(made, size)
      size += sizeOf(digest)
      mended.set(key, digest)
    }
    const isAsItWas = mended.size === digests.size && [...mended.keys()].every((key) => digests.has(key))
    if (!isAsItWas) await this.#keep(place, mended)
    return mended
  }

  async #shelf(place: number): Promise<Shelf> {
    const known = this.#shelves.get(place)
    if (known !== undefined) return known
    const shelf = await this.#read(place)
    this.#hold(place, shelf)
    return shelf
  }

  /** A shelf that cannot be read is as good as empty: everything on it is made again, and no message waits for it. */
  async #read(place: number): Promise<Shelf> {
    try {
      const bytes = await this.#slots.read(shelfName(place))
      // Nobody but us has written it: the slots are sealed.
      const kept = bytes && (JSON.parse(fromUtf8(bytes)) as Kept)
      const digests = kept?.version === version ? kept.digests : {}
      return { digests: new Map(Object.entries(digests) as [PageKey, Digest][]), size: bytes?.length ?? 0 }
    } catch {
      return { digests: new Map(), size: 0 }
    }
  }

  async #keep(place: number, digests: ReadonlyMap<PageKey, Digest>): Promise<void> {
    const bytes = utf8(JSON.stringify({ version, digests: Object.fromEntries(digests) } satisfies Kept))
    await this.#slots.write(shelfName(place), bytes)
    this.#hold(place, { digests, size: bytes.length })
  }

  #hold(place: number, shelf: Shelf): void {
    this.#shelves.delete(place)
    this.#shelves.set(place, shelf)
    let total = [...this.#shelves.values()].reduce((sum, { size }) => sum + size, 0)
    for (const [oldest, { size }] of this.#shelves) {
      if (total <= maxShelfBytesInMemory) return
      this.#shelves.delete(oldest)
      total -= size
    }
  }
}

/** Ids are hashes: their digits spread by themselves. Pages of one conversation follow each other on different shelves. */
export function shelfOf(id: ConversationId, number: number): number {
  return (Number.parseInt(id.slice(0, 6), 16) + number) % wordShelves
}

function shelfName(place: number): string {
  return `chat.words.${String(place)}`
}

/** A page, or a shelf, that somebody has filled with long messages is not rewritten with each of them: its words are read where they stand. */
function bounded(digest: Digest, shelfSize: number): Digest {
  const fits = sizeOf(digest) <= maxPageWords && shelfSize + sizeOf(digest) <= maxShelfBytes
  return fits ? digest : { ...digest, words: undefined }
}

function sizeOf({ words }: Digest): number {
  return words?.length ?? 0
}

function isSame(known: Digest | undefined, { refs, at, words }: Digest): boolean {
  if (known === undefined) return false
  return known.words === words && known.refs === refs && known.at.every((time, row) => time === at[row])
}
