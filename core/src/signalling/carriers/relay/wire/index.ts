/**
 * Purpose. The relay protocol between a browser and a DHT relay or a signalling server (docs/protocol/hypernat.md): frames and their codec.
 * Promises. `decodeFrame` takes any bytes and throws nothing but CodecError; both ends share this one definition.
 * Does not. Hold state, open sockets or count credit.
 * May import. errors, codec.
 */
export {
  closeCodes,
  firstRelayId,
  headerBytes,
  keyBytes,
  minorVersions,
  subprotocols,
  windowBounds,
  type Frame,
  type FrameType,
  type Network,
  type RefusalCode,
  type VersionRange,
} from './frames.ts'
export { commonMinor, decodeFrame, encodeFrame } from './codec.ts'
