/**
 * Purpose. The world as a browser page offers it.
 * Promises. Nothing is touched before it is used: importing this in Node is harmless.
 * Does not. Keep state of its own.
 * May import. ../ports.ts, ../platform.
 */
import type { Runtime } from '../ports.ts'
import { webSockets } from './web-sockets.ts'
import { systemClock, webRandom } from '../platform/index.ts'

/** The world as a browser page offers it. */
export function browserRuntime(): Runtime {
  return {
    clock: systemClock,
    random: webRandom,
    sockets: webSockets,
    peerConnections: {
      create: (configuration) => new RTCPeerConnection(configuration),
      supportsMedia: true,
    },
    media: {
      capture: (constraints) => navigator.mediaDevices.getUserMedia(constraints),
      captureScreen: () => navigator.mediaDevices.getDisplayMedia({ video: { frameRate: 30 }, audio: false }),
    },
  }
}
