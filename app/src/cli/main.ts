import { nodeRuntime } from '@p2pigeon/core/node'
import { describeFault } from '../platform/index.ts'
import { exitCode } from './exit-code.ts'
import { runCli } from './index.ts'
import { freshLinkCode, openClient } from './open-client.ts'
import { openReplica } from './open-replica.ts'
import { quietExperimentalCrypto } from './quiet-warnings.ts'

/** Ctrl-C may come twice at once, from the terminal and from npm; only a later one means "now". */
const sameWishMs = 500
/** Native threads of the data channel library may outlive their connections. */
const drainMs = 1_000

quietExperimentalCrypto()

const interruption = new AbortController()
let interruptedAt: number | undefined
const interrupt = (): void => {
  if (interruptedAt === undefined) {
    interruptedAt = performance.now()
    interruption.abort()
  } else if (performance.now() - interruptedAt >= sameWishMs) process.exit(130)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)
// The reader of our output went away, as with `pigeon join … | head`.
process.stdout.on('error', interrupt)
process.stderr.on('error', () => undefined)
process.on('uncaughtException', (fault) => {
  process.stderr.write(`* Error: an unexpected failure: ${describeFault(fault)}\n`)
  process.exit(exitCode.failed)
})

/** A line that is written over, where somebody looks; others come below it. */
let shown = false
const isWatched = process.stderr.isTTY
const clear = (): void => {
  if (shown) process.stderr.write('\r\u001B[K')
  shown = false
}
const runtime = nodeRuntime()
const code = await runCli(process.argv.slice(2), {
  environment: process.env,
  folder: process.cwd(),
  input: process.stdin,
  out: (line) => {
    clear()
    process.stdout.write(`${line}\n`)
  },
  err: (line) => {
    clear()
    process.stderr.write(`${line}\n`)
  },
  progress: isWatched
    ? (line) => {
        clear()
        process.stderr.write(line.slice(0, process.stderr.columns - 1))
        shown = true
      }
    : undefined,
  clock: runtime.clock,
  random: runtime.random,
  interrupted: interruption.signal,
  freshLinkCode: (seed) => freshLinkCode(seed, runtime),
  openClient: (options) => openClient(options, runtime),
  openReplica: (options) => openReplica(options, runtime.clock),
})
clear()
process.exitCode = code
setTimeout(() => process.exit(code), drainMs).unref()
