/**
 * Purpose. Owners for everything that is started, and typed events.
 * Promises. A scope ends once, runs its undoings in reverse order and ends its children; an undo never throws outwards.
 * Does not. Know clocks, sockets or peers.
 * May import. errors.
 */
export { Scope } from './scope.ts'
export { Emitter, type EventMap, type Undo } from './emitter.ts'
