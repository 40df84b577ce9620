import { CodecError, AuthenticationError, UsageError } from '@p2pigeon/core'
import { cleanPetname, isInForce, maxRosterMembers, readCard, type RosterMember } from '@p2pigeon/core/people'
import { readSmallFile } from './files.ts'

/** A thousand links of the longest kind, with names and comments. */
const maxBytes = 8 * 1024 * 1024

const cardWords: Readonly<Record<string, string>> = {
  'card-missing': 'there is no contact link at its beginning',
  'card-truncated': 'the contact link is cut short: copy the whole of it',
  'card-damaged': 'the contact link is damaged: copy it again',
  'card-version': 'the contact link is of a newer version: update P2Pigeon',
  'record-not-genuine': 'the contact link is not signed by whom it names: ask for it again',
}

/**
 * Who belongs to the organisation: a contact link or code on each line, after it a name if the one in the link shall not be used. Empty lines, and
 * those that begin with `#` and a blank, are skipped.
 * @throws {UsageError} `bad-members-file`; the message is for the user, names the line and quotes none of it.
 */
export async function readMembersFile(path: string, nowMs: number): Promise<readonly RosterMember[]> {
  const content = readSmallFile(path, maxBytes)
  if (content === 'missing') throw bad('The members file does not exist.')
  if (content === 'unreadable') throw bad('The members file cannot be read.')
  if (content === 'too-large') throw bad('The members file is too large.')
  const lineOf = new Map<string, number>()
  const members: RosterMember[] = []
  for (const [index, line] of textOf(content)
    .split(/\r\n|\n|\r/u)
    .entries()) {
    const number = index + 1
    const text = line.trim()
    if (text === '' || /^#(?!\/)/u.test(text)) continue
    const { id, member } = await readLine(text, number, nowMs)
    const before = lineOf.get(id)
    if (before !== undefined) throw badLine(number, `the same person is on line ${String(before)}`)
    lineOf.set(id, number)
    members.push(member)
    if (members.length > maxRosterMembers) {
      throw bad(`The members file has more than ${String(maxRosterMembers)} people, and a roster holds no more.`)
    }
  }
  if (members.length === 0) throw bad('The members file names nobody.')
  return members
}

async function readLine(text: string, number: number, nowMs: number) {
  const [link = '', ...words] = text.split(/\s+/u)
  const card = await readCardOf(link, number)
  const { record } = card
  if (!isInForce(record, nowMs)) throw badLine(number, 'the contact link has run out: ask for a new one')
  const written = words.join(' ')
  const name = written === '' ? card.name : cleanPetname(written)
  if (written !== '' && name !== written) throw badLine(number, 'the name must be 1 to 64 visible characters')
  return { id: record.id, member: { name, publicKey: record.publicKey, record } }
}

async function readCardOf(link: string, number: number) {
  try {
    return await readCard(link)
  } catch (error) {
    if (!(error instanceof CodecError) && !(error instanceof AuthenticationError)) throw error
    throw badLine(number, cardWords[error.code] ?? 'the contact link is damaged: copy it again')
  }
}

function textOf(content: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch {
    throw bad('The members file is not text in UTF-8.')
  }
}

function badLine(number: number, problem: string): UsageError {
  return bad(`Line ${String(number)} of the members file: ${problem}.`)
}

function bad(problem: string): UsageError {
  return new UsageError('bad-members-file', problem)
}
