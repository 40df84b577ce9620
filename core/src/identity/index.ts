/**
 * Purpose. Who this device is in a room: keys derived from one seed, the names they give, and what they sign.
 * Promises. Private keys are non-extractable; two rooms see unrelated identities; a signature holds for one purpose.
 * Does not. Keep seeds, or link a room identity to anything that lasts longer.
 * May import. errors, bytes, codec, crypto.
 */
export type { PeerId, RoomIdentity } from './identity.ts'
export { importSeed, peerIdOf, roomIdentity } from './room-identity.ts'
export { verifySignature } from './signature.ts'
