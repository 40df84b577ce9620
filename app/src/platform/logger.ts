import { neutralise } from './neutralise.ts'

/** What each level means is written down in LOGGING.md. There is no debug level: it would be where secrets leak. */
export type LogLevel = 'error' | 'warn' | 'info'

/** One line of plain words each. Never a key, an address of a person, SDP, a plaintext or a room link. */
export interface Logger {
  error(line: string): void
  warn(line: string): void
  info(line: string): void
}

export interface LineSinks {
  readonly out: (line: string) => void
  readonly err: (line: string) => void
}

const processSinks: LineSinks = {
  out: (line) => process.stdout.write(line),
  err: (line) => process.stderr.write(line),
}

/** `info` to standard output as it is; `warn` and `error` to standard error under their name. One call is one line. */
export function consoleLogger(sinks: LineSinks = processSinks): Logger {
  return {
    error: (line) => {
      sinks.err(`Error: ${neutralise(line)}\n`)
    },
    warn: (line) => {
      sinks.err(`Warning: ${neutralise(line)}\n`)
    },
    info: (line) => {
      sinks.out(`${neutralise(line)}\n`)
    },
  }
}
