import { createRequire } from 'node:module'
import type { PeerConnections } from '../ports.ts'

/** Data channels by `node-datachannel`, which is loaded at the first connection. It has no media. */
export const nodePeerConnections: PeerConnections = {
  create(configuration) {
    const polyfill = createRequire(import.meta.url)('node-datachannel/polyfill') as {
      // The polyfill follows the W3C interface; its own declarations lag behind those of lib.dom.
      RTCPeerConnection: new (configuration: RTCConfiguration) => RTCPeerConnection
    }
    return new polyfill.RTCPeerConnection(configuration)
  },
  supportsMedia: false,
}
