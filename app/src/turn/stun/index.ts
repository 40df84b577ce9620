/**
 * Purpose. STUN messages, TURN's attributes and ChannelData as bytes (RFC 8489, RFC 8656).
 * Promises. Pure; any bytes of a stranger give a message or `undefined`, never an exception; lengths are checked before use.
 * Does not. Know who may do what, sockets or time.
 * May import. Nothing of ours.
 */
export { addressBytes, addressKey, addressText, plainAddress, type TransportAddress } from './addresses.ts'
export { decodeXorAddress, encodeXorAddress } from './addresses.ts'
export {
  errorAttribute,
  errorCodeOf,
  notUnderstood,
  numberAttribute,
  numberOf,
  textAttribute,
  textOf,
  unknownAttributes,
  valueOf,
  valuesOf,
  type StunErrorCode,
} from './attributes.ts'
export { channelHeader, decodeChannelData, looksLikeChannelData } from './channel-data.ts'
export { attributeTypes, firstChannel, lastChannel, methods, udpProtocol } from './constants.ts'
export { offeredIntegrity, verifyIntegrity, type Integrity } from './integrity.ts'
export { decodeMessage, encodeMessage, looksLikeStun, type Protection } from './message.ts'
export { StreamSplitter } from './stream-splitter.ts'
export type { StunAttribute, StunClass, StunContent, StunMessage } from './types.ts'
