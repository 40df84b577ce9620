/**
 * Purpose. Everyone in the room and at its door, what one may do about them, and what the host decides about the room.
 * Promises. States are said in words, not by colour alone; what cannot be undone is asked about first.
 * Does not. Decide who has which right: the room does.
 * May import. text, ui; types of core and session; the room's deeds and verification.
 */
export { PeoplePanel } from './PeoplePanel.tsx'
