/**
 * Purpose. What of Nostr this product speaks: events (NIP-01), encryption (NIP-44), gift wraps (NIP-59), relays.
 * Promises. Nothing of a relay is believed: every event is verified each time; sizes are bounded before any sum is done. NIP-04 is here for
 * old clients and keeps no promise at all.
 * Does not. Know conversations, rooms or people.
 * May import. errors, bytes, lifetime, codec, runtime, crypto.
 */
export {
  eventId,
  isAddressedTo,
  isGenuine,
  isHex,
  maxEventCharacters,
  readEvent,
  readRumor,
  rumorOf,
  signEvent,
  tagValue,
  tagValues,
  type NostrEvent,
  type Rumor,
  type UnsignedEvent,
} from './event.ts'
export { freshSigner, signerFromScalar, type NostrSigner } from './signer.ts'
export { conversationKeyOf, decrypt44, encrypt44, maxPayloadCharacters, maxPlaintextBytes } from './nip44.ts'
export { npubOf, readPublicKey } from './npub.ts'
export { decrypt04, encrypt04, legacyKeyOf, maxLegacyBytes } from './nip04.ts'
export {
  backdatingSeconds,
  maxRumorBytes,
  sealAndWrap,
  sealKind,
  unwrap,
  wrapKinds,
  type Unwrapped,
  type WrapPorts,
} from './gift-wrap.ts'
export { SeenIds } from './seen-ids.ts'
export {
  isPublicRelay,
  maxRelayMessageCharacters,
  maxRelays,
  readRelayMessage,
  RelayPool,
  relayUrlOf,
  type Filter,
  type PublishOutcome,
  type RelayHealth,
  type RelayMessage,
  type RelayPoolOptions,
  type RelayState,
  type SubscriptionHandlers,
} from './relays/index.ts'
