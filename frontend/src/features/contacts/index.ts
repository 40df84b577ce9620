/**
 * Purpose. The people one knows: list, requests, verification, changes of keys, files, and whether one can be called.
 * Promises. A change of keys shows before anything else; nothing a person removes is gone before they could undo it; a camera is open only
 * while it is looked through.
 * Does not. Ring, or judge keys: the session and core do.
 * May import. session, state, text, ui.
 */
export { ContactsView } from './ContactsView.tsx'
