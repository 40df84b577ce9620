import { AuthenticationError, CodecError, UsageError } from '@p2pigeon/core'
import { maxRosterBytes, readRoster, type Roster } from '@p2pigeon/core/people'
import { readSmallFile, replaceFile } from './files.ts'

const words: Readonly<Record<string, string>> = {
  'roster-missing': 'That file is no roster.',
  'roster-version': 'The roster is of a newer version: update P2Pigeon.',
  'roster-damaged': 'The roster is damaged: get it again.',
  'roster-not-genuine': 'The roster was changed after it was signed: do not use it.',
  'record-not-genuine': 'The roster holds a person that nobody has signed for: do not use it.',
}

/**
 * The roster in a file; undefined if there is no such file.
 * @throws {UsageError} `bad-roster-file`; the message is for the user.
 */
export async function readRosterFile(path: string): Promise<Roster | undefined> {
  const content = readSmallFile(path, maxRosterBytes)
  if (content === 'missing') return undefined
  if (content === 'unreadable') throw bad('The roster cannot be read.')
  if (content === 'too-large') throw bad('That file is no roster.')
  try {
    return await readRoster(content)
  } catch (error) {
    if (!(error instanceof CodecError) && !(error instanceof AuthenticationError)) throw error
    throw bad(words[error.code] ?? 'The roster is damaged: get it again.')
  }
}

/** @throws {UsageError} `bad-roster-file`; the message is for the user. */
export function writeRosterFile(path: string, { bytes }: Roster): void {
  if (!replaceFile(path, bytes)) throw bad('The roster cannot be written there.')
}

export function bad(problem: string): UsageError {
  return new UsageError('bad-roster-file', problem)
}
