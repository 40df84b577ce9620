/**
 * Purpose. Masters of a room's epochs, and the keys of files that are wrapped with them.
 * Promises. A key serves one content; what was wrapped for another place does not open.
 * Does not. Tell or keep anything.
 * May import. bytes, codec, crypto, errors, runtime.
 */
export { newFileKey, unwrapFileKey, wrapFileKey, wrappedKeyBytes, type WrappedKey } from './file-key.ts'
export { masterOf, MasterRing, newMaster, type Master, type ToldMaster } from './masters.ts'
export { readReplicaCode, replicaCode, replicaSecret } from './replica.ts'
