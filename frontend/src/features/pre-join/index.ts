/**
 * Purpose. The page before a call: look at yourself, choose devices and a name, join.
 * Promises. Joining is possible whatever the devices do; a missing one is explained with what to do about it.
 * Does not. Keep devices open when the user turns back.
 * May import. session, state, text, ui.
 */
export { PreJoinView } from './PreJoinView.tsx'
