/**
 * Purpose. Encryption and hashing of objects, in this thread or in another one.
 * Promises. Both come to the same, errors included.
 * Does not. Start or end threads.
 * May import. files/objects, errors, lifetime.
 */
export { localWork, type NamedObject, type ObjectWork, type RangeReader } from './object-work.ts'
export type { Port } from './port-calls.ts'
export { serveWork, workOver } from './work-over.ts'
