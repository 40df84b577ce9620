import { UsageError } from '@p2pigeon/core'

/** What the words after `pigeon roster` ask for. */
export type RosterCommand =
  | { readonly kind: 'key'; readonly file: string }
  | {
      readonly kind: 'sign'
      readonly keyFile: string
      readonly organisation: string
      readonly days: number
      /** Ids, contact links or codes. */
      readonly revoke: readonly string[]
      readonly membersFile: string
      readonly out: string
    }
  | { readonly kind: 'show'; readonly file: string }

export interface RosterOptions {
  readonly key: string | undefined
  readonly name: string | undefined
  readonly days: string | undefined
  readonly revoke: readonly string[]
}

/** A quarter: short enough that a lost revocation does not matter for long, long enough not to be a chore. */
const defaultDays = 90
/** Ten years. */
const maxDays = 3_660

/**
 * @param words those after `roster`.
 * @throws {UsageError} `bad-arguments`; the message is for the user and quotes no word.
 */
export function parseRosterCommand(words: readonly string[], options: RosterOptions): RosterCommand {
  const [verb, first, second, ...more] = words
  if (verb === 'sign') return parseSign([first, second, ...more], options)
  const { key, name, days, revoke } = options
  if (key !== undefined || name !== undefined || days !== undefined || revoke.length > 0) {
    throw usage('--key, --name, --days and --revoke belong to pigeon roster sign.')
  }
  if (verb !== 'key' && verb !== 'show') throw usage('pigeon roster knows key, sign and show.')
  if (first === undefined) throw usage('The file is missing.')
  if (second !== undefined) throw usage('There are too many words; quote a file that has blanks.')
  return { kind: verb, file: first }
}

function parseSign(files: readonly (string | undefined)[], options: RosterOptions): RosterCommand {
  const [membersFile, out, ...more] = files
  const { key, name, days, revoke } = options
  if (key === undefined) throw usage('--key is missing: the file that pigeon roster key has made.')
  if (name === undefined) throw usage('--name is missing: what the organisation is called.')
  if (membersFile === undefined || out === undefined) throw usage('A members file and a file to write are needed.')
  if (more.length > 0) throw usage('There are too many words; quote names and files that have blanks.')
  return { kind: 'sign', keyFile: key, organisation: name, days: daysOf(days), revoke, membersFile, out }
}

function daysOf(text: string | undefined): number {
  if (text === undefined) return defaultDays
  const days = /^\d{1,4}$/u.test(text) ? Number(text) : 0
  if (days < 1 || days > maxDays) throw usage(`The value of --days must be 1 to ${String(maxDays)}.`)
  return days
}

function usage(problem: string): UsageError {
  return new UsageError('bad-arguments', `${problem} See: pigeon help`)
}
