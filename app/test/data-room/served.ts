import type { Server } from 'node:http'
import { mkdirSync } from 'node:fs'
import { systemClock, type Clock } from '@p2pigeon/core/node'
import { openBlobs, type Blobs } from '../../src/blobs/index.ts'
import { createDataRoom, type DataRoom, type DataRoomLimits, type DataRoomOptions } from '../../src/data-room/index.ts'
import { closeListener, createHttpService, listen } from '../../src/http/index.ts'
import { farEndOf } from '../../src/platform/index.ts'
import { silent } from './testnet.ts'

export interface Served {
  readonly port: number
  readonly room: DataRoom
  /** Of its files of conversations, where it keeps any. */
  readonly drive: string | undefined
  close(): Promise<void>
}

export interface ServedOptions {
  readonly folder: string
  readonly dht?: DataRoomOptions['dht']
  readonly limits?: Partial<DataRoomLimits>
  readonly clock?: Clock
  /** Whether it keeps files of conversations, too. */
  readonly blobs?: boolean
  /** Any free one by default. */
  readonly port?: number
}

/** A node without a network: it keeps and serves what is brought to it. */
const noDht: DataRoomOptions['dht'] = {
  hyperNode: () => {
    throw new Error('not connected')
  },
  onNetworkChanged: () => () => undefined,
}

/** A data room behind the node's own door. */
export async function serve({
  folder,
  dht = noDht,
  limits = {},
  clock = systemClock,
  port: wanted = 0,
  blobs: hasBlobs = false,
}: ServedOptions): Promise<Served> {
  const room = await createDataRoom({ folder, dht, limits, clock, log: silent })
  const blobs = hasBlobs ? await openStore(room, folder, clock) : undefined
  let port = 0
  const server: Server = createHttpService({
    boundTo: '127.0.0.1',
    origins: [],
    pagePort: () => port,
    relayPort: () => undefined,
    relayUrl: undefined,
    signallingUrl: undefined,
    nodeName: '0123456789abcdef',
    nostrRelays: [],
    farEnd: farEndOf([]),
    nostrInformation: () => ({}),
    blobs,
    assets: undefined,
    health: () => ({}),
    node: () => ({}),
    ice: () => undefined,
    upgrades: {},
    data: room.handle,
  })
  port = await listen(server, { host: '127.0.0.1', port: wanted, variable: 'PORT' })
  return {
    port,
    room,
    drive: blobs?.drive,
    close: async () => {
      await Promise.all([closeListener(server, 100), blobs?.close()])
      await room.close()
    },
  }
}

/** Beside the folder of the data room, which nothing else may be in. */
async function openStore(room: DataRoom, dataRoom: string, clock: Clock): Promise<Blobs> {
  const folder = `${dataRoom}-blobs`
  mkdirSync(folder, { recursive: true })
  const sizes = { maxBytes: 8 * 2 ** 20, totalBytes: 2 ** 30 }
  return openBlobs({ folder, ...sizes, objects: await room.nodeObjects(), clock, log: silent })
}
