import type { Readable } from 'node:stream'
import type { Clock, Random } from '@p2pigeon/core/node'
import { ensureDataFolder, loadConfig, readEnvironment, type Environment, type NodeConfig } from '../config/index.ts'
import { parseCommand, type Command } from './arguments.ts'
import type { CliEvent } from './events.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { help } from './help.ts'
import { lineInput, type LineInput } from './input.ts'
import { humanLines, jsonLine } from './render.ts'
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
  readonly clock: Clock
  readonly random: Random
  readonly interrupted: AbortSignal
  /** The code of a link to a new room whose host is the seed's owner. */
  readonly freshLinkCode: (seed: Uint8Array<ArrayBuffer>) => Promise<string>
  readonly openClient: (options: ClientOptions) => Promise<OpenClient>
  readonly openReplica: OpenReplica
}

type SpeakingCommand = Extract<Command, { kind: 'join' | 'new' | 'replicate' }>
type RoomCommand = Extract<Command, { kind: 'join' | 'new' }>

function emitter({ json }: SpeakingCommand, { out, err }: CliPorts): (event: CliEvent) => void {
  return (event) => {
    if (json) out(jsonLine(event))
    else for (const line of humanLines(event)) (event.type === 'error' ? err : out)(line)
  }
}

function configFor(command: SpeakingCommand, { environment, folder }: CliPorts): NodeConfig {
  const given = readEnvironment(folder, environment)
  const bootstrap = command.bootstrap.length > 0 ? { PIGEON_DHT_BOOTSTRAP: command.bootstrap.join(',') } : {}
  return loadConfig({ ...given, ...bootstrap }, folder)
}

async function enter(
  command: RoomCommand,
  link: string,
  seed: Uint8Array<ArrayBuffer>,
  config: NodeConfig,
  lines: LineInput,
  ports: CliPorts,
): Promise<ExitCode> {
  const { name, relayUrls } = command
  const client = await ports.openClient({ seed, name, relayUrls, link, config, warn: ports.err })
  try {
    const emit = emitter(command, ports)
    return await runSession({ client, link, lines, emit, clock: ports.clock, interrupted: ports.interrupted })
  } finally {
    await client.close()
  }
}

async function perform(command: RoomCommand, lines: LineInput, ports: CliPorts): Promise<ExitCode> {
  const config = configFor(command, ports)
  const seed = command.ephemeral ? ports.random.bytes(32) : keptSeed(ensureDataFolder(config.dataFolder), ports.random)
  if (command.kind === 'join') {
    const link = command.link === '-' ? ((await lines.take()) ?? '') : command.link
    return enter(command, link, seed, config, lines, ports)
  }
  const link = `${command.origin}/#/r/${await ports.freshLinkCode(seed)}`
  emitter(command, ports)({ type: 'link', link })
  return command.join ? enter(command, link, seed, config, lines, ports) : exitCode.left
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
