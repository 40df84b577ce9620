/**
 * Purpose. The first visit of somebody who uses the product elsewhere already.
 * Promises. Asks nothing; gone with the first room.
 * Does not. Make an identity: that happens by itself.
 * May import. session, state, text, ui.
 */
export { WelcomeCard } from './WelcomeCard.tsx'
