import { describeFault } from './describe-fault.ts'
import type { Logger } from './logger.ts'

export interface Stoppable {
  /** Ends everything; resolves when no listener, socket or timer of it is left. */
  stop(): Promise<void>
}

/** The parts of the process that supervision touches. */
export interface ProcessPort {
  on(event: string, listener: (...args: unknown[]) => void): unknown
  exit(code: number): void
  setExitCode(code: number): void
  /** Monotonic milliseconds. */
  now(): number
  /** A timer that does not keep the process alive; the returned function cancels it. */
  after(delayMs: number, run: () => void): () => void
}

/** A service that has not ended by then is cut off: longer than any close of ours, shorter than a service manager's kill. */
export const stopDeadlineMs = 5_000
/** Ctrl-C reaches the whole process group and npm passes it on once more: two signals this close are one wish. */
export const sameWishMs = 500
/** After a clean stop the event loop is empty and the process ends by itself; this is for a handle that is not ours. */
export const drainMs = 1_000

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** The real process. A channel to the parent is watched, and does not keep the process alive. */
export const realProcess: ProcessPort = {
  on(event, listener) {
    process.on(event, listener)
    process.channel?.unref()
  },
  exit: (code) => process.exit(code),
  setExitCode(code) {
    process.exitCode = code
  },
  now: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs).unref()
    return () => {
      clearTimeout(timer)
    }
  },
}

/**
 * Starts a service and ends it by SIGINT, SIGTERM, SIGHUP or the death of a parent that started us with a channel:
 * exit code 0. A second signal ends the process at once (130), a stop that hangs is cut off after `stopDeadlineMs` (1).
 * An unhandled rejection or uncaught exception is our bug: it is logged without foreign text and ends the service in
 * order with exit code 1, because a state that nobody reasoned about must not go on serving strangers.
 *
 * Rejects with what `start` rejected with; then nothing is running, the caller says why and the exit code is 1.
 */
export async function superviseProcess(
  start: () => Promise<Stoppable>,
  log: Logger,
  port: ProcessPort = realProcess,
): Promise<void> {
  let stoppingSince: number | undefined
  let starting: Promise<Stoppable | undefined> = Promise.resolve(undefined)

  const endAfterDrain = (exitCode: number): void => {
    port.after(drainMs, () => {
      port.exit(exitCode)
    })
  }
  const stop = async (exitCode: number): Promise<void> => {
    stoppingSince = port.now()
    port.setExitCode(exitCode)
    const cancelDeadline = port.after(stopDeadlineMs, () => {
      log.error('Stopping took too long; ending now.')
      port.exit(1)
    })
    let finalCode = exitCode
    try {
      const running = await starting.catch(() => undefined)
      await running?.stop()
    } catch (error) {
      log.error(`Stopping failed: ${describeFault(error)}`)
      finalCode = 1
    }
    cancelDeadline()
    port.setExitCode(finalCode)
    endAfterDrain(finalCode)
  }
  const asked = (): void => {
    if (stoppingSince === undefined) void stop(0)
    else if (port.now() - stoppingSince >= sameWishMs) port.exit(130)
  }
  const broken = (fault: unknown): void => {
    log.error(`An unexpected failure ends the node: ${describeFault(fault)}`)
    if (stoppingSince === undefined) void stop(1)
  }

  for (const signal of signals) port.on(signal, asked)
  port.on('disconnect', () => {
    if (stoppingSince === undefined) void stop(0)
  })
  port.on('unhandledRejection', broken)
  port.on('uncaughtException', broken)

  const started = start()
  starting = started
  try {
    await started
  } catch (error) {
    port.setExitCode(1)
    endAfterDrain(1)
    throw error
  }
}
