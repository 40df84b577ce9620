/**
 * Purpose. Room links: their text form, and every key and topic that follows from one.
 * Promises. A damaged, shortened or future link is told apart and refused; no error carries a piece of a link.
 * Does not. Store, show or send links.
 * May import. errors, bytes, codec, crypto, runtime, ice, identity, signalling.
 */
export { secretBytes, standardPolicy, tokenBytes, type RoomKeys, type RoomLink, type RoomPolicy } from './room-link.ts'
export { encodeRoomLink, linkCodeOf, parseRoomLink } from './link-code.ts'
export { createRoomLink } from './create-room-link.ts'
export { deriveRoomKeys, nextRoomSecret } from './room-keys.ts'
export { fingerprintOf } from './fingerprint.ts'
export { topicWindows } from './topic-windows.ts'
