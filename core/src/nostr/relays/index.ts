/**
 * Purpose. Relays: their messages (NIP-01, NIP-42), one connection, several as one.
 * Promises. Connections come back; what several relays deliver is delivered once; one that is dead, slow, flooding or lying harms nobody as
 * long as another one works.
 * Does not. Choose relays, or know what events mean.
 * May import. errors, bytes, lifetime, runtime, and the events beside it.
 */
export { maxRelayMessageCharacters, readRelayMessage, type Filter, type RelayMessage } from './messages.ts'
export {
  maxRelays,
  RelayPool,
  type PublishOutcome,
  type RelayHealth,
  type RelayPoolOptions,
  type SubscriptionHandlers,
} from './relay-pool.ts'
export type { RelayState } from './relay-connection.ts'
export { isPublicRelay, relayUrlOf } from './relay-url.ts'
