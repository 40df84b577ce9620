// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- packages that compile this source need the ambient module too
/// <reference path="./hyperdht.d.ts" />

// The part of hyperdht 6 that we rely on, as its documentation and source have it.

export interface HyperKeyPair {
  readonly publicKey: Uint8Array
  readonly secretKey: Uint8Array
}

export interface HyperAddress {
  readonly host: string
  readonly port: number
}

export interface HyperPeer {
  readonly publicKey: Uint8Array
  readonly relayAddresses: readonly HyperAddress[]
}

export interface HyperQuery extends AsyncIterable<{ readonly peers?: readonly HyperPeer[] }> {
  finished(): Promise<void>
  destroy(): void
}

/** An encrypted duplex stream (streamx) over UDX. */
export interface HyperStream {
  readonly destroyed: boolean
  write(bytes: Uint8Array): boolean
  end(): void
  destroy(): void
  pause(): void
  resume(): void
  on(event: 'open' | 'drain' | 'end' | 'close', listener: () => void): void
  on(event: 'data', listener: (bytes: Uint8Array) => void): void
  on(event: 'error', listener: (error: Error) => void): void
}

export interface HyperServer {
  readonly relayAddresses: readonly HyperAddress[]
  listen(keyPair: HyperKeyPair): Promise<unknown>
  close(): Promise<void>
}

export interface HyperNode {
  readonly destroyed: boolean
  readonly host: string | null
  fullyBootstrapped(): Promise<void>
  /** Where the node is bound, null before it is. */
  address(): HyperAddress | null
  ping(to: HyperAddress, options?: { retry?: boolean }): Promise<unknown>
  lookup(topic: Uint8Array): HyperQuery
  announce(topic: Uint8Array, keyPair: HyperKeyPair, relayAddresses: readonly HyperAddress[]): HyperQuery
  unannounce(topic: Uint8Array, keyPair: HyperKeyPair): Promise<void>
  connect(
    publicKey: Uint8Array,
    options: { keyPair: HyperKeyPair; relayAddresses: readonly HyperAddress[]; localConnection: boolean },
  ): HyperStream
  createServer(options: { shareLocalAddress: boolean }, accept: (stream: HyperStream) => void): HyperServer
  destroy(options?: { force?: boolean }): Promise<void>
}

export interface HyperNodeOptions {
  readonly bootstrap?: readonly (string | HyperAddress)[]
  readonly host?: string
  readonly port?: number
  /** False stores records for others from the start; by default a node does so once it has proven stable. */
  readonly ephemeral?: boolean
  /** False says that the node is reachable without hole punching. */
  readonly firewalled?: boolean
}

export interface HyperDht {
  new (options?: HyperNodeOptions): HyperNode
  keyPair(): HyperKeyPair
  bootstrapper(port: number, host: string, options: HyperNodeOptions): HyperNode
  readonly BOOTSTRAP: readonly string[]
}

/** Loads hyperdht, an optional peer dependency. */
export async function loadHyperDht(): Promise<HyperDht> {
  return (await import('hyperdht')).default as HyperDht
}
