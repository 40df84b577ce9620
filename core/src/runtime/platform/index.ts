/**
 * Purpose. What browsers and Node offer alike: the clock with its timers, and the CSPRNG.
 * Promises. The same objects on every platform.
 * Does not. Touch sockets, peer connections or devices.
 * May import. errors, ../ports.ts.
 */
export { systemClock } from './system-clock.ts'
export { webRandom } from './web-random.ts'
