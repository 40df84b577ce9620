/**
 * Purpose. Tiles, shared screens and sound.
 * Promises. Everyone stays in view; a tile is moved, never rebuilt; sound does not depend on what is in view.
 * Does not. Know controls or panels.
 * May import. session (types), text, ui; types of core.
 */
export { AudioSinks } from './AudioSinks.tsx'
export { SpeakerTracker } from './speaker-tracker.ts'
export { Stage } from './Stage.tsx'
