import { CodecError } from '../errors/index.ts'
import { maxCandidates } from '../ice/index.ts'
import type { CandidateRule } from './write-description.ts'

/**
 * Puts each candidate line of one description through `rule`. A line that cannot be read stays behind like one that may
 * not pass, and so does whatever exceeds the number of candidates that a description may bring.
 */
export function candidateLines(rule: (line: string) => string | null): CandidateRule {
  let count = 0
  return (line) => {
    count += 1
    if (count > maxCandidates) return undefined
    try {
      return rule(line) ?? undefined
    } catch (error) {
      if (error instanceof CodecError) return undefined
      throw error
    }
  }
}
