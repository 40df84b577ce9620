/**
 * Purpose. The list of everyone in the room.
 * Promises. States are said in words, not by colour alone.
 * Does not. Mute or remove by itself.
 * May import. text, ui; types of core.
 */
export { PeoplePanel } from './PeoplePanel.tsx'
