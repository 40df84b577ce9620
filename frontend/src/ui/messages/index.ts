/**
 * Purpose. The words of strangers on the page: cleaned of what deceives the eye, and with links.
 * Promises. Text stays text; nothing in it is fetched; a link shows the host that it opens.
 * Does not. Know who wrote them, or hold product words.
 * May import. react.
 */
export { cleanText, oneLine } from './message-text.ts'
export { MessageText } from './MessageText.tsx'
