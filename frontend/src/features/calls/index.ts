/**
 * Purpose. Direct calls on whatever page is open: the call that is made, the calls that ring.
 * Promises. Nothing opens a device or a room before the user accepts; whatever rings can be silenced.
 * Does not. Know the network: the session rings and is rung.
 * May import. session, state, text, ui.
 */
export { CallOverlay } from './CallOverlay.tsx'
