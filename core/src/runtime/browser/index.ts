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
