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

export interface DataRoom {
  /** Answers a request whose path is under `/data/` and whose origin the door admitted. Never rejects. */
  readonly handle: (request: IncomingMessage, response: ServerResponse, client: DataClient) => Promise<void>
  stats(): DataRoomStats
  /** Refuses what comes, ends replication, then closes the store; resolves when nothing of it is left. */
  close(): Promise<void>
}
