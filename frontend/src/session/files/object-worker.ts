import { serveWork } from '@p2pigeon/core/files'

/*
 * Encrypts, hashes and checks the files of a room in a thread of its own, so that the page stays fluid. WebAssembly needs `wasm-unsafe-eval`, which
 * the node grants to this script's response alone; it reaches no network, and the page hands it every byte.
 */
serveWork({
  postMessage: (message, transfer) => self.postMessage(message, { transfer }),
  addEventListener: (type, listener) => self.addEventListener(type, listener),
  removeEventListener: (type, listener) => self.removeEventListener(type, listener),
})
