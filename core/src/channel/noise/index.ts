/**
 * Purpose. The Noise Protocol Framework, revision 34: handshake and cipher states, our pattern and our suite.
 * Promises. Passes the published vectors of three other implementations; a failed object stays failed; nonces never wrap.
 * Does not. Know streams, rooms, identities or time.
 * May import. errors, bytes, crypto.
 */
export { CipherState } from './cipher-state.ts'
export { HandshakeState, type HandshakeOptions, type Split } from './handshake-state.ts'
export { XXpsk3, type HandshakePattern, type Token } from './pattern.ts'
export { tagBytes, type CipherKey, type DhKeyPair, type NoiseSuite } from './primitives.ts'
export { SymmetricState } from './symmetric-state.ts'
export { extractSecret, webKeyPair, webSuite } from './web-suite.ts'
