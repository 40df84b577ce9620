/* The worker of a page of the bench: seals, hashes and checks, as the frontend's does. */
import { serveWork } from '@p2pigeon/core/files'

serveWork({
  postMessage: (message, transfer) => self.postMessage(message, { transfer }),
  addEventListener: (type, listener) => self.addEventListener(type, listener),
  removeEventListener: (type, listener) => self.removeEventListener(type, listener),
})
