import { CodecError } from '../errors/index.ts'
import { maxCandidatesPerUfrag } from '../ice/index.ts'
import type { CandidateRule } from './write-description.ts'

/**
 * Puts each candidate line of one description through `rule`. A line that cannot be read stays behind like one that may
 * not pass, and so does whatever exceeds the number of candidates that one ufrag may have.
 */
export function candidateLines(rule: (line: string) => string | null): CandidateRule {
  const counts = new Map<string | undefined, number>()
  return (line, ufrag) => {
    const count = (counts.get(ufrag) ?? 0) + 1
    counts.set(ufrag, count)
    if (count > maxCandidatesPerUfrag) return undefined
    try {
      return rule(line) ?? undefined
    } catch (error) {
      if (error instanceof CodecError) return undefined
      throw error
    }
  }
}
