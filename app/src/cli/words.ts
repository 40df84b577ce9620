import { AuthenticationError, CodecError, PigeonError, TransportError, UsageError } from '@p2pigeon/core'
import { exitCode, type ExitCode } from './exit-code.ts'

const words: Readonly<Record<string, string>> = {
  'link-missing': 'There is no room link in that text.',
  'link-truncated': 'The room link is cut short: copy the whole of it.',
  'link-damaged': 'The room link is damaged: copy it again.',
  'link-version': 'The room link is of a newer version: update P2Pigeon.',
  'room-full': 'This room is full.',
  'message-size': 'That message is too long.',
  'empty-message': 'That message is empty.',
  unreachable: 'Nobody could be reached.',
  'nobody-knows': 'Nobody is here who knows the room’s files.',
  'node-unreachable': 'The node that keeps the files does not answer.',
  'session-refused': 'The node does not let this key in.',
  'quota-exceeded': 'The share of the node is used up.',
  'disk-full': 'There is no space for it.',
  'object-missing': 'Nobody who answers has this file.',
  'object-damaged': 'What came of this file is damaged.',
  'no-master': 'The key of this file has not come.',
  'no-right': 'You may read the files of this room and not change them.',
  'file-changed': 'The file has changed meanwhile.',
  'file-exists': 'A file of that name is here already, and is left as it is.',
  'name-not-possible': 'That name is not possible on the other side.',
  'name-collision': 'Another file has the same name but for its case.',
  'kind-differs': 'One side has a file of that name and the other a folder.',
  'disk-refuses': 'The file cannot be written here.',
}

export interface Fault {
  readonly code: string
  readonly words: string
  readonly exit: ExitCode
}

/** Our own errors that were written for the user carry their words; they promise to hold no foreign text. */
const spoken = new Set([
  'bad-arguments',
  'bad-config',
  'bad-seed-file',
  'bad-key-file',
  'bad-members-file',
  'bad-roster-file',
  'bad-replica-code',
  'no-replica',
  'no-node',
  'no-such-file',
  'no-such-entry',
  'no-such-folder',
  'nothing-to-share',
  'folder-too-deep',
  'folder-unreadable',
  'memory-damaged',
  'memory-unwritable',
  'room-in-use',
  'store-moved',
  'reader',
])

/** What the disk or the node refuses is no wrong usage. */
const failures = new Set(['memory-damaged', 'memory-unwritable', 'quota-exceeded', 'disk-full', 'object-missing'])

function exitFor(error: PigeonError): ExitCode {
  if (error.code === 'room-full') return exitCode.full
  if (error.code === 'nobody-knows') return exitCode.nobody
  if (failures.has(error.code)) return exitCode.failed
  if (error instanceof TransportError) return exitCode.network
  if (error instanceof CodecError || error instanceof UsageError) return exitCode.usage
  return error instanceof AuthenticationError ? exitCode.usage : exitCode.failed
}

/** Words for a code of ours. */
export function wordsOf(code: string): string {
  return words[code] ?? 'That is not possible.'
}

/** Any failure as a stable code, plain words and the exit code; nothing of a foreign error's message. */
export function faultOf(error: unknown): Fault {
  if (!(error instanceof PigeonError)) return { code: 'failed', words: 'Something went wrong.', exit: exitCode.failed }
  const exit = exitFor(error)
  const byFamily = exit === exitCode.network ? 'The network cannot be reached.' : 'That is not possible.'
  const text = spoken.has(error.code) ? error.message : (words[error.code] ?? byFamily)
  return { code: error.code, words: text, exit }
}
