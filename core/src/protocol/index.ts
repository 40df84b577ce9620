/**
 * Purpose. The public API: one manager for every protocol, with normalised events.
 * Promises. The surface fixed in ARCHITECTURE.md; errors carry stable codes; nothing below leaks through.
 * Does not. Touch the network or crypto itself.
 * May import. everything below.
 */
export { ProtocolManager } from './protocol-manager.ts'
export type {
  DhtRoad,
  IceSource,
  NostrRoad,
  ProtocolAdapter,
  ProtocolConfigs,
  ProtocolEvents,
  ProtocolName,
  ServerRoad,
} from './api.ts'
