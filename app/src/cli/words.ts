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
])

function exitFor(error: PigeonError): ExitCode {
  if (error.code === 'room-full') return exitCode.full
  if (error instanceof TransportError) return exitCode.network
  if (error instanceof CodecError || error instanceof UsageError) return exitCode.usage
  return error instanceof AuthenticationError ? exitCode.usage : exitCode.failed
}

/** Any failure as a stable code, plain words and the exit code; nothing of a foreign error's message. */
export function faultOf(error: unknown): Fault {
  if (!(error instanceof PigeonError)) return { code: 'failed', words: 'Something went wrong.', exit: exitCode.failed }
  const exit = exitFor(error)
  const byFamily = exit === exitCode.network ? 'The network cannot be reached.' : 'That is not possible.'
  const text = spoken.has(error.code) ? error.message : (words[error.code] ?? byFamily)
  return { code: error.code, words: text, exit }
}
