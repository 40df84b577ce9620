import type { Random } from '../../../runtime/index.ts'

/** The first retry comes soon: most losses are a relay that restarts or a network that changes. */
const firstDelayMs = 250
const longestDelayMs = 10_000

/**
 * Milliseconds before retry number `attempt` (1 and up): 250, 500, 1 000 … 10 000, each ± 20 % so that the clients of
 * a relay that comes back do not arrive as one.
 */
export function retryDelayMs(attempt: number, random: Random): number {
  const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempt - 1, 16))
  const fraction = (random.bytes(1)[0] ?? 0) / 255
  return Math.round(delayMs * (0.8 + 0.4 * fraction))
}
