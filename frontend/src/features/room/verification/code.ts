import type { ComparisonView } from '@p2pigeon/core'

/** The code of the whole room as one value to remember a confirmation by; undefined while there is none. */
export function codeOf(comparison: ComparisonView): string | undefined {
  return comparison.kind === 'agreed' ? comparison.room.join() : undefined
}
