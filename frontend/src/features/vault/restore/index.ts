/**
 * Purpose. Bringing an identity here from words or a file.
 * Promises. A slip is explained to the word; nothing changes before somebody has read what is replaced.
 * Does not. Open what is locked: the lock page does, with what is found here.
 * May import. session, state, text, ui.
 */
export { FindForm } from './FindForm.tsx'
export { RestoreDialog } from './RestoreDialog.tsx'
