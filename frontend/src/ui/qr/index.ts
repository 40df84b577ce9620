/**
 * Purpose. Codes to show and to read by a camera.
 * Promises. Drawn as elements, so that the content security policy needs no exception; kept apart from the rest of `ui`, so that the first
 * page loads without their weight.
 * Does not. Open a camera, or know what a code says.
 * May import. react, qr.
 */
export { QrCode } from './QrCode.tsx'
export { readCode } from './read-code.ts'
