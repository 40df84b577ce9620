/**
 * Purpose. Choosing a passphrase.
 * Promises. Nobody is corrected before they tried; a hint is no obstacle: only the length is.
 * Does not. Keep a passphrase longer than its form.
 * May import. text, ui.
 */
export { PassphraseFields } from './PassphraseFields.tsx'
