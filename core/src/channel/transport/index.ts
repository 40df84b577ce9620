/**
 * Purpose. What follows the handshake: proofs, messages in order, rekeying, keepalive, the end.
 * Promises. The first frame that does not hold closes the channel; nothing is delivered before the other end has proven itself.
 * Does not. Shake hands or open streams.
 * May import. What channel may.
 */
export { signProof } from './channel-proof.ts'
export { NoiseChannel, type Session } from './noise-channel.ts'
