import { describe, expect, it } from 'vitest'
import { admit, type NegotiationView } from './negotiation.ts'

const calm: NegotiationView = {
  makingOffer: false,
  signalingState: 'stable',
  localOffer: 0,
  remoteOffer: 0,
  answered: false,
}

describe('admit', () => {
  it('applies a new offer in a stable state, whatever the politeness', () => {
    expect(admit(calm, 'polite', { type: 'offer', number: 1 })).toBe('apply')
    expect(admit(calm, 'impolite', { type: 'offer', number: 1 })).toBe('apply')
  })

  it.each([
    { ...calm, makingOffer: true },
    { ...calm, signalingState: 'have-local-offer' as const, localOffer: 1 },
  ])('settles glare by politeness %#', (glare) => {
    expect(admit(glare, 'polite', { type: 'offer', number: 1 })).toBe('apply')
    expect(admit(glare, 'impolite', { type: 'offer', number: 1 })).toBe('ignore')
  })

  it('applies only the answer to the latest offer', () => {
    const offered = { ...calm, signalingState: 'have-local-offer' as const, localOffer: 2 }
    expect(admit(offered, 'polite', { type: 'answer', number: 2 })).toBe('apply')
    expect(admit(offered, 'polite', { type: 'answer', number: 1 })).toBe('ignore')
    expect(admit({ ...calm, localOffer: 2 }, 'polite', { type: 'answer', number: 2 })).toBe('ignore')
  })

  it('repeats its answer to an offer that arrives again and ignores older ones', () => {
    const answered = { ...calm, remoteOffer: 3, answered: true }
    expect(admit(answered, 'polite', { type: 'offer', number: 3 })).toBe('repeatAnswer')
    expect(admit(answered, 'polite', { type: 'offer', number: 2 })).toBe('ignore')
    expect(admit({ ...answered, answered: false }, 'polite', { type: 'offer', number: 3 })).toBe('ignore')
  })
})
