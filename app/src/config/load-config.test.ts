import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { ConfigError, loadConfig, readEnvironment } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'pigeon-config-'))
afterEach(() => {
  rmSync(join(folder, '.env'), { force: true })
})

function failure(environment: Record<string, string>): ConfigError {
  try {
    loadConfig(environment, folder)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('the configuration was accepted')
}

describe('defaults', () => {
  it('are a personal node on loopback', () => {
    expect(loadConfig({}, folder)).toEqual({
      host: '127.0.0.1',
      port: 3060,
      dhtRelayPort: undefined,
      dataFolder: join(folder, '.pigeon'),
      network: 'auto',
      bootstrap: [],
      iceServers: [],
      turn: {
        port: { kind: 'preferred', port: 3478 },
        publicAddresses: [],
        tlsUrls: [],
        allowPeers: [],
        stunUrls: [],
        turnUrls: [],
        secret: undefined,
      },
      origins: [],
      signallingUrl: undefined,
      signalling: { on: true, busUrl: undefined },
      nostr: { on: true, relays: [] },
      blobs: { on: true, maxBytes: 33_554_432, totalBytes: 2_147_483_648 },
      dataRoom: { on: true, quotaBytes: 10_737_418_240, quotaAllBytes: 107_374_182_400, maxFollowed: 1_024 },
      trustedProxies: [],
      dhtRelayUrl: undefined,
    })
  })

  it('stand for empty and blank values too', () => {
    expect(loadConfig({ PORT: '', HOST: '  ' }, folder)).toMatchObject({ port: 3060, host: '127.0.0.1' })
  })
})

describe('good values', () => {
  it.each([
    [{ HOST: '0.0.0.0' }, { host: '0.0.0.0' }],
    [{ HOST: '::1' }, { host: '::1' }],
    [{ HOST: 'pigeon.example.org' }, { host: 'pigeon.example.org' }],
    [{ PORT: '0' }, { port: 0 }],
    [{ PORT: ' 65535 ' }, { port: 65_535 }],
    [{ DHT_RELAY_PORT: '3051' }, { dhtRelayPort: 3051 }],
    [
      { PORT: '0', DHT_RELAY_PORT: '0' },
      { port: 0, dhtRelayPort: 0 },
    ],
    [{ PIGEON_DATA: 'data' }, { dataFolder: join(folder, 'data') }],
    [{ PIGEON_DATA: '/srv/pigeon' }, { dataFolder: '/srv/pigeon' }],
    [{ PIGEON_DHT: 'public' }, { network: 'public' }],
    [{ PIGEON_DHT: 'local' }, { network: 'local' }],
    [{ TURN_PORT: 'off' }, { turn: { port: { kind: 'off' } } }],
    [{ TURN_PORT: '3478' }, { turn: { port: { kind: 'fixed', port: 3478 } } }],
    [{ TURN_PORT: '0' }, { turn: { port: { kind: 'fixed', port: 0 } } }],
    [
      { TURN_PUBLIC_ADDRESS: '198.41.0.4, 2001:500:200::B' },
      { turn: { publicAddresses: ['198.41.0.4', '2001:500:200::b'] } },
    ],
    [{ TURN_TLS_URLS: 'turns:b.org:443?transport=tcp' }, { turn: { tlsUrls: ['turns:b.org:443?transport=tcp'] } }],
    [{ TURN_ALLOW_PEERS: '10.0.0.0/8, fd00::/8' }, { turn: { allowPeers: ['10.0.0.0/8', 'fd00::/8'] } }],
    [{ STUN_URLS: 'stun:a.org, stuns:b.org:5349' }, { turn: { stunUrls: ['stun:a.org', 'stuns:b.org:5349'] } }],
    [
      { TURN_URLS: 'turn:a.org,turns:b.org:443?transport=tcp', TURN_SECRET: 'sixteen letters!' },
      { turn: { turnUrls: ['turn:a.org', 'turns:b.org:443?transport=tcp'] } },
    ],
    [
      { PIGEON_DHT_BOOTSTRAP: '127.0.0.1:49737, dht.example.org:1,' },
      { bootstrap: ['127.0.0.1:49737', 'dht.example.org:1'] },
    ],
    [
      { PIGEON_ORIGINS: 'https://Pigeon.example.org/, http://localhost:5173' },
      { origins: ['https://pigeon.example.org', 'http://localhost:5173'] },
    ],
    [{ VITE_SIGNALING_URL: 'wss://example.org/signalling?x=1' }, { signallingUrl: 'wss://example.org/signalling?x=1' }],
    [
      { PIGEON_SIGNALLING: 'off', PIGEON_NOSTR: 'off' },
      { signalling: { on: false }, nostr: { on: false } },
    ],
    [
      { PIGEON_NOSTR_RELAYS: 'wss://a.example.org, ws://b.example.org/x' },
      { nostr: { relays: ['wss://a.example.org', 'ws://b.example.org/x'] } },
    ],
    [
      { PIGEON_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8, fd00::/8' },
      { trustedProxies: ['127.0.0.1', '10.0.0.0/8', 'fd00::/8'] },
    ],
    [{ VITE_DHT_RELAY_URL: 'ws://localhost:3051/dht' }, { dhtRelayUrl: 'ws://localhost:3051/dht' }],
    [
      { PIGEON_ICE_SERVERS: '[{"urls":"stun:stun.example.org"}]' },
      { iceServers: [{ urls: ['stun:stun.example.org'] }] },
    ],
  ])('%j', (environment, expected) => {
    expect(loadConfig(environment, folder)).toMatchObject(expected)
  })

  it("keep the bus's password out of every print", () => {
    const config = loadConfig({ PIGEON_BUS_URL: 'rediss://:pa55word@bus.example.org:6380' }, folder)
    expect(config.signalling.busUrl?.reveal()).toBe('rediss://:pa55word@bus.example.org:6380')
    expect(inspect(config, { depth: 9 }) + JSON.stringify(config)).not.toContain('pa55word')
  })

  it('keep a TURN credential out of every print', () => {
    const config = loadConfig(
      {
        PIGEON_ICE_SERVERS:
          '[{"urls":["turn:t.example.org:3478?transport=udp"],"username":"u","credential":"pa55word"}]',
      },
      folder,
    )
    expect(config.iceServers[0]?.credential?.reveal()).toBe('pa55word')
    expect(inspect(config, { depth: 9 }) + JSON.stringify(config)).not.toContain('pa55word')
  })

  it('keep the secret of TURN servers out of every print', () => {
    const config = loadConfig({ TURN_SECRET: 'a secret of some length' }, folder)
    expect(config.turn.secret?.reveal()).toBe('a secret of some length')
    expect(inspect(config, { depth: 9 }) + JSON.stringify(config)).not.toContain('a secret')
  })
})

describe('bad values', () => {
  it('include TURN servers without the secret that they share', () => {
    expect(failure({ TURN_URLS: 'turn:a.org' }).variable).toBe('TURN_SECRET')
  })

  it.each([
    ['HOST', ['localhost:3060', 'http://localhost', 'a b', '-x', 'a..b', 'x'.repeat(254)]],
    ['PORT', ['abc', '-1', '65536', '3060.5', '0x10', '1e3', '+1', '３０６０', '99999999999']],
    ['DHT_RELAY_PORT', ['yes', '70000', '3060']],
    ['PIGEON_DHT', ['AUTO', 'private', 'public local']],
    ['PIGEON_DHT_BOOTSTRAP', ['127.0.0.1', ':1', 'host:0', 'host:65536', '[::1]:1', 'a:1;b:2', 'a:1,'.repeat(33)]],
    [
      'PIGEON_ORIGINS',
      ['example.org', 'https://example.org/path', 'ftp://example.org', 'https://u:p@example.org', '*', 'null'],
    ],
    [
      'PIGEON_ICE_SERVERS',
      [
        'stun:stun.example.org',
        '{}',
        '[{"urls":"http://x"}]',
        '[{"urls":[]}]',
        '[{"urls":"turn:t.example.org"}]',
        '[{"urls":"stun:a","extra":1}]',
        '[',
      ],
    ],
    ['TURN_PORT', ['on', 'OFF', '-1', '65536', '3478/udp']],
    [
      'TURN_PUBLIC_ADDRESS',
      ['example.org', '0.0.0.0', '127.0.0.1', '224.0.0.1', '::', '::1', '1.1.1.1,2.2.2.2', '1.1.1'],
    ],
    ['TURN_ALLOW_PEERS', ['10.0.0.0', '0.0.0.0/0', '127.0.0.0/8', '10.0.0.1/8', '169.254.169.254/32', 'fe80::/10']],
    ['STUN_URLS', ['stun.example.org', 'turn:a.org', 'stun:', 'stun:a b', 'http://a.org']],
    ['TURN_URLS', ['stun:a.org', 'turn:', 'turn:a.org?transport=sctp', 'turn:a.org?x', 'a.org:3478']],
    ['TURN_SECRET', ['short', 'x'.repeat(513)]],
    [
      'VITE_SIGNALING_URL',
      [
        'http://example.org',
        'example.org',
        'wss://u:p@example.org',
        'wss://e.org/;script-src *',
        'wss://e.org/ x',
        'wss://e.org/#x',
      ],
    ],
    ['VITE_DHT_RELAY_URL', ['https://example.org/dht', 'wss://', 'wss://e.org, wss://f.org']],
    ['PIGEON_SIGNALLING', ['yes', 'ON', '1']],
    ['PIGEON_NOSTR', ['yes', 'OFF', 'auto']],
    ['PIGEON_BLOBS', ['yes', 'OFF', '0']],
    ['PIGEON_BLOB_MB', ['0', '-1', '1.5', '32 MB', '1048577', '0x20']],
    ['PIGEON_BLOBS_TOTAL_MB', ['0', '1e3', '1048577', '31']],
    ['PIGEON_BUS_URL', ['localhost:6379', 'http://localhost:6379', 'redis:', 'redis://a b']],
    ['PIGEON_NOSTR_RELAYS', ['relay.example.org', 'https://relay.example.org', 'wss://a.org wss://b.org']],
    ['PIGEON_TRUSTED_PROXIES', ['proxy', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0/8', 'fd00::/129', '127.0.0.1/x']],
  ] as const)('%s says what to do in one line and echoes nothing', (variable, values) => {
    for (const value of values) {
      const error = failure({ [variable]: value })
      expect(error.variable, value).toBe(variable)
      expect(error.message, value).toMatch(new RegExp(`^${variable} .*Example: ${variable}=`))
      expect(error.message, value).not.toContain('\n')
      if (value.length > 6) expect(error.message.split(' Example:')[0], value).not.toContain(value)
    }
  })

  it('give examples that are accepted', () => {
    for (const variable of [
      'HOST',
      'PORT',
      'DHT_RELAY_PORT',
      'PIGEON_DHT',
      'PIGEON_DHT_BOOTSTRAP',
      'PIGEON_ORIGINS',
      'TURN_PORT',
      'TURN_PUBLIC_ADDRESS',
      'TURN_ALLOW_PEERS',
      'STUN_URLS',
      'PIGEON_SIGNALLING',
      'PIGEON_BUS_URL',
      'PIGEON_NOSTR',
      'PIGEON_NOSTR_RELAYS',
      'PIGEON_BLOBS',
      'PIGEON_BLOB_MB',
      'PIGEON_BLOBS_TOTAL_MB',
      'PIGEON_TRUSTED_PROXIES',
    ]) {
      const example = /Example: \w+=(.*)$/.exec(failure({ [variable]: '\u0000!' }).message)?.[1] ?? ''
      expect(() => loadConfig({ [variable]: example }, folder)).not.toThrow()
    }
  })
})

describe('the object', () => {
  it('is frozen to the bottom', () => {
    const config = loadConfig({ PIGEON_ICE_SERVERS: '[{"urls":["stun:a"]}]', PIGEON_ORIGINS: 'https://a.org' }, folder)
    for (const part of [config, config.iceServers, config.iceServers[0], config.iceServers[0]?.urls, config.origins]) {
      expect(Object.isFrozen(part)).toBe(true)
    }
  })
})

describe('.env', () => {
  it('is read from the folder, and what is really set wins', () => {
    writeFileSync(join(folder, '.env'), 'PORT=4000\nPIGEON_DHT="local" # words\n')
    const environment = readEnvironment(folder, { PORT: '5000' })
    expect(loadConfig(environment, folder)).toMatchObject({ port: 5000, network: 'local' })
  })

  it('may be missing', () => {
    expect(readEnvironment(folder, { PORT: '1' })).toEqual({ PORT: '1' })
  })

  it('that cannot be read stops the start', () => {
    expect(() => readEnvironment(join(folder, '..', '..', 'dev', 'null'), {})).toThrow(ConfigError)
  })
})
