// hyperdht ships no types. The shapes that we rely on are in hyperdht.ts, where the module is narrowed once.
declare module 'hyperdht' {
  const HyperDHT: unknown
  export default HyperDHT
}

declare module 'hyperdht/testnet.js' {
  const createTestnet: unknown
  export default createTestnet
}
