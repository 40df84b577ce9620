/**
 * Purpose. Objects straight from the devices of members who are connected, and to them.
 * Promises. Everything that a member can make us hold or wait for has a bound; what it gives is believed in nothing.
 * Does not. Know rooms, peers or what is in an object: it is ciphertext all the way.
 * May import. files/client/source, files/limits, errors, bytes, lifetime, codec, runtime.
 */
export { DirectAsker } from './asker.ts'
export type { DirectChannel, DirectListener } from './channel.ts'
export { DirectServer, ServePlaces } from './server.ts'
