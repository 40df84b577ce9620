import { digestOf, hitsIn, holdsAll, refOf, sentAt, targetOf, wordsOf, aboutAnother, type Digest } from './digest.ts'
import type { Page } from './page.ts'
import type { Drawer } from './drawer.ts'
import { folded } from './folded.ts'
import { wordShelves } from './limits.ts'
import { readDeed } from './rumors.ts'
import { Thread } from './thread.ts'
import type { AuthorKey, ConversationId, DeliveryState, FoundMessage, MessageView } from './view.ts'
import { pageKey, shelfOf, type PageKey, type Words } from './words.ts'

/** Shelves that are read together, and pages: one after the other would mostly be waiting. */
const together = 16

export interface SearchPorts {
  readonly words: Words
  readonly drawers: ReadonlyMap<ConversationId, Drawer>
  readonly self: AuthorKey
  readonly nowMs: number
  readonly stateOf: (conversation: ConversationId, message: string) => DeliveryState
  /** Nothing is written while a step is under way. */
  readonly inOrder: <Done>(step: () => Promise<Done>) => Promise<Done>
}

/** Digests of one conversation by page. */
type Digests = ReadonlyMap<number, Digest>

/** A message that may be what is looked for: its digest says so, which is no more than a good reason to open its pages. */
interface Candidate {
  readonly conversation: ConversationId
  readonly ref: string
  /** Unix seconds. */
  readonly at: number
}

/**
 * The latest messages that hold all these words as they stand now, exactly those that reading everything would give: by time, then by id. Requests
 * are not looked at. Opens only pages of messages that it gives or that were edited. A page that cannot be read is passed over: what is on it is not
 * found, or not as it stands now, until it can be.
 */
export async function search(query: string, limit: number, ports: SearchPorts): Promise<readonly FoundMessage[]> {
  const words = wordsOf(query)
  if (words.length === 0) return []
  const digests = await readDigests(ports)
  const candidates = [...digests].flatMap(([conversation, pages]) => candidatesIn(conversation, pages, words))
  candidates.sort((a, b) => b.at - a.at)
  return ports.inOrder(() => new Resolver(ports, digests, words).latest(candidates, limit))
}

/** Digests of conversations that are no requests. */
async function readDigests({ words, drawers, inOrder }: SearchPorts): Promise<ReadonlyMap<ConversationId, Digests>> {
  const found = new Map<ConversationId, Map<number, Digest>>()
  for (let first = 0; first < wordShelves; first += together) {
    await inOrder(async () => {
      const wanted = pagesByShelf(drawers)
      const places = Array.from({ length: Math.min(together, wordShelves - first) }, (_, index) => first + index)
      const shelves = places.map(async (place) => {
        const pages = wanted.get(place) ?? new Map<PageKey, PlaceOfPage>()
        const shelf = await words.shelf(place, [...pages.keys()], async (key) => {
          const place = pages.get(key)
          const page = place && (await readable(place.drawer, place.number))
          return page && digestOf(page)
        })
        for (const [key, { drawer, number }] of pages) {
          const digest = shelf.get(key)
          if (digest === undefined) continue
          const page = digest.words === undefined ? await readable(drawer, number) : undefined
          const known = found.get(drawer.entry.id) ?? new Map<number, Digest>()
          found.set(drawer.entry.id, known.set(number, page ? digestOf(page) : digest))
        }
      })
      await Promise.all(shelves)
    })
  }
  return found
}

/** Undefined for a page that cannot be read now. */
async function readable(drawer: Drawer, number: number): Promise<Page | undefined> {
  try {
    return await drawer.page(number)
  } catch {
    return undefined
  }
}

interface PlaceOfPage {
  readonly drawer: Drawer
  readonly number: number
}

function pagesByShelf(drawers: ReadonlyMap<ConversationId, Drawer>): Map<number, Map<PageKey, PlaceOfPage>> {
  const shelves = new Map<number, Map<PageKey, PlaceOfPage>>()
  for (const [id, drawer] of drawers) {
    if (drawer.entry.state !== 'open') continue
    for (let number = 0; number < drawer.entry.pages; number++) {
      const place = shelfOf(id, number)
      const pages = shelves.get(place) ?? new Map<PageKey, PlaceOfPage>()
      shelves.set(place, pages.set(pageKey(id, number), { drawer, number }))
    }
  }
  return shelves
}

function candidatesIn(conversation: ConversationId, digests: Digests, words: readonly string[]): Candidate[] {
  const byRef = new Map<string, number>()
  for (const digest of digests.values()) {
    for (const { ref, at } of hitsIn(digest, words)) {
      const known = byRef.get(ref) ?? aboutAnother
      byRef.set(ref, Math.max(known, at === aboutAnother ? sentAtIn(digests, ref) : at))
    }
  }
  return [...byRef].flatMap(([ref, at]) => (at === aboutAnother ? [] : { conversation, ref, at }))
}

/** `aboutAnother` if nobody has sent it: what is edited has not come. */
function sentAtIn(digests: Digests, ref: string): number {
  return Math.max(aboutAnother, ...[...digests.values()].map((digest) => sentAt(digest, ref) ?? aboutAnother))
}

/** Looks at what is kept of messages that may be what is looked for. */
class Resolver {
  readonly #ports: SearchPorts
  readonly #digests: ReadonlyMap<ConversationId, Digests>
  readonly #words: readonly string[]
  readonly #pages = new Map<PageKey, Promise<Page>>()

  constructor(ports: SearchPorts, digests: ReadonlyMap<ConversationId, Digests>, words: readonly string[]) {
    this.#ports = ports
    this.#digests = digests
    this.#words = words
  }

  async latest(candidates: readonly Candidate[], limit: number): Promise<readonly FoundMessage[]> {
    const found: FoundMessage[] = []
    for (let first = 0; first < candidates.length; first += together) {
      const some = candidates.slice(first, first + together)
      const oldest = found[limit - 1]?.message.sentAtMs ?? -Infinity
      // Those of the same second are ordered by id, so all of them are looked at.
      if ((some[0]?.at ?? 0) * 1_000 < oldest) break
      found.push(...(await Promise.all(some.map((candidate) => this.#messages(candidate)))).flat())
      found.sort(byTime)
    }
    return found.slice(0, limit)
  }

  /** The messages of that reference, more than one only if their ids begin alike, that hold the words as they stand now. */
  async #messages({ conversation, ref }: Candidate): Promise<FoundMessage[]> {
    const drawer = this.#ports.drawers.get(conversation)
    if (drawer === undefined) return []
    const numbers = [...(this.#digests.get(conversation) ?? [])].filter(([, { refs }]) => refs.includes(ref))
    const pages = await Promise.all(numbers.map(([number]) => this.#page(drawer, number)))
    const thread = new Thread()
    const ids: string[] = []
    for (const { rumor, place, delivered } of pages.flat()) {
      const target = targetOf(rumor)
      if (refOf(target ?? rumor.id) !== ref) continue
      thread.add(readDeed(rumor), place)
      if (target === undefined) ids.push(rumor.id)
      if (delivered === true) drawer.noteDelivered(rumor.id)
    }
    return ids.flatMap((id) => {
      const message = thread.view(id, this.#ports.self, (each) => this.#ports.stateOf(conversation, each))
      return message !== undefined && this.#isMeant(message) ? { conversation, message } : []
    })
  }

  #isMeant({ deleted, content, expiresAtMs = Infinity }: MessageView): boolean {
    return !deleted && expiresAtMs > this.#ports.nowMs && holdsAll(folded(content), this.#words)
  }

  #page(drawer: Drawer, number: number): Promise<Page> {
    const key = pageKey(drawer.entry.id, number)
    const known = this.#pages.get(key)
    if (known !== undefined) return known
    const page = readable(drawer, number).then((read) => read ?? [])
    this.#pages.set(key, page)
    return page
  }
}

function byTime({ message: a }: FoundMessage, { message: b }: FoundMessage): number {
  return b.sentAtMs - a.sentAtMs || (a.id < b.id ? -1 : 1)
}
