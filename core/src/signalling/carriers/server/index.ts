/**
 * Purpose. The carrier by a signalling server: rooms where the DHT is out of reach.
 * Promises. What `../relay` promises; people meet who use the same server, or servers that share a bus.
 * Does not. Trust the server: it passes sealed frames on and keeps nothing.
 * May import. ../relay, ../../carrier.ts.
 */
export { serverCarrier, type ServerCarrierOptions } from './server-carrier.ts'
