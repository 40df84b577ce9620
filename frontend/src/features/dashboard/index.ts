/**
 * Purpose. The first page: make a room, come in by a link, return to a room of this device.
 * Promises. A refused link is explained in place; nothing a person removes is gone before they could undo it.
 * Does not. Join rooms or open devices.
 * May import. session, state, text, ui.
 */
export { DashboardView } from './DashboardView.tsx'
