import { parseArgs } from 'node:util'
import { UsageError } from '@p2pigeon/core'
import { parseEndpoints, parseOrigin, parseSize, parseSocketUrl } from '../config/index.ts'
import { isFilesVerb, parseFilesDeed, type FilesCommand } from './files/index.ts'
import { parseRosterCommand, type RosterCommand } from './roster/index.ts'

interface JoinOptions {
  readonly name: string | undefined
  readonly json: boolean
  readonly ephemeral: boolean
  readonly relayUrls: readonly string[]
  readonly bootstrap: readonly string[]
}

export interface ReplicateCommand {
  readonly kind: 'replicate'
  /** As it was given; `-` is read from standard input. */
  readonly code: string
  readonly quotaBytes: number
  readonly json: boolean
  readonly bootstrap: readonly string[]
}

/** What a volunteer gives who names no quota. */
const defaultReplicaBytes = 10 * 2 ** 30
/** What members get to come and tell of the room's files, and a node to come back. */
const defaultWaitSeconds = 30

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'roster'; readonly roster: RosterCommand }
  | ReplicateCommand
  | FilesCommand
  | ({ readonly kind: 'join'; readonly link: string } & JoinOptions)
  | ({ readonly kind: 'new'; readonly origin: string; readonly join: boolean } & JoinOptions)

const options = {
  name: { type: 'string' },
  json: { type: 'boolean', default: false },
  ephemeral: { type: 'boolean', default: false },
  relay: { type: 'string', multiple: true, default: [] as string[] },
  bootstrap: { type: 'string' },
  origin: { type: 'string' },
  join: { type: 'boolean', default: false },
  key: { type: 'string' },
  days: { type: 'string' },
  blind: { type: 'string' },
  quota: { type: 'string' },
  revoke: { type: 'string', multiple: true, default: [] as string[] },
  node: { type: 'string' },
  wait: { type: 'string' },
  to: { type: 'string' },
  out: { type: 'string' },
  stay: { type: 'boolean', default: false },
  watch: { type: 'boolean', default: false },
  delete: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

function split(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true })
  } catch {
    throw usage('That option is not known or lacks its value.')
  }
}

type Values = ReturnType<typeof split>['values']

function usage(problem: string): UsageError {
  return new UsageError('bad-arguments', `${problem} See: pigeon help`)
}

/** The parsed value, or the usage error that names the option; an absent option stays absent. */
function checked<T>(option: string, text: string | undefined, parse: (text: string) => T | undefined): T | undefined {
  if (text === undefined) return undefined
  const value = parse(text)
  if (value === undefined) throw usage(`The value of --${option} is not right.`)
  return value
}

/**
 * What the words after `pigeon` ask for.
 * @throws {UsageError} `bad-arguments`; the message is for the user and quotes no word, since one may be a room link.
 */
export function parseCommand(words: readonly string[]): Command {
  const { values, positionals } = split(words)
  const [name, link, ...more] = positionals
  if (values.help || name === 'help' || name === undefined) return { kind: 'help' }
  if (name === 'roster') {
    forbidFilesOptions(values)
    return parseRoster(positionals.slice(1), values)
  }
  if (isFilesVerb(name)) return parseFiles(name, positionals.slice(1), values)
  forbidFilesOptions(values)
  if (values.key !== undefined || values.days !== undefined || values.revoke.length > 0) {
    throw usage('--days and --revoke belong to pigeon roster sign, --key there and to share, get, ls, sync and purge.')
  }
  if (name === 'replicate') return parseReplicate(positionals.slice(1), values)
  if (values.blind !== undefined || values.quota !== undefined) {
    throw usage('--blind and --quota belong to pigeon replicate.')
  }
  const join: JoinOptions = {
    name: values.name,
    json: values.json,
    ephemeral: values.ephemeral,
    relayUrls: values.relay.map((url) => checked('relay', url, parseSocketUrl) ?? url),
    bootstrap: checked('bootstrap', values.bootstrap, parseEndpoints) ?? [],
  }
  if (more.length > 0) throw usage('There are too many words; quote a name that has blanks.')
  if (name === 'join') {
    if (link === undefined) throw usage('The room link is missing.')
    if (values.origin !== undefined || values.join) throw usage('--origin and --join belong to pigeon new.')
    return { kind: 'join', link, ...join }
  }
  if (name === 'new') {
    if (link !== undefined) throw usage('pigeon new takes no link.')
    if (join.ephemeral && !values.join)
      throw usage('--ephemeral with new needs --join, or the room would have no host.')
    const origin = checked('origin', values.origin, parseOrigin) ?? 'http://localhost:3060'
    return { kind: 'new', origin, join: values.join, ...join }
  }
  throw usage('That command is not known.')
}

function forbidFilesOptions({ node, wait, to, out, stay, watch, delete: deletes }: Values): void {
  if ([node, wait, to, out].some((value) => value !== undefined) || stay || watch || deletes) {
    throw usage(
      '--node, --wait, --to, --out, --stay, --watch and --delete belong to pigeon share, get, ls, sync and purge.',
    )
  }
}

function parseFiles(verb: Parameters<typeof parseFilesDeed>[0], words: readonly string[], values: Values): Command {
  const { days, revoke, blind, quota, origin, join, key, ephemeral, relay, bootstrap, node, wait, json, name } = values
  if ([days, blind, quota, origin].some((value) => value !== undefined) || revoke.length > 0 || join) {
    throw usage('That option does not belong to commands for files.')
  }
  if (ephemeral && key !== undefined) throw usage('--ephemeral has no key to remember; leave --key out.')
  const { to, out, stay, watch, delete: deletes } = values
  return {
    kind: 'files',
    ...parseFilesDeed(verb, words, { to, out, stay, watch, delete: deletes }),
    ...{ name, keyFile: key, json, ephemeral },
    node: checked('node', node, parseOrigin),
    waitMs: (checked('wait', wait, parseSeconds) ?? defaultWaitSeconds) * 1_000,
    relayUrls: relay.map((url) => checked('relay', url, parseSocketUrl) ?? url),
    bootstrap: checked('bootstrap', bootstrap, parseEndpoints) ?? [],
  }
}

/** Up to an hour. */
function parseSeconds(text: string): number | undefined {
  const seconds = /^\d{1,4}$/u.test(text) ? Number(text) : 0
  return seconds >= 1 && seconds <= 3_600 ? seconds : undefined
}

function parseReplicate(words: readonly string[], values: Values): Command {
  const { blind, quota, json, bootstrap, name, ephemeral, relay, origin, join } = values
  if (words.length > 0) throw usage('pigeon replicate takes no words; the code comes after --blind.')
  if (blind === undefined) throw usage('--blind is missing: the code that a member of the room has.')
  if (ephemeral || join || relay.length > 0 || name !== undefined || origin !== undefined) {
    throw usage('That option does not belong to pigeon replicate.')
  }
  return {
    kind: 'replicate',
    code: blind,
    quotaBytes: checked('quota', quota, parseSize) ?? defaultReplicaBytes,
    json,
    bootstrap: checked('bootstrap', bootstrap, parseEndpoints) ?? [],
  }
}

function parseRoster(words: readonly string[], values: Values): Command {
  const { key, name, days, revoke, json, ephemeral, relay, bootstrap, origin, join, blind, quota } = values
  if (
    blind !== undefined ||
    quota !== undefined ||
    json ||
    ephemeral ||
    join ||
    relay.length > 0 ||
    bootstrap !== undefined ||
    origin !== undefined
  ) {
    throw usage('That option does not belong to pigeon roster.')
  }
  return { kind: 'roster', roster: parseRosterCommand(words, { key, name, days, revoke }) }
}
