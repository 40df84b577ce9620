import { join } from 'node:path'
import { PigeonError, UsageError } from '@p2pigeon/core'
import { openBlobs, type Blobs, type BlobsOptions } from '../blobs/index.ts'
import { ensureDataFolder, type NodeConfig } from '../config/index.ts'
import type { DataRoom, DataRoomOptions } from '../data-room/index.ts'
import type { NostrRelay, NostrRelayOptions } from '../nostr-relay/index.ts'
import { describeFault, quietReports } from '../platform/index.ts'
import {
  createSignalling,
  LocalBus,
  openRedisBus,
  type Signalling,
  type SignallingOptions,
} from '../signalling/index.ts'

/** The signalling server with its bus, which is this process unless another one is named; undefined when it is off. */
export function startSignalling(
  { signalling: { on, busUrl } }: NodeConfig,
  options: Omit<SignallingOptions, 'bus'>,
): Signalling | undefined {
  if (!on) return undefined
  const bus = busUrl === undefined ? new LocalBus() : openRedisBus(busUrl.reveal(), options)
  const signalling = createSignalling({ ...options, bus })
  return {
    ...signalling,
    close: async () => {
      await signalling.close()
      await bus.close()
    },
  }
}

/**
 * The Nostr relay, whose database only its owner reads; undefined when it is off. A node without a place to keep it runs all the same, and says so.
 */
export async function startNostrRelay(
  config: NodeConfig,
  options: Omit<NostrRelayOptions, 'file'>,
): Promise<NostrRelay | undefined> {
  if (!config.nostr.on) return undefined
  try {
    quietReports()
    // Holds a native module, which a platform may lack.
    const { createNostrRelay } = await import('../nostr-relay/index.ts')
    return createNostrRelay({ ...options, file: join(ensureDataFolder(config.dataFolder), 'nostr.db') })
  } catch (error) {
    options.log.warn(`The Nostr relay is off, its database does not open: ${describeFault(error)}`)
    return undefined
  }
}

/** The data room; undefined when it is off. A platform without its native modules runs a node all the same, and says so. */
export async function startDataRoom(
  config: NodeConfig,
  options: Omit<DataRoomOptions, 'folder' | 'limits'>,
): Promise<DataRoom | undefined> {
  const { on, ...limits } = config.dataRoom
  if (!on) return undefined
  try {
    const { createDataRoom } = await import('../data-room/index.ts')
    return await createDataRoom({ ...options, limits, folder: join(ensureDataFolder(config.dataFolder), 'data-room') })
  } catch (error) {
    if (error instanceof UsageError && error.code === 'store-moved') {
      options.log.warn(`The data room is off. ${error.message}`)
      return undefined
    }
    const isDamaged = error instanceof PigeonError && error.code === 'damaged'
    options.log.warn(
      isDamaged
        ? 'The data room is off: its database and the log of it are not of one time. Nothing was deleted. Put a whole backup of PIGEON_DATA/data-room back, or move the folder away to begin anew.'
        : `The data room is off, its store does not open: ${describeFault(error)}`,
    )
    return undefined
  }
}

/** The store of encrypted files; undefined when it is off. A node without a place to keep them runs all the same, and says so. */
export async function startBlobs(
  { blobs: { on, maxBytes, totalBytes }, dataFolder }: NodeConfig,
  { clock, log, dataRoom }: Pick<BlobsOptions, 'clock' | 'log'> & { readonly dataRoom: DataRoom | undefined },
): Promise<Blobs | undefined> {
  if (!on) return undefined
  try {
    const folder = join(ensureDataFolder(dataFolder), 'blobs')
    // One store of the node's, where there is one. Without a drive of its own in it, files are kept beside it.
    const objects = await dataRoom?.nodeObjects().catch((error: unknown) => {
      log.warn(`Files of conversations are kept outside of the data room: ${describeFault(error)}`)
      return undefined
    })
    return await openBlobs({ folder, maxBytes, totalBytes, objects, clock, log })
  } catch (error) {
    log.warn(`The store of files is off, its folder does not open: ${describeFault(error)}`)
    return undefined
  }
}
