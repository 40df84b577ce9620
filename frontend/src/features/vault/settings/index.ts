/**
 * Purpose. The settings: profile, security, backup, devices, appearance.
 * Promises. Whatever cannot be undone asks first and says what it means; what protects the vault changes only for its owner.
 * Does not. Hold settings: the session does.
 * May import. session, state, text, ui.
 */
export { SettingsPage } from './SettingsPage.tsx'
