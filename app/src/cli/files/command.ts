import { UsageError } from '@p2pigeon/core'

/** What is to be done with the files of a room. Paths in the room are lists of names, outermost first. */
export type FilesDeed =
  | {
      readonly kind: 'share'
      readonly paths: readonly string[]
      readonly to: readonly string[]
      /** Stay in the room afterwards, so that members who come can learn of it. */
      readonly stays: boolean
    }
  | { readonly kind: 'get'; readonly path: readonly string[]; readonly out: string | undefined }
  | { readonly kind: 'ls'; readonly folder: readonly string[] }
  /** Of this file or folder, what is not the present version; of the room where it is empty, what was deleted. */
  | { readonly kind: 'purge'; readonly path: readonly string[] }
  | {
      readonly kind: 'sync'
      readonly folder: string
      readonly to: readonly string[]
      readonly watches: boolean
      readonly deletes: boolean
    }

export interface FilesCommand {
  readonly kind: 'files'
  /** As it was given; `-` is read from standard input. */
  readonly link: string
  readonly deed: FilesDeed
  readonly name: string | undefined
  /** Origin of the node; by default the one that the link leads to. */
  readonly node: string | undefined
  /** File of the seed; by default the one in PIGEON_DATA. */
  readonly keyFile: string | undefined
  readonly json: boolean
  readonly ephemeral: boolean
  /** How long to wait for members who know the room's files, ms. */
  readonly waitMs: number
  readonly relayUrls: readonly string[]
  readonly bootstrap: readonly string[]
}

export interface DeedOptions {
  readonly to: string | undefined
  readonly out: string | undefined
  readonly stay: boolean
  readonly watch: boolean
  readonly delete: boolean
}

const verbs = ['share', 'get', 'ls', 'sync', 'purge'] as const
type Verb = (typeof verbs)[number]

export const isFilesVerb = (word: string): word is Verb => (verbs as readonly string[]).includes(word)

/** Which options belong to which verb. */
const owners: Readonly<Record<keyof DeedOptions, readonly Verb[]>> = {
  to: ['share', 'sync'],
  out: ['get'],
  stay: ['share'],
  watch: ['sync'],
  delete: ['sync'],
}

/**
 * @param words those after the verb.
 * @throws {UsageError} `bad-arguments`; the message is for the user and quotes no word.
 */
export function parseFilesDeed(
  verb: Verb,
  words: readonly string[],
  options: DeedOptions,
): { readonly link: string; readonly deed: FilesDeed } {
  for (const [option, verbsOfIt] of Object.entries(owners) as [keyof DeedOptions, readonly Verb[]][]) {
    const isGiven = options[option] !== undefined && options[option] !== false
    if (isGiven && !verbsOfIt.includes(verb)) throw usage(`--${option} belongs to pigeon ${verbsOfIt.join(' and ')}.`)
  }
  const [link, ...rest] = words
  if (link === undefined) throw usage('The room link is missing.')
  return { link, deed: deedOf(verb, rest, options) }
}

function deedOf(verb: Verb, words: readonly string[], options: DeedOptions): FilesDeed {
  const to = roomPath(options.to ?? '')
  const [first, ...more] = words
  if (verb === 'share') {
    if (first === undefined) throw usage('Name at least one file or folder to share.')
    return { kind: 'share', paths: words, to, stays: options.stay }
  }
  if (more.length > 0) throw usage('There are too many words; quote a name that has blanks.')
  if (verb === 'ls') return { kind: 'ls', folder: roomPath(first ?? '') }
  if (verb === 'purge') return { kind: 'purge', path: roomPath(first ?? '') }
  if (first === undefined) throw usage(verb === 'get' ? 'Name a file or folder of the room.' : 'Name a folder.')
  if (verb === 'sync') {
    return { kind: 'sync', folder: first, to, watches: options.watch, deletes: options.delete }
  }
  const path = roomPath(first)
  if (path.length === 0) throw usage('Name a file or folder of the room.')
  return { kind: 'get', path, out: options.out }
}

/** `a/b/c` as names; slashes at the ends and double ones say nothing. */
function roomPath(text: string): readonly string[] {
  const names = text.split('/').filter((name) => name !== '')
  if (names.some((name) => name === '.' || name === '..')) throw usage('A path in the room has no dots for names.')
  return names
}

function usage(problem: string): UsageError {
  return new UsageError('bad-arguments', `${problem} See: pigeon help`)
}
