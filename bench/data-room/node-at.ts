import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '@p2pigeon/core/node'
import { createDataRoom, type DataRoom, type DataRoomOptions } from '../../app/src/data-room/index.ts'
import { Cleanup } from '../cleanup.ts'

const log = { error: console.error, warn: () => undefined, info: () => undefined }

export interface NodeAt {
  readonly port: number
  readonly room: DataRoom
  close(): Promise<void>
}

/** The data room of a node behind HTTP, for clients that call it by this name. */
export async function nodeAt(folder: string, dht: DataRoomOptions['dht'], host?: string): Promise<NodeAt> {
  const cleanup = new Cleanup()
  const room = cleanup.use(await createDataRoom({ folder, dht, clock: systemClock, log }))
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo
    void room.handle(request, response, { host: host ?? `127.0.0.1:${port}`, address: '127.0.0.1' })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  cleanup.use({
    close: () =>
      new Promise((closed) => {
        server.close(() => {
          closed()
        })
        server.closeAllConnections()
      }),
  })
  return { port: (server.address() as AddressInfo).port, room, close: () => cleanup.run() }
}
