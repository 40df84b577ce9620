/**
 * Purpose. Words of the room page, and the emoji that people compare, apart from the rest: the first page loads without them.
 * Promises. As those of `text`.
 * Does not. Know components, rooms or devices.
 * May import. text.
 */
export { symbols } from '../emoji.ts'
export { room as roomText } from '../en-room.ts'
