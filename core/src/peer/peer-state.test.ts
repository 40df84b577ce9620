import { describe, expect, it } from 'vitest'
import { next, type PeerInput, type PeerState } from './peer-state.ts'

const states: Record<PeerState['kind'], PeerState> = {
  negotiating: { kind: 'negotiating' },
  open: { kind: 'open' },
  recovering: { kind: 'recovering', sinceMs: 5 },
  closed: { kind: 'closed', reason: 'left' },
}
const inputs: Record<PeerInput['kind'], PeerInput> = {
  confirmed: { kind: 'confirmed' },
  pathLost: { kind: 'pathLost', nowMs: 5 },
  pathBack: { kind: 'pathBack' },
  closed: { kind: 'closed', reason: 'lost' },
}

describe('next', () => {
  it.each([
    ['negotiating', 'confirmed', 'open'],
    ['open', 'pathLost', 'recovering'],
    ['recovering', 'pathBack', 'open'],
    ['negotiating', 'closed', 'closed'],
    ['open', 'closed', 'closed'],
    ['recovering', 'closed', 'closed'],
  ] as const)('%s + %s → %s', (from, input, to) => {
    expect(next(states[from], inputs[input]).kind).toBe(to)
  })

  it.each([
    ['negotiating', 'pathLost'],
    ['negotiating', 'pathBack'],
    ['open', 'confirmed'],
    ['open', 'pathBack'],
    ['recovering', 'confirmed'],
    ['recovering', 'pathLost'],
    ['closed', 'confirmed'],
    ['closed', 'pathLost'],
    ['closed', 'pathBack'],
    ['closed', 'closed'],
  ] as const)('%s + %s changes nothing', (from, input) => {
    expect(next(states[from], inputs[input])).toBe(states[from])
  })
})
