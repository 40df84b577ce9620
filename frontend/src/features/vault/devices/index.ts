/**
 * Purpose. Joining two devices of one person: two codes pass between them by camera or by hand.
 * Promises. Nothing is signed before the digits on both were compared.
 * Does not. List or remove devices: settings do.
 * May import. session, state, text, ui.
 */
export { AddDeviceDialog } from './AddDeviceDialog.tsx'
export { LinkDeviceDialog } from './LinkDeviceDialog.tsx'
