import { Scope } from '../lifetime/index.ts'
import type { Clock } from '../runtime/index.ts'

export interface AttemptLimits {
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly deadlineMs: number
}

/**
 * Runs `start` until it settles or the deadline passes, whichever comes first; then ends the scope it was given.
 * Rejects with the signal's reason when aborted.
 * @param late what the attempt comes to at its deadline.
 */
export function attempt<T>(
  { clock, signal, deadlineMs }: AttemptLimits,
  late: () => T,
  start: (scope: Scope, settle: (value: T) => void) => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const scope = new Scope()
    const settle = (value: T) => {
      scope.end()
      resolve(value)
    }
    const aborted = () => {
      scope.end()
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a signal's reason is passed on as it is
      reject(signal.reason)
    }
    if (signal.aborted) {
      aborted()
      return
    }
    signal.addEventListener('abort', aborted)
    scope.onEnd(() => {
      signal.removeEventListener('abort', aborted)
    })
    scope.onEnd(
      clock.after(deadlineMs, () => {
        settle(late())
      }),
    )
    start(scope, settle)
  })
}
