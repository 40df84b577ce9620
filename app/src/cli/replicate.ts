import { join } from 'node:path'
import { UsageError } from '@p2pigeon/core'
import { readReplicaCode } from '@p2pigeon/core/files'
import { ensureDataFolder, type NodeConfig } from '../config/index.ts'
import type { ReplicaProgress } from '../data-room/index.ts'
import type { ReplicateCommand } from './arguments.ts'
import type { CliEvent } from './events.ts'

export interface ReplicaWishes {
  readonly secret: Buffer
  readonly folder: string
  readonly quotaBytes: number
  readonly config: NodeConfig
  readonly progress: (progress: ReplicaProgress) => void
  readonly warn: (line: string) => void
}

/** Starts a replica; the function that it gives ends it and what it stands on. */
export type OpenReplica = (wishes: ReplicaWishes) => Promise<() => Promise<void>>

interface ReplicatePorts {
  readonly interrupted: AbortSignal
  readonly openReplica: OpenReplica
  readonly err: (line: string) => void
}

/** @throws {UsageError} `bad-replica-code`. */
async function secretOf(code: string): Promise<Buffer> {
  try {
    return Buffer.from(await readReplicaCode(code.trim()))
  } catch (error) {
    throw new UsageError('bad-replica-code', 'That is not a replica code: copy the whole of it.', { cause: error })
  }
}

/** Runs a blind replica until it is interrupted. */
export async function performReplicate(
  command: ReplicateCommand,
  config: NodeConfig,
  emit: (event: CliEvent) => void,
  { interrupted, openReplica, err }: ReplicatePorts,
): Promise<void> {
  const close = await openReplica({
    secret: await secretOf(command.code),
    folder: join(ensureDataFolder(config.dataFolder), 'replica'),
    quotaBytes: command.quotaBytes,
    config,
    progress: (progress) => {
      emit({ type: 'replica', ...progress })
    },
    warn: err,
  })
  await new Promise<void>((resolve) => {
    if (interrupted.aborted) resolve()
    else {
      interrupted.addEventListener(
        'abort',
        () => {
          resolve()
        },
        { once: true },
      )
    }
  })
  await close()
}
