import { describeFault } from '../platform/index.ts'
import { DataApi } from './api/index.ts'
import type { DataRoom, DataRoomOptions, DataRoomStats } from './contract.ts'
import { defaultLimits } from './limits.ts'
import { isOfNode, openNodeObjects } from './node-objects.ts'
import { loadPear } from './pear/index.ts'
import { Refusal } from './refusal.ts'
import { Replication } from './replication/index.ts'
import { DataStore, type OpenDrive } from './store/index.ts'

/**
 * Opens the store of `folder` and begins to replicate what is in it. Rejects when the native modules do not load on this platform or the folder cannot be
 * used; then nothing is left running.
 */
export async function createDataRoom(options: DataRoomOptions): Promise<DataRoom> {
  const { dht, clock, log, folder } = options
  const limits = { ...defaultLimits, ...options.limits }
  const pear = await loadPear()
  const named = new Map<string, Set<string>>()
  let store: DataStore | undefined
  const join = (drive: OpenDrive): void => {
    if (isOfNode(drive)) return
    try {
      replication.join(drive.discoveryKey)
    } catch (error) {
      log.warn(`The data room does not replicate: ${describeFault(error)}`)
    }
  }
  const replication: Replication = new Replication({
    pear,
    dht,
    limits,
    clock,
    replicate: (connection) => {
      store?.replicate(connection)
    },
  })
  try {
    store = await DataStore.open({
      pear,
      folder,
      limits,
      clock,
      log,
      opened: (drive) => {
        if (store !== undefined) join(drive)
      },
      closed: ({ discoveryKey }) => {
        replication.leave(discoveryKey)
      },
      reopened: () => {
        replication.reconnect()
      },
    })
  } catch (error) {
    await replication.close()
    throw error
  }
  const kept = store
  // Not before: a connection that comes at once has a store to replicate.
  for (const drive of kept.drives()) join(drive)

  const nameToReplica = (secret: Buffer, drives: readonly string[]): void => {
    const name = secret.toString('hex')
    const known = named.get(name) ?? new Set<string>()
    if (!named.has(name) && named.size >= limits.maxReplicas) throw new Refusal('too-many-drives')
    named.set(name, known)
    // Those that have made way keep no others from replicas.
    for (const drive of known) if (!kept.knows(drive)) known.delete(drive)
    for (const drive of drives) if (known.size < limits.maxFollowedPerKey) known.add(drive)
    replication.talk({
      secret,
      role: 'member',
      drives: () => [...known],
      named: () => undefined,
    })
    replication.tell()
  }

  const api = new DataApi({ store: kept, limits, clock, nameToReplica })
  return {
    nodeObjects: () => openNodeObjects(kept),
    handle: (request, response, client) => api.handle(request, response, client),
    stats: (): DataRoomStats => ({
      drives: kept.count('own'),
      followed: kept.count('followed'),
      storedBytes: kept.storedBytes,
      peers: replication.peers,
      ...api.stats(),
    }),
    close: async () => {
      const answered = api.close()
      await replication.close()
      // What waits for peers or bodies does not get them any more: closing ends it.
      await kept.close()
      await answered
    },
  }
}
