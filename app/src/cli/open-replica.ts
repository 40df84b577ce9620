import { UsageError } from '@p2pigeon/core'
import type { Clock } from '@p2pigeon/core/node'
import { startDht } from '../dht/index.ts'
import { describeFault } from '../platform/index.ts'
import type { ReplicaWishes } from './replicate.ts'

/** A blind replica on the DHT that this machine reaches. @throws {UsageError} `no-replica` when its store does not open here, `store-moved` for a copy of one. */
export async function openReplica(
  { secret, folder, quotaBytes, config, progress, warn }: ReplicaWishes,
  clock: Clock,
): Promise<() => Promise<void>> {
  const log = {
    error: warn,
    warn: (line: string) => {
      warn(`* ${line}`)
    },
    info: () => undefined,
  }
  const dht = await startDht({
    mode: config.network,
    ...(config.bootstrap.length > 0 ? { bootstrap: config.bootstrap } : {}),
    clock,
    log,
  })
  try {
    // Holds native modules, which a platform may lack and other commands do not need.
    const { startReplica } = await import('../data-room/index.ts')
    const replica = await startReplica({ folder, secret, dht, quotaBytes, clock, log, progress })
    return async () => {
      await replica.close()
      await dht.close()
    }
  } catch (error) {
    await dht.close()
    if (error instanceof UsageError && error.code === 'store-moved') throw error
    log.warn(describeFault(error))
    throw new UsageError(
      'no-replica',
      'The replica does not start: another one may be running in this data folder, or this platform lacks its database.',
      { cause: error },
    )
  }
}
