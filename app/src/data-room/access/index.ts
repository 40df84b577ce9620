/**
 * Purpose. Who asks the data room: sessions by proof of a key, how often one address may, and how much of it at a time.
 * Promises. A proof counts once, for one host, for minutes; secrets are compared in constant time; every table is bounded.
 * Does not. Know drives or HTTP.
 * May import. platform, the limits and refusals beside it.
 */
export { AddressRates } from './rates.ts'
export { proofBytes } from './session-proof.ts'
export { Sessions } from './sessions.ts'
export { AddressShares } from './shares.ts'
