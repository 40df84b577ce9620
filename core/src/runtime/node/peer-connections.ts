import { createRequire } from 'node:module'
import type { PeerConnections } from '../ports.ts'
import { HeadlessPeerConnection } from './headless-peer-connection.ts'

/** Data channels by `node-datachannel`, which is loaded at the first connection. It has no media. */
export const nodePeerConnections: PeerConnections = {
  create(configuration) {
    const { PeerConnection } = createRequire(import.meta.url)('node-datachannel') as typeof import('node-datachannel')
    // Core uses of the W3C interface what HeadlessPeerConnection implements; with `supportsMedia: false` it asks for no more.
    return new HeadlessPeerConnection(PeerConnection, configuration) as unknown as RTCPeerConnection
  },
  supportsMedia: false,
}
