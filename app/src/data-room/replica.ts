import type { DhtService } from '../dht/index.ts'
import type { Logger } from '../platform/index.ts'
import type { Clock } from '@p2pigeon/core/node'
import { defaultLimits, type DataRoomLimits } from './limits.ts'
import { loadPear } from './pear/index.ts'
import { Replication } from './replication/index.ts'
import { DataStore, type OpenDrive } from './store/index.ts'

/** Progress is told this often at most, ms. */
const tellEveryMs = 1_000

export interface ReplicaOptions {
  /** Made when it is not there; what is in it from before is served again. */
  readonly folder: string
  /** 32 bytes that the members' nodes were given, too. */
  readonly secret: Buffer
  readonly dht: Pick<DhtService, 'hyperNode' | 'onNetworkChanged'>
  /** Bytes to keep; with so many, nothing more is fetched, and what is there is served. */
  readonly quotaBytes: number
  readonly clock: Clock
  readonly log: Logger
  /** Told when the numbers have changed, at most once a second. */
  readonly progress: (progress: ReplicaProgress) => void
}

export interface ReplicaProgress {
  readonly state: 'waiting' | 'keeping' | 'full' | 'disk-full'
  readonly drives: number
  readonly storedBytes: number
  /** Nodes that it is connected to. */
  readonly peers: number
}

export interface Replica {
  progress(): ReplicaProgress
  close(): Promise<void>
}

/**
 * A blind replica: keeps whatever drives the members' nodes name, and serves them. It has no key of any file.
 * Rejects when the native modules do not load or the folder cannot be used.
 */
export async function startReplica(options: ReplicaOptions): Promise<Replica> {
  const { clock, log, dht, secret, folder, quotaBytes } = options
  const limits: DataRoomLimits = { ...defaultLimits, quotaAllBytes: quotaBytes }
  const pear = await loadPear()
  let store: DataStore | undefined
  let diskFull = false
  const fetching = new Map<OpenDrive, () => void>()

  const replication: Replication = new Replication({
    pear,
    dht,
    limits,
    clock,
    replicate: (connection) => {
      store?.replicate(connection)
    },
  })
  const keep = (drive: OpenDrive): void => {
    replication.join(drive.discoveryKey)
    if (!fetching.has(drive)) fetching.set(drive, drive.keepAll())
  }
  try {
    store = await DataStore.open({
      pear,
      folder,
      limits,
      clock,
      log,
      opened: (drive) => {
        if (store !== undefined) keep(drive)
      },
      closed: (drive) => {
        fetching.delete(drive)
        replication.leave(drive.discoveryKey)
      },
      reopened: () => {
        replication.reconnect()
      },
    })
  } catch (error) {
    await replication.close()
    throw error
  }
  const opened = store
  for (const drive of opened.drives()) keep(drive)

  const progress = (): ReplicaProgress => {
    const drives = opened.count('followed')
    return {
      state: opened.full ? 'full' : diskFull ? 'disk-full' : drives === 0 ? 'waiting' : 'keeping',
      drives,
      storedBytes: opened.storedBytes,
      peers: replication.peers,
    }
  }
  let told = ''
  let cancel = (): void => undefined
  const look = async (): Promise<void> => {
    // Those of a store that was opened anew are others.
    const present = new Set(opened.drives())
    for (const drive of fetching.keys()) if (!present.has(drive)) fetching.delete(drive)
    diskFull = !(await opened.hasRoom())
    if (opened.full || diskFull) {
      for (const end of fetching.values()) end()
      fetching.clear()
    } else for (const drive of opened.drives()) keep(drive)
    const now = progress()
    if (JSON.stringify(now) !== told) options.progress(now)
    told = JSON.stringify(now)
  }
  const lookAgain = (): void => {
    cancel = clock.after(tellEveryMs, () => {
      void look()
        .catch(() => undefined)
        .then(() => {
          if (!ended) lookAgain()
        })
    })
  }
  let ended = false
  await look()
  lookAgain()
  // Named and not followed yet: however often drives are named, one pass follows them, and no more wait than a replica takes.
  const waiting = new Set<string>()
  let following: Promise<void> | undefined
  const followNamed = async (): Promise<void> => {
    let refused = 0
    for (const key of waiting) {
      if (ended) return
      waiting.delete(key)
      await opened.follow(key).catch(() => {
        refused += 1
      })
    }
    if (refused > 0 && !ended) log.warn('The replica does not take one more drive: its bounds are reached.')
  }
  replication.talk({
    secret,
    role: 'replica',
    drives: () => [],
    named: (drives) => {
      for (const key of drives) if (waiting.size < limits.maxFollowed) waiting.add(key)
      following ??= followNamed().finally(() => {
        following = undefined
      })
    },
  })
  return {
    progress,
    close: async () => {
      ended = true
      cancel()
      await replication.close()
      await following
      for (const end of fetching.values()) end()
      await opened.close()
    },
  }
}
