/**
 * Purpose. Words about contacts and direct calls, apart from the rest: the first page loads without them.
 * Promises. As those of `text`.
 * Does not. Know components, rooms or devices.
 * May import. text.
 */
export { contactFaultText, contacts as contactsText } from '../en-contacts.ts'
