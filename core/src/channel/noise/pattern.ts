/** The tokens of Noise section 7.1. `e` and `s` send a key, the pairs mix a Diffie-Hellman result, `psk` mixes a pre-shared key. */
export type Token = 'e' | 's' | 'ee' | 'es' | 'se' | 'ss' | 'psk'

/** A handshake pattern as data (section 7). Messages alternate, the initiator's first. */
export interface HandshakePattern {
  readonly name: string
  /** Keys that the other end knew before: of the initiator, then of the responder. */
  readonly preMessages: { readonly initiator: readonly ('e' | 's')[]; readonly responder: readonly ('e' | 's')[] }
  readonly messages: readonly (readonly Token[])[]
  /** Section 9.2: with a pre-shared key, ephemeral public keys are mixed into the chaining key as well. */
  readonly mixesEphemerals: boolean
}

/** The one pattern we speak: both ends prove a static key that nobody knew before, and that they hold the room's key. */
export const XXpsk3: HandshakePattern = {
  name: 'XXpsk3',
  preMessages: { initiator: [], responder: [] },
  messages: [['e'], ['e', 'ee', 's', 'es'], ['s', 'se', 'psk']],
  mixesEphemerals: true,
}
