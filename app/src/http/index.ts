/**
 * Purpose. The node's HTTP side: the built page, three JSON answers for it, and the doors to the WebSocket services, the store of files and the data room.
 * Promises. Every answer carries the security headers; only known Host names and origins get past the door.
 * Does not. Read a request body, keep a session, or speak any of their protocols.
 * May import. platform, types of blobs, @p2pigeon/core errors.
 */
export { createHttpService, type HttpServiceOptions, type IceClient, type UpgradeHandler } from './http-service.ts'
export { closeListener, listen } from './listen.ts'
export { frontendAssets, type Assets } from './assets.ts'
