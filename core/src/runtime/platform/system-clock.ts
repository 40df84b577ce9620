import type { Clock } from '../ports.ts'

/** The platform's clock and timers; the same in browsers and Node. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => {
      clearTimeout(timer)
    }
  },
}
