/**
 * Purpose. Allocations: who holds which relayed address, until when, for which peers, and how much went through.
 * Promises. Every count, size and rate has its limit; a place that is freed closes its socket.
 * Does not. Judge credentials or peers, or read requests.
 * May import. stun, limits, platform, @p2pigeon/core/node.
 */
export { Allocation, permissionKey, type PermissionScope } from './allocation.ts'
export { AllocationTable, type OpenSlot, type Slot } from './allocation-table.ts'
export type { TurnClient } from './client.ts'
export { Forwarder } from './forwarder.ts'
export {
  numericLookup,
  openRelaySocket,
  type RelayAddress,
  type RelaySocket,
  type RelaySocketHandlers,
} from './relay-socket.ts'
