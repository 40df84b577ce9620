// These packages ship no types. The shapes that we rely on are in pear.ts, where each module is narrowed once.
declare module 'corestore' {
  const Corestore: unknown
  export default Corestore
}

declare module 'hypercore-storage' {
  const Storage: unknown
  export default Storage
}

declare module 'hyperdrive' {
  const Hyperdrive: unknown
  export default Hyperdrive
}

declare module 'hyperswarm' {
  const Hyperswarm: unknown
  export default Hyperswarm
}
