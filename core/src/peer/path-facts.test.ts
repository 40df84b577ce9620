import { expect, it } from 'vitest'
import { selectedPair } from './path-facts.ts'

const report = (...entries: readonly object[]): RTCStatsReport =>
  new Map(entries.map((entry) => [(entry as { id: string }).id, entry]))

const candidates = [
  { type: 'local-candidate', id: 'L1', candidateType: 'host' },
  { type: 'local-candidate', id: 'L2', candidateType: 'relay' },
  { type: 'remote-candidate', id: 'R1', candidateType: 'srflx' },
]
const pairs = [
  {
    type: 'candidate-pair',
    id: 'P1',
    nominated: true,
    state: 'succeeded',
    localCandidateId: 'L1',
    remoteCandidateId: 'R1',
  },
  {
    type: 'candidate-pair',
    id: 'P2',
    nominated: true,
    state: 'succeeded',
    localCandidateId: 'L2',
    remoteCandidateId: 'R1',
  },
]

it('takes the pair that the transport names', () => {
  const chosen = report({ type: 'transport', id: 'T', selectedCandidatePairId: 'P2' }, ...pairs, ...candidates)
  expect(selectedPair(chosen)).toEqual({ local: 'relay', remote: 'srflx' })
})

it('takes the nominated pair where there is no transport entry', () => {
  expect(selectedPair(report(...pairs.slice(0, 1), ...candidates))).toEqual({ local: 'host', remote: 'srflx' })
})

it('knows nothing of a connection without a pair, or with a kind that nobody has heard of', () => {
  expect(selectedPair(report())).toBeUndefined()
  expect(selectedPair(report({ type: 'candidate-pair', id: 'P', state: 'waiting' }))).toBeUndefined()
  const odd = { type: 'local-candidate', id: 'L1', candidateType: 'magic' }
  expect(selectedPair(report(...pairs.slice(0, 1), odd, ...candidates.slice(2)))).toBeUndefined()
})
