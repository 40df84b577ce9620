/**
 * Purpose. Puts pages, session and address together.
 * Promises. A room link is out of the address before a page shows; a broken page offers a way on.
 * Does not. Hold state of a room or of devices.
 * May import. features, session, state, text, ui.
 */
export { App } from './App.tsx'
export { Navigator, windowBar } from './navigator.ts'
