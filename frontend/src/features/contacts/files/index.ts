/**
 * Purpose. Contacts as files, and rosters of organisations.
 * Promises. Loaded when asked for. Nothing is taken over before the user has seen what it would change.
 * Does not. Keep a passphrase longer than its form.
 * May import. the folder of contacts, session, state, text, ui.
 */
export { ExportDialog } from './ExportDialog.tsx'
export { ImportDialog } from './ImportDialog.tsx'
export { RosterDialog } from './RosterDialog.tsx'
