/**
 * Purpose. The carrier whose relays are the members of a room: two people whom a third is connected with meet through that third.
 * Promises. An introducer passes frames on between two of its own legs, once, within bounds of streams, bytes and pace; a stream ends with either leg.
 * Does not. Know who may be in a room, what frames hold, or how legs are secured.
 * May import. errors, bytes, lifetime, codec, runtime, ../framing, ../../carrier.ts.
 */
export { MemberCarrier, type MemberLeg } from './member-carrier.ts'
export { maxMemberFrameBytes } from './wire.ts'
