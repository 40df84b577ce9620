/**
 * The pure rules of perfect negotiation (W3C WebRTC 1.0, section "Perfect Negotiation Example") and of numbered
 * descriptions. No effects: `Negotiator` performs what is decided here.
 *
 * Descriptions are numbered per sender, from 1. Two ways lead to the other end (the secure channel and, once it is
 * open, the data channel), so one description may arrive twice or late:
 *
 * | received                 | our state                     | decision       |
 * |--------------------------|-------------------------------|----------------|
 * | offer, number ≤ last     | answered it already           | repeatAnswer   |
 * | offer, number ≤ last     | otherwise                     | ignore         |
 * | offer, new               | stable, not making an offer   | apply          |
 * | offer, new               | glare, we are polite          | apply (rolls back) |
 * | offer, new               | glare, we are impolite        | ignore         |
 * | answer to our last offer | have-local-offer              | apply          |
 * | any other answer         | any                           | ignore         |
 */

export type Politeness = 'polite' | 'impolite'

export interface NegotiationView {
  readonly makingOffer: boolean
  readonly signalingState: RTCSignalingState
  /** Number of our latest offer, 0 before the first. */
  readonly localOffer: number
  /** Number of the latest offer of the other end that we applied, 0 before the first. */
  readonly remoteOffer: number
  /** True while the answer to `remoteOffer` is known and can be sent again. */
  readonly answered: boolean
}

export type Incoming =
  | { readonly type: 'offer'; readonly number: number }
  /** `number` is that of the offer it answers. */
  | { readonly type: 'answer'; readonly number: number }

export type Admission = 'apply' | 'ignore' | 'repeatAnswer'

/** Decides what to do with a description of the other end. */
export function admit(view: NegotiationView, politeness: Politeness, incoming: Incoming): Admission {
  if (incoming.type === 'answer') {
    const expected = view.signalingState === 'have-local-offer' && incoming.number === view.localOffer
    return expected ? 'apply' : 'ignore'
  }
  if (incoming.number <= view.remoteOffer) {
    return incoming.number === view.remoteOffer && view.answered ? 'repeatAnswer' : 'ignore'
  }
  const glare = view.makingOffer || view.signalingState !== 'stable'
  return glare && politeness === 'impolite' ? 'ignore' : 'apply'
}
