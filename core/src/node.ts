/**
 * What the library adds in Node: a runtime for headless peers and the DHT without a relay.
 *
 * ```ts
 * import { ProtocolManager } from '@p2pigeon/core'
 * import { nativeDhtCarrier, nodeRuntime } from '@p2pigeon/core/node'
 *
 * const manager = new ProtocolManager()
 * await manager.initialize({ runtime: nodeRuntime(), serverlessMesh: { carrier: nativeDhtCarrier() } })
 * ```
 */
export { TransportError } from './errors/index.ts'
export { Allowance, type Clock, type Random, type Runtime } from './runtime/index.ts'
export { nodeRuntime } from './runtime/node/index.ts'
export { systemClock, webRandom } from './runtime/platform/index.ts'
export {
  bootstrapAnswers,
  DhtNode,
  DhtPipe,
  loadHyperDht,
  nativeDhtCarrier,
  parseBootstrap,
  type DhtKeyPair,
  type DhtPipeHandlers,
  type DhtStream,
  type HyperDht,
  type HyperNode,
  type NativeDhtCarrierOptions,
} from './signalling/carriers/dht-native/index.ts'
