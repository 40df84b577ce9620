/**
 * Purpose. This device's microphone, camera and screen: capture, switching, muting.
 * Promises. A camera that is off is released (its light goes out); tracks go to peers and elements as they are, never copied.
 * Does not. Know peers or rooms, nor record anything.
 * May import. errors, lifetime, runtime, peer (track names).
 */
export { LocalMedia, type DeviceChoice } from './local-media.ts'
export type { LocalMediaView, MediaState, SourceState } from './media-state.ts'
