import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '@p2pigeon/core/node'
import { systemClock } from '@p2pigeon/core/node'
import { issueCredentials } from '../../src/turn/access/index.ts'
import { defaultTurnLimits, type TurnLimits } from '../../src/turn/limits.ts'
import { listenBoth } from '../../src/turn/transport/index.ts'
import { TurnServer } from '../../src/turn/turn-server.ts'
import type { User } from './raw-client.ts'

/** A TURN server on 127.0.0.1 that relays to 127.0.0.1, where the peers of these tests live. */
export interface ServerUnderTest {
  readonly port: number
  user(ttlSeconds?: number): User
  close(): Promise<void>
}

export interface OurServer extends ServerUnderTest {
  readonly server: TurnServer
}

/** Of a node's rules this one keeps all but the one that forbids loopback peers. */
export async function ourServer(limits: Partial<TurnLimits> = {}, clock: Clock = systemClock): Promise<OurServer> {
  const all = { ...defaultTurnLimits, ...limits }
  const secret = randomBytes(32)
  const server = new TurnServer({
    clock,
    limits: all,
    secret,
    relays: [{ family: 4, bind: '127.0.0.1', advertised: '127.0.0.1' }],
    policy: (address) => address === '127.0.0.1',
  })
  const at = { family: 4, address: '127.0.0.1', port: 0 } as const
  const listener = await listenBoth(at, { server, limits: all, clock })
  return {
    server,
    port: listener.port,
    user: (ttlSeconds = 60) => issueCredentials(secret, ttlSeconds, clock.now()),
    close: async () => {
      server.close()
      await listener.close()
    },
  }
}

export const hasCoturn = spawnSync('turnserver', ['--version']).error === undefined

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function answersBinding(port: number): Promise<boolean> {
  const socket = createSocket('udp4')
  socket.on('error', () => undefined)
  socket.connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const answered = new Promise<boolean>((resolve) => {
    socket.once('message', () => resolve(true))
    setTimeout(() => resolve(false), 200)
  })
  socket.send(Buffer.concat([Buffer.from('000100002112a442', 'hex'), randomBytes(12)]))
  const result = await answered
  socket.close()
  return result
}

/** coturn with the same kind of credentials. */
export async function coturnServer(userQuota = 100): Promise<ServerUnderTest> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'pigeon-coturn-'))
  const secret = randomBytes(16).toString('hex')
  const child = spawn(
    'turnserver',
    [
      ...['-n', '--no-cli', '--no-tls', '--no-dtls', '--log-file=stdout', '--simple-log', '--fingerprint'],
      ...['--allow-loopback-peers', '--use-auth-secret', `--static-auth-secret=${secret}`, '--realm=p2pigeon'],
      ...[`--listening-port=${port}`, '--listening-ip=127.0.0.1', '--relay-ip=127.0.0.1'],
      ...[`--user-quota=${userQuota}`, `--userdb=${join(folder, 'db')}`, `--pidfile=${join(folder, 'pid')}`],
    ],
    { cwd: folder, stdio: 'ignore' },
  )
  const ended = once(child, 'exit')
  for (let tries = 0; !(await answersBinding(port)); tries += 1) {
    if (tries > 50) throw new Error('coturn does not answer')
  }
  return {
    port,
    user: (ttlSeconds = 60) => issueCredentials(secret, ttlSeconds, Date.now()),
    close: async () => {
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A peer of the network: it says back what it gets, after `echo `. */
export async function echoPeer(): Promise<{
  readonly port: number
  readonly received: string[]
  sendTo(port: number, text: string): Promise<void>
  close(): Promise<void>
}> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const received: string[] = []
  socket.on('message', (data, from) => {
    received.push(data.toString())
    socket.send(`echo ${data.toString()}`, from.port, from.address)
  })
  return {
    port: socket.address().port,
    received,
    sendTo: (port, text) =>
      new Promise((sent) => {
        socket.send(text, port, '127.0.0.1', () => sent())
      }),
    close: () => new Promise((closed) => socket.close(() => closed())),
  }
}
