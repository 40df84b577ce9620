// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- packages that compile this source need the ambient modules too
/// <reference path="./modules.d.ts" />
import type { HyperNode } from '@p2pigeon/core/node'
import { quietReports } from '../../platform/index.ts'

/** A range that is fetched from peers until it is destroyed. */
export interface PearDownload {
  destroy(): void
}

export interface PearReadOptions {
  /** False: give null at once when the block is not here. */
  readonly wait?: boolean
  /** Milliseconds for peers to bring it; then an error of code `REQUEST_TIMEOUT`. */
  readonly timeout?: number
}

/** A Hypercore session. */
export interface PearCore {
  readonly key: Buffer
  readonly discoveryKey: Buffer
  readonly length: number
  readonly peers: readonly unknown[]
  readonly state: { readonly storage: { createUserDataStream(): AsyncIterable<{ key: string; value: Buffer }> } }
  ready(): Promise<void>
  close(): Promise<void>
  append(blocks: readonly Buffer[]): Promise<unknown>
  get(index: number, options?: PearReadOptions): Promise<Buffer | null>
  has(start: number, end?: number): Promise<boolean>
  /** Forgets blocks; their hashes stay. */
  clear(start: number, end: number): Promise<unknown>
  /** `end: -1` is without end. */
  download(range: { readonly start: number; readonly end: number }): PearDownload
  setUserData(key: string, value: Buffer | null): Promise<void>
  getUserData(key: string): Promise<Buffer | null>
  on(event: 'append' | 'peer-add', listener: () => void): void
  on(event: 'download', listener: (index: number, bytes: number) => void): void
  off(event: 'append' | 'peer-add', listener: () => void): void
}

/** Where a file's bytes are in the core of contents. Written by whoever writes the drive: foreign. */
export interface PearBlob {
  readonly blockOffset: number
  readonly blockLength: number
  readonly byteOffset: number
  readonly byteLength: number
}

export interface PearEntry {
  readonly key: string
  readonly value: { readonly blob: PearBlob | null; readonly metadata: unknown }
}

interface PearBlobsBatch {
  put(bytes: Buffer): Promise<PearBlob>
  flush(): Promise<void>
}

export interface PearBlobs {
  readonly core: PearCore
  blockSize: number
  batch(): PearBlobsBatch
}

/** A name in two versions of a drive; null where it is not there. */
export interface PearDifference {
  readonly left: PearEntry | null
  readonly right: PearEntry | null
}

/** Changes of a drive that come all at once. */
interface PearDriveBatch {
  del(path: string): Promise<void>
  flush(): Promise<void>
}

export interface PearDrive {
  readonly key: Buffer
  readonly discoveryKey: Buffer
  readonly core: PearCore
  readonly blobs: PearBlobs | null
  /** 1 for an empty drive; grows with each entry. */
  readonly version: number
  ready(): Promise<void>
  close(): Promise<void>
  getBlobs(): Promise<PearBlobs | null>
  entry(path: string, options?: PearReadOptions): Promise<PearEntry | null>
  putEntry(path: string, entry: { blob?: PearBlob; metadata?: object }): Promise<void>
  batch(): PearDriveBatch
  list(folder: string, options?: PearReadOptions): AsyncIterable<PearEntry>
  /** What differs between now, `left`, and this version, `right`. */
  diff(version: number, folder: string): AsyncIterable<PearDifference>
}

/** The database of a store. */
export interface PearStorage {
  /** Not for others; see `keepLogs`. */
  _maybeRecoverLater?: (error: Error) => void
}

export interface PearStore {
  readonly storage: PearStorage
  ready(): Promise<void>
  close(): Promise<void>
  session(): PearStore
  namespace(name: string): PearStore
  get(options: { readonly name: string } | { readonly key: Buffer }): PearCore
  replicate(stream: PearConnection): unknown
}

interface PearEncoding {
  preencode(state: { end: number }, value: Uint8Array): void
  encode(state: { start: number; buffer: Uint8Array }, value: Uint8Array): void
  decode(state: { start: number; end: number; buffer: Uint8Array }): Uint8Array
}

/** One conversation inside a connection (Protomux). Both ends open it under the same protocol and id, or it is nothing. */
export interface PearChannel {
  readonly messages: readonly { send(value: Uint8Array): boolean }[]
  open(): void
  close(): void
}

export interface PearMuxer {
  createChannel(options: {
    readonly protocol: string
    readonly id: Buffer
    readonly messages: readonly { readonly encoding: PearEncoding; readonly onmessage: (value: Uint8Array) => void }[]
    readonly onopen: () => void
    readonly onclose: () => void
  }): PearChannel | null
}

/** An encrypted stream between two nodes. */
export interface PearConnection {
  readonly handshakeHash: Buffer
  /** There once the store replicates over the connection. */
  readonly userData: PearMuxer | null
  on(event: 'error' | 'close', listener: () => void): void
  destroy(): void
}

export interface PearDiscovery {
  refresh(): Promise<unknown>
  destroy(): Promise<void>
}

export interface PearSwarm {
  readonly connections: ReadonlySet<PearConnection>
  /** The discovery of a topic that was joined. */
  status(topic: Buffer): PearDiscovery | null
  join(topic: Buffer, options: { readonly server: boolean; readonly client: boolean }): PearDiscovery
  on(event: 'connection', listener: (connection: PearConnection) => void): void
  destroy(): Promise<void>
}

/** The parts of the Hyper stack that the data room stands on. They hold native code, which a platform may lack. */
export interface Pear {
  /** `writeBufferSize`: bytes that are kept in memory, twice, until they are written to their place. */
  readonly Storage: new (folder: string, options: { readonly writeBufferSize: number }) => PearStorage
  readonly Corestore: new (storage: PearStorage | string) => PearStore
  readonly Hyperdrive: new (store: PearStore, key?: Buffer) => PearDrive
  readonly Hyperswarm: new (options: { readonly dht: HyperNode; readonly maxPeers: number }) => PearSwarm
}

/** Loads them. Rejects where their native code does not run. */
export async function loadPear(): Promise<Pear> {
  quietReports()
  const [storage, corestore, hyperdrive, hyperswarm] = await Promise.all([
    import('hypercore-storage'),
    import('corestore'),
    import('hyperdrive'),
    import('hyperswarm'),
  ])
  return {
    Storage: storage.default as Pear['Storage'],
    Corestore: corestore.default as Pear['Corestore'],
    Hyperdrive: hyperdrive.default as Pear['Hyperdrive'],
    Hyperswarm: hyperswarm.default as Pear['Hyperswarm'],
  }
}
