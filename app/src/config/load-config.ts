import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { z } from 'zod'
import { ConfigError } from './config-error.ts'
import { endpoints, host, iceServers, origins, port, socketUrl } from './fields.ts'
import type { NodeConfig } from './node-config.ts'

const variables = {
  HOST: { field: host.default('127.0.0.1'), example: '127.0.0.1' },
  PORT: { field: port.default(3060), example: '3060' },
  DHT_RELAY_PORT: { field: port.optional(), example: '3051' },
  PIGEON_DATA: { field: z.string().default('.pigeon'), example: '/var/lib/pigeon' },
  PIGEON_DHT: {
    field: z.enum(['auto', 'public', 'local'], 'must be auto, public or local').default('auto'),
    example: 'auto',
  },
  PIGEON_DHT_BOOTSTRAP: { field: endpoints.default([]), example: '127.0.0.1:49737' },
  PIGEON_ICE_SERVERS: { field: iceServers.default([]), example: '[{"urls":"stun:stun.example.org:3478"}]' },
  PIGEON_ORIGINS: { field: origins.default([]), example: 'https://pigeon.example.org' },
  VITE_SIGNALING_URL: { field: socketUrl.optional(), example: 'wss://pigeon.example.org/signalling' },
  VITE_DHT_RELAY_URL: { field: socketUrl.optional(), example: 'wss://pigeon.example.org/dht' },
}

type Variables = typeof variables
type Name = keyof Variables
export type Environment = Readonly<Record<string, string | undefined>>

/** Surrounding blanks and empty values mean nothing: `PORT=` in `.env` is the same as no line. */
function given(environment: Environment, name: Name): string | undefined {
  const text = environment[name]?.trim()
  return text === '' ? undefined : text
}

function read<N extends Name>(environment: Environment, name: N): z.output<Variables[N]['field']> {
  const { field, example } = variables[name]
  const parsed = field.safeParse(given(environment, name))
  if (parsed.success) return parsed.data as z.output<Variables[N]['field']>
  throw new ConfigError(name, parsed.error.issues[0]?.message ?? 'is not valid', example)
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(deepFreeze)
  }
  return value
}

/**
 * The process's environment over the `.env` file of `folder`, if there is one: what is really set wins.
 * @throws {ConfigError} when `.env` exists and cannot be read.
 */
export function readEnvironment(folder: string, environment: Environment): Environment {
  try {
    return { ...parseEnv(readFileSync(resolve(folder, '.env'), 'utf8')), ...environment }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return environment
    throw new ConfigError('.env', 'exists in the current folder but cannot be read', 'a text file, see .env.example')
  }
}

/**
 * Validates `environment`; relative paths are relative to `folder`.
 * @throws {ConfigError} naming the first variable that is wrong.
 */
export function loadConfig(environment: Environment, folder: string): NodeConfig {
  const config: NodeConfig = {
    host: read(environment, 'HOST'),
    port: read(environment, 'PORT'),
    dhtRelayPort: read(environment, 'DHT_RELAY_PORT'),
    dataFolder: resolve(folder, read(environment, 'PIGEON_DATA')),
    network: read(environment, 'PIGEON_DHT'),
    bootstrap: read(environment, 'PIGEON_DHT_BOOTSTRAP'),
    iceServers: read(environment, 'PIGEON_ICE_SERVERS'),
    origins: read(environment, 'PIGEON_ORIGINS'),
    signalingUrl: read(environment, 'VITE_SIGNALING_URL'),
    dhtRelayUrl: read(environment, 'VITE_DHT_RELAY_URL'),
  }
  if (config.dhtRelayPort !== undefined && config.dhtRelayPort !== 0 && config.dhtRelayPort === config.port) {
    throw new ConfigError('DHT_RELAY_PORT', 'must differ from PORT; leave it out to share that port', '3051')
  }
  return deepFreeze(config)
}
