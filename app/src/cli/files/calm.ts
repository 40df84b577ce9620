import type { Clock } from '@p2pigeon/core/node'

export interface CalmOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Whether everything is there. */
  readonly isReady: () => boolean
  /** It must be so for this long with nothing new, ms. */
  readonly quietMs: number
  /** Then it is over, ready or not, ms. */
  readonly waitMs: number
  /** Each tells of changes; the functions that they give undo that. */
  readonly sources: readonly ((changed: () => void) => () => void)[]
}

/** Waits until all is ready and nothing has changed for a while; false when that took too long. @throws what `signal` says. */
export async function calm({ clock, signal, isReady, quietMs, waitMs, sources }: CalmOptions): Promise<boolean> {
  signal.throwIfAborted()
  const undoings: (() => void)[] = []
  let stopQuiet = (): void => undefined
  const isCalm = await new Promise<boolean>((resolve) => {
    const end = (): void => {
      resolve(false)
    }
    const look = (): void => {
      stopQuiet()
      if (isReady()) {
        stopQuiet = clock.after(quietMs, () => {
          resolve(true)
        })
      }
    }
    signal.addEventListener('abort', end, { once: true })
    undoings.push(
      () => {
        signal.removeEventListener('abort', end)
      },
      clock.after(waitMs, end),
      ...sources.map((listen) => listen(look)),
    )
    look()
  })
  stopQuiet()
  for (const undo of undoings) undo()
  signal.throwIfAborted()
  return isCalm
}
