import type { Server } from 'node:http'
import { systemClock, type Clock } from '@p2pigeon/core/node'
import { createDataRoom, type DataRoom, type DataRoomLimits, type DataRoomOptions } from '../../src/data-room/index.ts'
import { closeListener, createHttpService, listen } from '../../src/http/index.ts'
import { farEndOf } from '../../src/platform/index.ts'
import { silent } from './testnet.ts'

export interface Served {
  readonly port: number
  readonly room: DataRoom
  close(): Promise<void>
}

export interface ServedOptions {
  readonly folder: string
  readonly dht?: DataRoomOptions['dht']
  readonly limits?: Partial<DataRoomLimits>
  readonly clock?: Clock
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
}: ServedOptions): Promise<Served> {
  const room = await createDataRoom({ folder, dht, limits, clock, log: silent })
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
    blobs: undefined,
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
    close: async () => {
      await Promise.all([closeListener(server, 100), room.close()])
    },
  }
}
