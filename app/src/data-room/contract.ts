import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '@p2pigeon/core/node'
import type { DhtService } from '../dht/index.ts'
import type { Logger } from '../platform/index.ts'
import type { DataRoomLimits } from './limits.ts'

/** Numbers for `/health`: counts, nothing about any user. */
export interface DataRoomStats {
  /** Drives that are written here. */
  readonly drives: number
  readonly followed: number
  readonly storedBytes: number
  readonly sessions: number
  /** Connections to other nodes. */
  readonly peers: number
  /** Bytes that clients brought and fetched since the start. */
  readonly receivedBytes: number
  readonly sentBytes: number
  readonly refused: number
}

/** Who asks, as the door saw it. */
export interface DataClient {
  /** The admitted `Host`, in the form of `URL`. */
  readonly host: string
  readonly address: string
}

export interface DataRoomOptions {
  /** Made when it is not there; nothing else may be in it. */
  readonly folder: string
  /** Where other nodes are found; asked when the first drive is there. */
  readonly dht: Pick<DhtService, 'hyperNode' | 'onNetworkChanged'>
  readonly limits?: Partial<DataRoomLimits>
  readonly clock: Clock
  readonly log: Logger
}

/** Objects that the node itself writes, in a drive of its own that is neither announced nor named to anybody. Objects are named by 32 digits of hex. */
export interface NodeObjects {
  /** Largest piece, in bytes. */
  readonly pieceBytes: number
  /** Resolves when a crash does not lose it; the same piece again changes nothing. @throws {Refusal} `disk-full`, `quota-key`, `quota-all`, `busy`, `segment-differs`. */
  put(object: string, piece: number, bytes: Buffer): Promise<void>
  /** @throws {Refusal} `not-found`, `damaged`, `busy`; the pieces that it gives may fail so, too. */
  read(object: string, piece: number): Promise<AsyncGenerator<Buffer, void, void>>
  /** Forgets an object, or what is there of it. @throws {Refusal} */
  clear(object: string): Promise<void>
  /** Everything that is there, whole or not. */
  objects(): Promise<ReadonlySet<string>>
}

export interface DataRoom {
  /** The node's own objects; their drive is made the first time. @throws {Refusal} `damaged` for a drive that is there and does not open; `too-many-drives`, `disk-full`, `busy`. */
  readonly nodeObjects: () => Promise<NodeObjects>
  /** Answers a request whose path is under `/data/` and whose origin the door admitted. Never rejects. */
  readonly handle: (request: IncomingMessage, response: ServerResponse, client: DataClient) => Promise<void>
  stats(): DataRoomStats
  /** Refuses what comes, ends replication, then closes the store; resolves when nothing of it is left. */
  close(): Promise<void>
}
