import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { z } from 'zod'
import { defaultTurnPort } from '../turn/index.ts'
import { ConfigError } from './config-error.ts'
import {
  busUrl,
  count,
  endpoints,
  host,
  iceServers,
  mebibytes,
  origins,
  port,
  size,
  socketUrl,
  socketUrls,
  switchedOn,
  trustedProxies,
} from './fields.ts'
import { peerRanges, publicAddresses, stunUrls, turnPort, turnSecret, turnTlsUrls, turnUrls } from './turn-fields.ts'
import type { NodeConfig, TurnConfig } from './node-config.ts'

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
  TURN_PORT: { field: turnPort.default({ kind: 'preferred', port: defaultTurnPort }), example: '3478' },
  TURN_PUBLIC_ADDRESS: { field: publicAddresses.default([]), example: '203.0.113.7' },
  TURN_TLS_URLS: { field: turnTlsUrls.default([]), example: 'turns:turn.example.org:443?transport=tcp' },
  TURN_ALLOW_PEERS: { field: peerRanges.default([]), example: '192.168.7.0/24' },
  STUN_URLS: { field: stunUrls.default([]), example: 'stun:stun.example.org:3478' },
  TURN_URLS: { field: turnUrls.default([]), example: 'turns:turn.example.org:443?transport=tcp' },
  TURN_SECRET: { field: turnSecret.optional(), example: 'a-long-random-text-shared-with-coturn' },
  PIGEON_SIGNALLING: { field: switchedOn.default(true), example: 'on' },
  PIGEON_BUS_URL: { field: busUrl.optional(), example: 'redis://127.0.0.1:6379' },
  PIGEON_NOSTR: { field: switchedOn.default(true), example: 'on' },
  PIGEON_NOSTR_RELAYS: { field: socketUrls.default([]), example: 'wss://relay.example.org' },
  PIGEON_DATA_ROOM: { field: switchedOn.default(true), example: 'on' },
  PIGEON_DATA_QUOTA: { field: size.default(10 * 2 ** 30), example: '10G' },
  PIGEON_DATA_QUOTA_ALL: { field: size.default(100 * 2 ** 30), example: '100G' },
  PIGEON_DATA_FOLLOW: { field: count.default(1_024), example: '1024' },
  PIGEON_BLOBS: { field: switchedOn.default(true), example: 'on' },
  PIGEON_BLOB_MB: { field: mebibytes.default(32), example: '32' },
  PIGEON_BLOBS_TOTAL_MB: { field: mebibytes.default(2_048), example: '2048' },
  PIGEON_TRUSTED_PROXIES: { field: trustedProxies.default([]), example: '127.0.0.1' },
  PIGEON_ORIGINS: { field: origins.default([]), example: 'https://pigeon.example.org' },
  VITE_SIGNALING_URL: { field: socketUrl.optional(), example: 'wss://pigeon.example.org/signalling' },
  VITE_DHT_RELAY_URL: { field: socketUrl.optional(), example: 'wss://pigeon.example.org/dht' },
}

const mebibyte = 2 ** 20

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

/** @throws {ConfigError} when other servers are named and nothing proves our clients to them. */
function readTurn(environment: Environment): TurnConfig {
  const turn = {
    port: read(environment, 'TURN_PORT'),
    publicAddresses: read(environment, 'TURN_PUBLIC_ADDRESS'),
    tlsUrls: read(environment, 'TURN_TLS_URLS'),
    allowPeers: read(environment, 'TURN_ALLOW_PEERS'),
    stunUrls: read(environment, 'STUN_URLS'),
    turnUrls: read(environment, 'TURN_URLS'),
    secret: read(environment, 'TURN_SECRET'),
  }
  if (turn.turnUrls.length > 0 && turn.secret === undefined) {
    throw new ConfigError('TURN_SECRET', 'must be set with TURN_URLS', variables.TURN_SECRET.example)
  }
  return turn
}

/** @throws {ConfigError} when a file of the largest size would never fit. */
function readBlobs(environment: Environment): NodeConfig['blobs'] {
  const [mostOfOne, mostOfAll] = [read(environment, 'PIGEON_BLOB_MB'), read(environment, 'PIGEON_BLOBS_TOTAL_MB')]
  if (mostOfAll < mostOfOne) throw new ConfigError('PIGEON_BLOBS_TOTAL_MB', 'must not be below PIGEON_BLOB_MB', '2048')
  const [maxBytes, totalBytes] = [mostOfOne * mebibyte, mostOfAll * mebibyte]
  return { on: read(environment, 'PIGEON_BLOBS'), maxBytes, totalBytes }
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
    turn: readTurn(environment),
    origins: read(environment, 'PIGEON_ORIGINS'),
    signallingUrl: read(environment, 'VITE_SIGNALING_URL'),
    signalling: { on: read(environment, 'PIGEON_SIGNALLING'), busUrl: read(environment, 'PIGEON_BUS_URL') },
    nostr: { on: read(environment, 'PIGEON_NOSTR'), relays: read(environment, 'PIGEON_NOSTR_RELAYS') },
    dataRoom: {
      on: read(environment, 'PIGEON_DATA_ROOM'),
      quotaBytes: read(environment, 'PIGEON_DATA_QUOTA'),
      quotaAllBytes: read(environment, 'PIGEON_DATA_QUOTA_ALL'),
      maxFollowed: read(environment, 'PIGEON_DATA_FOLLOW'),
    },
    blobs: readBlobs(environment),
    trustedProxies: read(environment, 'PIGEON_TRUSTED_PROXIES'),
    dhtRelayUrl: read(environment, 'VITE_DHT_RELAY_URL'),
  }
  if (config.dhtRelayPort !== undefined && config.dhtRelayPort !== 0 && config.dhtRelayPort === config.port) {
    throw new ConfigError('DHT_RELAY_PORT', 'must differ from PORT; leave it out to share that port', '3051')
  }
  return deepFreeze(config)
}
