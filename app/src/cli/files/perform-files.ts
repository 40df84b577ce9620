import { UsageError } from '@p2pigeon/core'
import type { Clock, Random } from '@p2pigeon/core/node'
import type { CliEvent } from '../events.ts'
import { exitCode, type ExitCode } from '../exit-code.ts'
import { originOf } from '../ice-source.ts'
import type { RoomClient } from '../session.ts'
import { endings } from '../session.ts'
import { viewChanges, type Watched } from '../view-changes.ts'
import { faultOf, type Fault } from '../words.ts'
import type { FilesCommand } from './command.ts'
import type { DeedPorts, Done } from './deed-ports.ts'
import { get } from './get.ts'
import { ls } from './ls.ts'
import { purge } from './purge.ts'
import type { SealedMemory } from './sealed-memory.ts'
import { share } from './share.ts'
import { sync } from './sync/index.ts'
import { Visit } from './visit.ts'

export interface FilesPorts {
  readonly client: Pick<RoomClient, 'joinRoom'>
  /** The room's link as it was given. */
  readonly link: string
  readonly seed: Uint8Array<ArrayBuffer>
  readonly memory: SealedMemory | undefined
  readonly emit: (event: CliEvent) => void
  readonly clock: Clock
  readonly random: Random
  /** Aborts on Ctrl-C. */
  readonly interrupted: AbortSignal
}

/**
 * The node of a command. @throws {UsageError} `no-node`.
 */
export function nodeOf({ node }: Pick<FilesCommand, 'node'>, link: string): string {
  const origin = node ?? originOf(link)
  if (origin === undefined) {
    throw new UsageError('no-node', 'The link names no node; say which one keeps your files: --node https://….')
  }
  return origin
}

/** Enters the room, does the deed with its files, leaves, and gives the exit code. @throws what no fault of the room is. */
export async function performFiles(command: FilesCommand, ports: FilesPorts): Promise<ExitCode> {
  const { client, link, emit, interrupted } = ports
  const node = nodeOf(command, link)
  const room = await client.joinRoom(link)
  const stop = new AbortController()
  let fault: Fault | undefined
  let told: Watched = { contacted: false }
  const look = (): void => {
    const { events, now } = viewChanges(told, room.view())
    told = now
    for (const event of events) if (event.type === 'state') emit(event)
    if (now.room === undefined || !(now.room in endings)) return
    fault ??= endings[now.room as keyof typeof endings]
    stop.abort()
  }
  const forget = room.subscribe(look)
  const signal = AbortSignal.any([interrupted, stop.signal])
  try {
    look()
    const { seed, clock, random } = ports
    const memory = ports.memory?.slot(room.roomId, 'files')
    const visit = await Visit.open({ ...{ room, node, seed, memory, clock, random, signal } })
    try {
      const { failed } = await doDeed(command, { ...ports, visit, signal, waitMs: command.waitMs })
      stop.signal.throwIfAborted()
      return failed > 0 ? exitCode.failed : exitCode.left
    } finally {
      await visit.close({ hasWritten: !['get', 'ls'].includes(command.deed.kind) })
    }
  } catch (error) {
    if (!signal.aborted) throw error
    if (fault === undefined) return isEndless(command) ? exitCode.left : exitCode.interrupted
    const { code, words, exit } = fault
    emit({ type: 'error', code, words })
    return exit
  } finally {
    forget()
    await room.leave().catch((error: unknown) => {
      const { code, words } = faultOf(error)
      emit({ type: 'error', code, words })
    })
  }
}

/** One that goes on until it is interrupted: then nothing was broken off. */
function isEndless({ deed }: FilesCommand): boolean {
  return deed.kind === 'sync' && deed.watches
}

function doDeed({ deed }: FilesCommand, ports: DeedPorts): Promise<Done> {
  switch (deed.kind) {
    case 'share':
      return share(deed, ports)
    case 'get':
      return get(deed, ports)
    case 'ls':
      return ls(deed, ports)
    case 'sync':
      return sync(deed, ports)
    case 'purge':
      return purge(deed, ports)
  }
}
