/**
 * Purpose. The carrier contract: how devices that share a topic find each other and exchange opaque frames.
 * Promises. A carrier moves sealed frames; it is never trusted, and no other layer knows which one is in use.
 * Does not. Encrypt, authenticate or interpret a frame.
 * May import. errors, lifetime, runtime, bytes, codec.
 */
export {
  maxFrameBytes,
  type Announcement,
  type Carrier,
  type CarrierAddress,
  type CarrierEvents,
  type CarrierName,
  type CarrierState,
  type CarrierStream,
  type StreamEnd,
  type StreamHandlers,
  type Topic,
} from './carrier.ts'
export { Roads, type RoadsEvents, type RoadView } from './roads.ts'
export { lazyCarrier } from './lazy-carrier.ts'
export { dhtRelayCarrier, type DhtRelayCarrierOptions } from './carriers/dht/index.ts'
export { serverCarrier, type ServerCarrierOptions } from './carriers/server/index.ts'
export { MemberCarrier, maxMemberFrameBytes, type MemberLeg } from './carriers/member/index.ts'
