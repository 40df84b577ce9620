/**
 * Purpose. Addresses and ICE candidates: what they give away, what may leave the device, what may come in.
 * Promises. Pure functions over text; malformed input is a CodecError; nothing is resolved or contacted.
 * Does not. Gather, negotiate or know a room.
 * May import. errors, bytes.
 */
export { privacyLevels, type PrivacyLevel } from './privacy-level.ts'
export { parseIpAddress, type IpAddress } from './ip-address.ts'
export { classifyAddress, type AddressClass } from './address-class.ts'
export {
  formatIceCandidate,
  parseIceCandidate,
  type CandidateTarget,
  type CandidateType,
  type IceCandidate,
  type TcpType,
} from './candidate.ts'
export { maxCandidates, type CandidatePolicy } from './candidate-policy.ts'
export type { CandidateInit } from './candidate-init.ts'
export { outgoingLine, sanitizeIceCandidate } from './outgoing.ts'
export { judgeRemoteCandidate } from './incoming.ts'
export { isLoopbackHost, serverHosts } from './server-hosts.ts'
