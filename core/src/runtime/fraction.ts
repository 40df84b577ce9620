import type { Random } from './ports.ts'

/** A random number from 0 up to, not including, 1, in steps of 1/256: enough to spread moments, nothing for keys. */
export function fractionOf(random: Random): number {
  return (random.bytes(1)[0] ?? 0) / 256
}
