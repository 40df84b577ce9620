// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- packages that compile this source need the ambient module too
/// <reference path="../signalling/carriers/dht-native/hyperdht.d.ts" />

/** A DHT of its own on 127.0.0.1. */
export interface DhtTestnet {
  /** `host:port` of a node to join through. */
  readonly bootstrap: readonly string[]
  close(): Promise<void>
}

interface HyperTestnet {
  readonly bootstrap: readonly { readonly host: string; readonly port: number }[]
  destroy(): Promise<void>
}

/** Starts `size` nodes of hyperdht on free ports; 10 take about 100 ms. */
export async function startDhtTestnet(size = 10, port = 0): Promise<DhtTestnet> {
  const { default: create } = await import('hyperdht/testnet.js')
  const testnet = await (create as (size: number, options: { host: string; port: number }) => Promise<HyperTestnet>)(
    size,
    { host: '127.0.0.1', port },
  )
  return {
    bootstrap: testnet.bootstrap.map(({ host, port: bound }) => `${host}:${bound}`),
    close: () => testnet.destroy(),
  }
}
