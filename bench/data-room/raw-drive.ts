import { join } from 'node:path'
import { systemClock } from '@p2pigeon/core/node'
import { loadPear, type PearDrive, type PearStore, type PearSwarm } from '../../app/src/data-room/pear/index.ts'
import { startDht } from '../../app/src/dht/index.ts'
import { Cleanup } from '../cleanup.ts'
import { BenchFault } from '../page/fault.ts'
import { newSegment, segmentBytes, untilFetched, type Contender } from './contender.ts'

type WholeDrive = PearDrive & { put(path: string, bytes: Buffer): Promise<unknown> }

const log = { error: console.error, warn: () => undefined, info: () => undefined }

/** Hyperdrive over Hyperswarm as their manuals use them. */
export async function rawDrive(folder: string, bootstrap: readonly string[]): Promise<Contender> {
  const { Corestore, Hyperdrive, Hyperswarm } = await loadPear()
  const cleanup = new Cleanup()
  const machine = async (name: string): Promise<{ store: PearStore; swarm: PearSwarm }> => {
    const dht = cleanup.use(await startDht({ mode: 'local', bootstrap, clock: systemClock, log }))
    const store = cleanup.use(new Corestore(join(folder, name)))
    await store.ready()
    const swarm = new Hyperswarm({ dht: dht.hyperNode(), maxPeers: 64 })
    cleanup.use({ close: () => swarm.destroy() })
    swarm.on('connection', (connection) => {
      connection.on('error', () => undefined)
      store.replicate(connection)
    })
    return { store, swarm }
  }
  const first = await machine('first')
  const drive = new Hyperdrive(first.store.session()) as WholeDrive
  await drive.ready()
  first.swarm.join(drive.discoveryKey, { server: true, client: true })
  let written = 0

  return {
    write: async (segments) => {
      for (let n = 0; n < segments; n += 1) await drive.put(`/segments/${n}`, newSegment())
      written = segments * segmentBytes
    },
    fetch: async () => {
      const second = await machine('second')
      const copy = new Hyperdrive(second.store.session(), drive.key)
      await copy.ready()
      second.swarm.join(copy.discoveryKey, { server: true, client: true })
      const blobs = await copy.getBlobs()
      if (blobs === null) throw new BenchFault('the drive has no contents')
      let stored = 0
      blobs.core.on('download', (_, bytes) => {
        stored += bytes
      })
      copy.core.download({ start: 0, end: -1 })
      blobs.core.download({ start: 0, end: -1 })
      return untilFetched(() => stored, written)
    },
    close: () => cleanup.run(),
  }
}
