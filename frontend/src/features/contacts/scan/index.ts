/**
 * Purpose. Reading codes by the camera or from a picture.
 * Promises. The camera is opened by the user's act and closed when the scanner goes; no picture leaves the page or is kept.
 * Does not. Know what a code is for.
 * May import. session, text, ui.
 */
export { readPicture } from './read-picture.ts'
export { Scanner } from './Scanner.tsx'
