/**
 * Purpose. The world as Node offers it: sockets by `ws`, data channels by `node-datachannel`, no media.
 * Promises. Both packages are optional peers and load only when used.
 * Does not. Read files, environment or command line.
 * May import. ../ports.ts, ../platform.
 */
import type { Runtime } from '../ports.ts'
import { systemClock, webRandom } from '../platform/index.ts'
import { nodePeerConnections } from './peer-connections.ts'
import { wsSockets } from './ws-sockets.ts'

/**
 * The runtime of a headless peer.
 * @throws the loader's error when `ws` is not installed.
 */
export function nodeRuntime(): Runtime {
  return {
    clock: systemClock,
    random: webRandom,
    sockets: wsSockets(),
    peerConnections: nodePeerConnections,
    media: undefined,
  }
}
