/**
 * Purpose. An authenticated, encrypted, ordered pipe to one other member of a room, over any carrier stream.
 * Promises. Who lacks the room secret learns nothing and makes us do next to nothing; a remote identity has signed this very
 * handshake; every lost, repeated, swapped or altered frame closes the channel; memory is bounded by named limits.
 * Does not. Know who may be in a room, find peers, reconnect, or keep keys after the end.
 * May import. errors, bytes, lifetime, codec, runtime, crypto, identity, signalling, link.
 */
export { initiate, prepareOpening, respond, type Opening } from './connect.ts'
export { HandshakeGate } from './handshake-gate.ts'
export type { TransportLimits } from './limits.ts'
export {
  closeReasons,
  maxChannelMessageBytes,
  type ChannelContext,
  type ChannelEvents,
  type ChannelRole,
  type CloseReason,
  type RemoteParty,
  type SecureChannel,
  type Verdict,
} from './secure-channel.ts'
