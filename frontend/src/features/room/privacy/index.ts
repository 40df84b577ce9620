/**
 * Purpose. What each party can learn in this call, in words.
 * Promises. It shows what the room says of its present connections, again every few seconds and on change.
 * Does not. Judge or guess: a party that the room does not name is not shown.
 * May import. state, text, ui; types of core.
 */
export { ExposurePanel } from './ExposurePanel.tsx'
