/**
 * Purpose. The vault in the page: lock, settings, backup, restore, devices, and the first visit.
 * Promises. Loaded after the page works; no part of it stands between an invite link and the call.
 * Does not. Encrypt or store anything itself: the session does.
 * May import. session, state, text, ui.
 */
export { BackupPrompt } from './backup/index.ts'
export { LockPage } from './lock/index.ts'
export { SettingsPage } from './settings/index.ts'
export { WelcomeCard } from './welcome/index.ts'
