/**
 * Purpose. Session descriptions: what leaves the device of one, and what of a stranger's is applied.
 * Promises. Rebuilt from an allow-list in both directions, in time linear in a bounded length; anything else is refused.
 * Does not. Negotiate, gather candidates or hold a connection.
 * May import. errors, bytes, runtime, ice.
 */
export { SdpSanitizer, sanitizeSDP } from './sanitizer.ts'
export { fingerprintOf, judgeRemoteSDP, type RemotePolicy } from './judge.ts'
export { constantOpus } from './constant-opus.ts'
export { maxDescriptionLength } from './lines.ts'
