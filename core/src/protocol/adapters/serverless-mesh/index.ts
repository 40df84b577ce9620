/**
 * Purpose. Rooms without any server: peers find each other on the DHT and form a full mesh.
 * Promises. One carrier shared by all rooms; what it learns is rotating topics and sealed frames.
 * Does not. Forward media or store anything.
 * May import. everything below protocol.
 */
export { ServerlessMeshAdapter, type ServerlessMeshOptions } from './serverless-mesh-adapter.ts'
