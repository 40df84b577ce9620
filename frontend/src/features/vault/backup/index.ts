/**
 * Purpose. Taking the identity off this device: 24 words, or an encrypted file; and the reminder to do so.
 * Promises. Words count as written down once three of them were repeated; a reminder rests for a week when told to.
 * Does not. Keep words or passphrases longer than their dialog.
 * May import. session, state, text, ui.
 */
export { BackupPrompt } from './BackupPrompt.tsx'
export { FileDialog } from './FileDialog.tsx'
export { WordsDialog } from './WordsDialog.tsx'
