/**
 * Purpose. What the relay decides about events and requests: what matches, what is taken, who may read it, who somebody is.
 * Promises. Pure; a refusal is a reason with a prefix of NIP-01 and holds nothing of the input.
 * Does not. Know connections or the store. Only `authRefusal` looks at a signature.
 * May import. @p2pigeon/core/nostr, ../limits, ../wire.
 */
export { mayReceive, requestRefusal } from './access.ts'
export { refusalOf } from './admission.ts'
export { authRefusal, hostNameOfHeader } from './auth.ts'
export { classOf, deletionKind, giftWrapKind, expirationOf, recipientOf } from './kinds.ts'
export { indexedTags, matches } from './matching.ts'
export { everythingWelcome, privateMessagesOnly, type RelayPolicy } from './policy.ts'
