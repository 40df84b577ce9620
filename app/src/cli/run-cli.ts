import { basename, dirname, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import type { ProtocolConfigs } from '@p2pigeon/core'
import type { Clock, Random } from '@p2pigeon/core/node'
import { ensureDataFolder, loadConfig, readEnvironment, type Environment, type NodeConfig } from '../config/index.ts'
import { parseCommand, type Command } from './arguments.ts'
import type { CliEvent } from './events.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { keepRooms, performFiles, SealedMemory, type FilesCommand } from './files/index.ts'
import { help } from './help.ts'
import { lineInput, type LineInput } from './input.ts'
import { humanLines, jsonLine, progressLine } from './render.ts'
import { performReplicate, type OpenReplica } from './replicate.ts'
import { performRoster } from './roster/index.ts'
import { keptSeed } from './seed-file.ts'
import { runSession, type RoomClient } from './session.ts'
import { faultOf } from './words.ts'

export interface ClientOptions {
  readonly seed: Uint8Array<ArrayBuffer>
  readonly name: string | undefined
  readonly relayUrls: readonly string[]
  /** The room's link as it was given; only the node it names is asked for ICE servers. */
  readonly link: string
  readonly config: NodeConfig
  /** Where logs and secrets of rooms are kept between visits; without it, they last as long as the client. */
  readonly roomMemory: ProtocolConfigs['roomMemory'] | undefined
  readonly warn: (line: string) => void
}

export interface OpenClient extends RoomClient {
  /** Ends the room, the carrier and the DHT. */
  close(): Promise<void>
}

/** The world, and what tests replace in it. */
export interface CliPorts {
  readonly environment: Environment
  readonly folder: string
  readonly input: Readable
  /** Write one whole line, without its end. */
  readonly out: (line: string) => void
  readonly err: (line: string) => void
  /** Shows how far something has come, in place of what it showed before; undefined where nobody looks. */
  readonly progress: ((line: string) => void) | undefined
  readonly clock: Clock
  readonly random: Random
  readonly interrupted: AbortSignal
  /** The code of a link to a new room whose host is the seed's owner. */
  readonly freshLinkCode: (seed: Uint8Array<ArrayBuffer>) => Promise<string>
  readonly openClient: (options: ClientOptions) => Promise<OpenClient>
  readonly openReplica: OpenReplica
}

type SpeakingCommand = Extract<Command, { kind: 'join' | 'new' | 'replicate' | 'files' }>
type RoomCommand = Extract<Command, { kind: 'join' | 'new' }>

function emitter({ json, kind }: SpeakingCommand, ports: CliPorts): (event: CliEvent) => void {
  const { out, err, progress } = ports
  return (event) => {
    // What a command for files was asked for is its output; what it says meanwhile is not.
    const isAside = kind === 'files' && event.type !== 'entry'
    if (json) out(jsonLine(event))
    else if (event.type === 'progress') progress?.(progressLine(event))
    else for (const line of humanLines(event)) (event.type === 'error' || isAside ? err : out)(line)
  }
}

function configFor(command: SpeakingCommand, { environment, folder }: CliPorts): NodeConfig {
  const given = readEnvironment(folder, environment)
  const bootstrap = command.bootstrap.length > 0 ? { PIGEON_DHT_BOOTSTRAP: command.bootstrap.join(',') } : {}
  return loadConfig({ ...given, ...bootstrap }, folder)
}

/** Who enters a room, and where that somebody remembers; undefined for one who is new this time. */
interface Visitor {
  readonly seed: Uint8Array<ArrayBuffer>
  readonly memory: SealedMemory | undefined
  readonly config: NodeConfig
}

function visitorFor(command: RoomCommand | FilesCommand, ports: CliPorts): Visitor {
  const config = configFor(command, ports)
  const { random, folder } = ports
  if (command.ephemeral) return { seed: random.bytes(32), memory: undefined, config }
  const keyFile = command.kind === 'files' ? command.keyFile : undefined
  const path = keyFile === undefined ? undefined : resolve(folder, keyFile)
  const home = path === undefined ? ensureDataFolder(config.dataFolder) : dirname(path)
  const seed = keptSeed(home, random, path && basename(path))
  return { seed, memory: new SealedMemory(join(home, 'rooms'), seed, random), config }
}

async function within<Result>(
  { name, relayUrls }: RoomCommand | FilesCommand,
  link: string,
  { seed, memory, config }: Visitor,
  ports: CliPorts,
  run: (client: OpenClient) => Promise<Result>,
): Promise<Result> {
  const rooms = memory && keepRooms(memory, ports.clock)
  try {
    const roomMemory = rooms?.roomMemory
    const client = await ports.openClient({ seed, name, relayUrls, link, config, roomMemory, warn: ports.err })
    try {
      return await run(client)
    } finally {
      await client.close()
    }
  } finally {
    rooms?.release()
  }
}

function enter(command: RoomCommand, link: string, visitor: Visitor, lines: LineInput, ports: CliPorts) {
  const emit = emitter(command, ports)
  const { clock, interrupted } = ports
  return within(command, link, visitor, ports, (client) =>
    runSession({ client, link, lines, emit, clock, interrupted }),
  )
}

async function perform(command: RoomCommand | FilesCommand, lines: LineInput, ports: CliPorts): Promise<ExitCode> {
  const visitor = visitorFor(command, ports)
  if (command.kind === 'new') {
    const link = `${command.origin}/#/r/${await ports.freshLinkCode(visitor.seed)}`
    emitter(command, ports)({ type: 'link', link })
    return command.join ? enter(command, link, visitor, lines, ports) : exitCode.left
  }
  const link = command.link === '-' ? ((await lines.take()) ?? '') : command.link
  if (command.kind === 'join') return enter(command, link, visitor, lines, ports)
  const emit = emitter(command, ports)
  return within(command, link, visitor, ports, (client) =>
    performFiles(command, { ...ports, ...visitor, client, link, emit }),
  )
}

/** Does what the words after `pigeon` ask for and gives the exit code. Never rejects. */
export async function runCli(words: readonly string[], ports: CliPorts): Promise<ExitCode> {
  let command: Command | undefined
  const lines = lineInput(ports.input)
  const close = (): void => {
    lines.close()
  }
  ports.interrupted.addEventListener('abort', close, { once: true })
  try {
    command = parseCommand(words)
    if (command.kind === 'help') {
      ports.out(help.trimEnd())
      return exitCode.left
    }
    if (command.kind === 'roster') {
      await performRoster(command.roster, ports)
      return exitCode.left
    }
    if (command.kind === 'replicate') {
      const code = command.code === '-' ? ((await lines.take()) ?? '') : command.code
      await performReplicate({ ...command, code }, configFor(command, ports), emitter(command, ports), ports)
      return exitCode.left
    }
    return await perform(command, lines, ports)
  } catch (error) {
    const { code, words: text, exit } = faultOf(error)
    const event: CliEvent = { type: 'error', code, words: text }
    if (command !== undefined && 'json' in command) emitter(command, ports)(event)
    else humanLines(event).forEach(ports.err)
    return exit
  } finally {
    ports.interrupted.removeEventListener('abort', close)
    lines.close()
  }
}
