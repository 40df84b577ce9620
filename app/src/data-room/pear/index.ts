/**
 * Purpose. The Hyper stack (Corestore, Hyperdrive, Hyperswarm) behind the types that we rely on.
 * Promises. Nothing native is loaded before `loadPear` is called.
 * Does not. Add behaviour.
 * May import. platform, @p2pigeon/core/node types.
 */
export {
  loadPear,
  type Pear,
  type PearBlob,
  type PearBlobs,
  type PearChannel,
  type PearConnection,
  type PearCore,
  type PearDiscovery,
  type PearDownload,
  type PearDrive,
  type PearEntry,
  type PearStore,
  type PearSwarm,
} from './pear.ts'
