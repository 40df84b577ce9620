/**
 * Purpose. What people compare to know that nobody stands between them: emoji for a room and its pairs, safety numbers for two identities.
 * Promises. Who is in the middle has one guess in 2^42 for each comparison; nothing is revealed before everybody has committed; a nonce
 * serves one attempt; this folder needs neither elliptic curves nor contacts when it runs.
 * Does not. Know words or pictures of the symbols, or decide whom to trust.
 * May import. errors, bytes, lifetime, codec, runtime, crypto, identity.
 */
export { safetyNumber } from './safety-number.ts'
export { Comparison, type ComparisonPorts, type ComparisonView } from './comparison.ts'
