/*
 * An archive of conversations as docs/protocol/chat.md says it is kept, large and the same each time: words by Zipf's law, one long conversation, a
 * reaction to every eighth message and an edit of every fiftieth.
 */
import { conversationOf, type Slots } from '@p2pigeon/core/chat'

export interface Size {
  readonly conversations: number
  readonly messages: number
  /** Of the messages, those of the longest conversation. */
  readonly longest: number
}

export interface Corpus {
  /** The longest conversation. */
  readonly longest: ReturnType<typeof conversationOf>
  readonly messages: number
  readonly pages: number
}

/** In no other message. */
export const needle = 'quokka'
/** In nearly every message. */
export const common = 'ba'

const pageSize = 200
const wordCount = 20_000
const endSeconds = 1_750_000_000
const syllables = ['ba', 'ke', 'li', 'mo', 'nu', 'pa', 're', 'si', 'to', 'vu', 'wa', 'zé', 'Cha', 'dro', 'fle', 'gri']

/** Numbers that look random, the same each time (xorshift). */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

const random = generator(20_261_128)
const hex = (): string =>
  Array.from({ length: 8 }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('')

function word(rank: number): string {
  let [rest, made] = [rank, '']
  do {
    made += syllables[rest % syllables.length] ?? ''
    rest = Math.floor(rest / syllables.length)
  } while (rest > 0)
  return made
}

/** Rank r is drawn about as often as 1/r. */
function sentence(): string {
  const words = Array.from({ length: 4 + Math.floor(random() * 14) }, () => word(Math.floor(wordCount ** random()) - 1))
  return `${words.join(' ')}.`
}

interface Written {
  readonly rumor: object
  readonly place: number
  readonly delivered?: true
}

interface Said {
  readonly author: string
  readonly other: string
  readonly atSeconds: number
  readonly place: number
}

function kept(kind: number, content: string, { author, other, atSeconds, place }: Said, about?: string): Written {
  const tags = [['p', other], ['clock', String(place)], ...(about === undefined ? [] : [['e', about]])]
  const rumor = { id: hex(), pubkey: author, created_at: atSeconds, kind, tags, content }
  return { rumor, place, delivered: true }
}

function conversation(self: string, other: string, messages: number): Written[] {
  const rows: Written[] = []
  for (let count = 0; count < messages; count++) {
    const author = random() < 0.5 ? self : other
    const atSeconds = endSeconds - (messages - count) * 600 - Math.floor(random() * 600)
    const said = { author, other: author === self ? other : self, atSeconds, place: rows.length + 1 }
    const row = kept(14, sentence(), said)
    const { id } = row.rumor as { readonly id: string }
    rows.push(row)
    if (count % 8 === 0) rows.push(kept(7, '👍', { ...said, place: rows.length + 1 }, id))
    if (count % 50 === 0) rows.push(kept(3_014, sentence(), { ...said, place: rows.length + 1 }, id))
  }
  return rows
}

async function pageName(id: string, page: number): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${id}/${String(page)}`))
  const digits = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `chat.page.${digits.slice(0, 32)}`
}

/** Writes it, as a version that kept nothing for searching would have. */
export async function writeCorpus(slots: Pick<Slots, 'write'>, self: string, size: Size): Promise<Corpus> {
  const write = (name: string, value: unknown): Promise<void> =>
    slots.write(name, new TextEncoder().encode(JSON.stringify(value)))
  const entries: object[] = []
  let [longest, written] = [undefined as Corpus['longest'] | undefined, 0]
  const usual = Math.floor((size.messages - size.longest) / (size.conversations - 1))
  for (let index = 0; index < size.conversations; index++) {
    const other = hex()
    const members = [self, other].sort()
    const id = conversationOf(members)
    longest ??= id
    const messages = index === 0 ? size.longest : usual
    const rows = conversation(self, other, messages)
    // In the middle of the longest one.
    if (index === 0)
      rows[rows.length >> 1] = kept(14, `a ${needle}!`, {
        author: self,
        other,
        atSeconds: endSeconds,
        place: rows.length >> 1,
      })
    const pages = Math.ceil(rows.length / pageSize)
    for (let page = 0; page < pages; page++)
      await write(await pageName(id, page), rows.slice(page * pageSize, (page + 1) * pageSize))
    written += pages
    const last = { text: sentence(), atMs: (endSeconds - index * 3_600) * 1_000, own: false }
    const state = { state: 'open', unread: 0, last, draft: '', muted: false }
    entries.push({ id, members, ...state, messageCount: messages, keptCount: rows.length, pages })
  }
  await write('chat.index', { entries, outbox: [], inboxes: {}, readUntil: {} })
  for (let chunk = 0; chunk < 40; chunk++)
    await write(`chat.seen.${String(chunk)}`, { first: chunk * 500, ids: Array.from({ length: 500 }, hex) })
  if (longest === undefined) throw new RangeError('no conversations')
  return { longest, messages: size.longest + usual * (size.conversations - 1), pages: written }
}
