/**
 * Purpose. The page before everything else while the vault is locked, and the ways back for whoever forgot the passphrase.
 * Promises. Says the same whatever was wrong; nothing is erased without being asked for twice.
 * Does not. Know what is behind the lock.
 * May import. session, state, text, ui.
 */
export { LockPage } from './LockPage.tsx'
