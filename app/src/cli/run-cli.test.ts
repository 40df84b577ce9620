import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { CodecError, LimitError, TransportError } from '@p2pigeon/core'
import { bob, FakeClient, FakeClock, participant } from '../../test/fake-room.ts'
import { runCli, type ClientOptions } from './run-cli.ts'
import { drainMs, firstContactMs } from './session.ts'

const settled = async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}

function start(words: string[], environment: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'pigeon-cli-'))
  const client = new FakeClient()
  const clock = new FakeClock()
  const input = new PassThrough()
  const interruption = new AbortController()
  const out: string[] = []
  const err: string[] = []
  const opened: ClientOptions[] = []
  const code = runCli(words, {
    environment,
    folder,
    input,
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    progress: undefined,
    clock,
    random: { bytes: (length) => new Uint8Array(length).fill(7) },
    interrupted: interruption.signal,
    freshLinkCode: (seed) => Promise.resolve(`CODE-${String(seed.length)}`),
    openReplica: () => Promise.reject(new Error('not needed here')),
    openClient: (options) => {
      opened.push(options)
      return Promise.resolve(client)
    },
  })
  const events = () => out.map((line) => JSON.parse(line) as Record<string, unknown>)
  return { folder, client, clock, input, interruption, out, err, opened, code, events }
}

it('joins, talks both ways, tells delivery, and leaves by /leave with nothing left behind', async () => {
  const { client, clock, input, code, events, out } = start(['join', 'LINK', '--json', '--ephemeral'])
  await settled()
  const peer = participant('Bob', bob)
  client.change({ participants: [peer] })
  client.emit('onPeerConnect', { roomId: 'room', peer })
  const message = {
    id: 'x',
    from: bob,
    fromName: 'Bob',
    own: false,
    content: 'hi\u001b',
    files: [],
    sentAtMs: 5,
    delivery: { kind: 'received' },
    earlier: undefined,
  } as const
  client.emit('onMessageReceived', { roomId: 'room', message })
  input.write('hello\n\n')
  await settled()
  client.deliver({ kind: 'delivered', acknowledged: 1 })
  client.emit('onPeerDisconnect', { roomId: 'room', peer, reason: 'left' })
  input.write('/leave\nnot sent\n')
  expect(await code).toBe(0)
  expect(events()).toEqual([
    { type: 'joined', roomId: 'room', peerId: 'ada', name: 'Ada', isHost: true },
    { type: 'state', room: 'joined', carrier: 'ready', network: 'local' },
    { type: 'peer-connected', peerId: 'bob', name: 'Bob', isHost: false },
    { type: 'message', id: 'x', from: 'bob', name: 'Bob', text: 'hi\u001b', files: [], sentAtMs: 5 },
    { type: 'sent', id: 'm1', to: 1 },
    { type: 'delivered', id: 'm1', to: 1 },
    { type: 'peer-left', peerId: 'bob', name: 'Bob', reason: 'left' },
    { type: 'left' },
  ])
  expect(out.join()).not.toContain('\u001b')
  expect([client.sent, client.left, client.closed]).toEqual([['hello'], 1, 1])
  expect([client.listening, clock.pending, input.destroyed]).toEqual([0, 0, true])
})

it('waits at the end of its input for messages on their way, not for ever', async () => {
  const first = start(['join', 'LINK', '--ephemeral'])
  first.client.change({ participants: [participant('Bob', bob)] })
  first.input.end('hello\n')
  await settled()
  expect(first.client.left).toBe(0)
  first.client.deliver({ kind: 'delivered', acknowledged: 1 })
  expect(await first.code).toBe(0)
  expect(first.err).toEqual([])

  const second = start(['join', 'LINK', '--ephemeral'])
  second.client.change({ participants: [participant('Bob', bob)] })
  second.input.end('hello\n')
  await settled()
  second.clock.pass(drainMs)
  expect(await second.code).toBe(0)
  expect(second.err).toEqual(['* Error: Messages that reached nobody: 1.'])
})

it('leaves by Ctrl-C while the room is open', async () => {
  const { client, interruption, code, out } = start(['join', 'LINK', '--ephemeral'])
  await settled()
  interruption.abort()
  expect(await code).toBe(0)
  expect([client.left, client.closed, out.at(-1)]).toEqual([1, 1, '* You have left.'])
})

it.each([
  [new CodecError('link-damaged', 'x'), 2, 'link-damaged'],
  [new LimitError('room-full', 'x'), 3, 'room-full'],
  [new TransportError('unreachable', 'x'), 4, 'unreachable'],
  [new TypeError('from 203.0.113.7'), 1, 'failed'],
])('gives each failed join its exit code: %#', async (failure, expected, name) => {
  const run = start(['join', 'LINK', '--json', '--ephemeral'])
  run.client.failure = failure
  expect(await run.code).toBe(expected)
  expect(run.events()[0]).toMatchObject({ type: 'error', code: name })
  expect(run.out.join()).not.toContain('203.0.113.7')
  expect(run.client.closed).toBe(1)
})

it.each([
  ['full', 3],
  ['removed', 5],
  ['locked', 5],
  ['ended', 0],
] as const)('ends when the room says %s', async (kind, expected) => {
  const { client, code } = start(['join', 'LINK', '--ephemeral'])
  await settled()
  client.change({ state: { kind } })
  expect(await code).toBe(expected)
})

it('says that it waits to be let in, and goes on waiting', async () => {
  const { client, interruption, code, out } = start(['join', 'LINK', '--ephemeral'])
  await settled()
  client.change({ state: { kind: 'knocking' } })
  expect(out.at(-1)).toBe('* Waiting to be let in.')
  interruption.abort()
  expect(await code).toBe(0)
})

it('gives up without any network, and only then', async () => {
  const lost = start(['join', 'LINK', '--ephemeral'])
  lost.client.change({ carrier: { kind: 'waiting', attempt: 3, retryInMs: 9 } })
  await settled()
  lost.clock.pass(firstContactMs)
  expect(await lost.code).toBe(4)
  expect(lost.err).toEqual(['* Error: The network cannot be reached.'])

  const found = start(['join', 'LINK', '--ephemeral'])
  await settled()
  found.client.change({ carrier: { kind: 'waiting', attempt: 1, retryInMs: 9 } })
  found.clock.pass(firstContactMs)
  found.input.end()
  expect(await found.code).toBe(0)
})

it('reports a line that cannot be sent and goes on', async () => {
  const { client, input, code, events } = start(['join', 'LINK', '--json', '--ephemeral'])
  client.refusals.set('long', new LimitError('message-size', 'x'))
  input.end('long\nshort\n')
  expect(await code).toBe(0)
  expect(client.sent).toEqual(['short'])
  expect(events()).toContainEqual({ type: 'error', code: 'message-size', words: 'That message is too long.' })
})

it('reads the link from standard input when it is -', async () => {
  const { client, input, code } = start(['join', '-', '--ephemeral'])
  input.end('THE-LINK\nhello\n')
  expect(await code).toBe(0)
  expect([client.links, client.sent]).toEqual([['THE-LINK'], ['hello']])
})

it('passes name, relays and network choice on', async () => {
  const words = ['join', 'LINK', '--ephemeral', '--name', 'Ada', '--relay', 'ws://a/dht', '--bootstrap', 'b.org:1']
  const { opened, input, code } = start(words, { PIGEON_DHT: 'local' })
  input.end()
  await code
  expect(opened).toMatchObject([
    { name: 'Ada', relayUrls: ['ws://a/dht'], config: { network: 'local', bootstrap: ['b.org:1'] } },
  ])
})

it('makes a room without a network and keeps its host in PIGEON_DATA', async () => {
  const { code, out, opened, folder } = start(['new', '--origin', 'https://p.example.org'], { PIGEON_DATA: 'data' })
  expect(await code).toBe(0)
  expect([out, opened]).toEqual([['https://p.example.org/#/r/CODE-32'], []])
  expect(existsSync(join(folder, 'data', 'identity.seed'))).toBe(true)
})

it('makes a room and enters it', async () => {
  const { code, input, events } = start(['new', '--join', '--json', '--ephemeral'])
  input.end()
  expect(await code).toBe(0)
  expect(events().slice(0, 2)).toMatchObject([
    { type: 'link', link: 'http://localhost:3060/#/r/CODE-32' },
    { type: 'joined' },
  ])
})

it('writes nothing to disk with --ephemeral', async () => {
  const { code, input, folder } = start(['join', 'LINK', '--ephemeral'])
  input.end()
  await code
  expect(existsSync(join(folder, '.pigeon'))).toBe(false)
})

it.each([
  [['jion'], {}, /command is not known/],
  [['join', 'LINK'], { PORT: 'x' }, /^\* Error: PORT must be/],
])('bad usage is exit code 2 and one line: %j', async (words, environment, expected) => {
  const { code, err, out } = start(words, environment)
  expect(await code).toBe(2)
  expect(err).toEqual([expect.stringMatching(expected) as string])
  expect(out).toEqual([])
})

it('helps', async () => {
  const { code, out } = start(['help'])
  expect(await code).toBe(0)
  expect(out.join('\n')).toContain('pigeon join <link>')
})

it('makes and shows rosters without a network, and tells what is wrong', async () => {
  const { code, out, folder } = start(['roster', 'key', 'org.key'])
  expect(await code).toBe(0)
  expect(out[0]).toMatch(/^Fingerprint: /)
  expect(existsSync(join(folder, 'org.key'))).toBe(true)
  const wrong = start(['roster', 'show', 'none'])
  expect(await wrong.code).toBe(2)
  expect([wrong.out, wrong.err]).toEqual([[], ['* Error: There is no such file.']])
})
