import { tagValue, type Rumor } from '../nostr/index.ts'
import type { Page } from './page.ts'
import { noteName } from './files/index.ts'
import { folded } from './folded.ts'
import { kinds } from './rumors.ts'

/** Digits of an id by which rows are found. Two messages that share them cost a page that is opened for nothing. */
const refLength = 8

/** What a search knows of one page without opening it. Row by row as on the page. */
export interface Digest {
  /** Which message each row is, or is about, by the first digits of its id; all in one text. */
  readonly refs: string
  /** When each message was sent, Unix seconds; `aboutAnother` for a row that is about one. */
  readonly at: readonly number[]
  /** A line for each row: every folded word of a text or an edit once. Undefined where that was too much to be kept: whoever wants to know opens the page. */
  readonly words: string | undefined
}

/** A row that may be what is looked for. */
export interface Hit {
  readonly ref: string
  /** As in `Digest.at`. */
  readonly at: number
}

export const aboutAnother = -1

/** Follows from the page alone, so a digest that is missing can always be made again. */
export function digestOf(page: Page): Digest {
  return {
    refs: page.map(({ rumor }) => refOf(targetOf(rumor) ?? rumor.id)).join(''),
    at: page.map(({ rumor }) => (targetOf(rumor) === undefined ? rumor.created_at : aboutAnother)),
    words: page.map(({ rumor }) => lineOf(rumor)).join('\n'),
  }
}

export function refOf(id: string): string {
  return id.slice(0, refLength)
}

/** True if one of the rows has this reference. */
export function hasRef({ refs }: Pick<Digest, 'refs'>, ref: string): boolean {
  for (let place = refs.indexOf(ref); place >= 0; place = refs.indexOf(ref, place + 1))
    if (place % refLength === 0) return true
  return false
}

/** The words of a query, none of which holds white space. */
export function wordsOf(query: string): readonly string[] {
  return folded(query).split(/\s+/u).filter(Boolean)
}

/** True for a text that holds each of the words, also inside of longer ones. */
export function holdsAll(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word))
}

/** Rows whose text holds each of the words. */
export function hitsIn({ refs, at, words: lines }: Digest, words: readonly string[]): readonly Hit[] {
  if (lines === undefined || !holdsAll(lines, words)) return []
  return lines
    .split('\n')
    .flatMap((line, row) =>
      holdsAll(line, words)
        ? { ref: refs.slice(row * refLength, (row + 1) * refLength), at: at[row] ?? aboutAnother }
        : [],
    )
}

/** When the messages of that reference were sent, the latest if there are several; undefined where there is none. */
export function sentAt({ refs, at }: Digest, ref: string): number | undefined {
  if (!refs.includes(ref)) return undefined
  const times = at.filter((time, row) => time !== aboutAnother && refs.startsWith(ref, row * refLength))
  return times.length === 0 ? undefined : Math.max(...times)
}

/** The message that an edit, a removal or a reaction is about; undefined for what is a message itself. */
export function targetOf(rumor: Rumor): string | undefined {
  const isAbout = rumor.kind === kinds.edit || rumor.kind === kinds.removal || rumor.kind === kinds.reaction
  return isAbout ? tagValue(rumor, 'e') : undefined
}

function lineOf(rumor: Rumor): string {
  const { kind, content } = rumor
  if (kind !== kinds.text && kind !== kinds.edit && kind !== kinds.file) return ''
  const said = kind === kinds.file ? noteName(tagValue(rumor, 'name') ?? '') : content
  return [...new Set(wordsOf(said))].join(' ')
}
