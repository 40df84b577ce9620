import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { BenchFault } from '../page/fault.ts'

/** A TURN server in a process of its own, on 127.0.0.1. */
export interface TurnContender {
  readonly name: string
  readonly port: number
  readonly username: string
  readonly credential: string
  /** CPU time of the process so far, in ms; NaN where the system does not tell. */
  cpuMs(): number
  close(): Promise<void>
}

/** Linux counts CPU time in hundredths of a second. */
const msPerTick = 10
const retryMs = 50

function cpuMsOf(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) * msPerTick
  } catch {
    return NaN
  }
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

export async function startOurs(): Promise<TurnContender> {
  const script = fileURLToPath(new URL('our-server.ts', import.meta.url))
  const loader = ['--conditions=@p2pigeon/source', '--import', import.meta.resolve('tsx')]
  const child = spawn(process.execPath, [...loader, script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const { port, username, credential } = JSON.parse(line) as Pick<TurnContender, 'port' | 'username' | 'credential'>
  return { name: 'ours', port, username, credential, cpuMs: () => cpuMsOf(child.pid), close: () => end(child) }
}

export const hasCoturn = (): boolean => spawnSync('turnserver', ['--version']).error === undefined

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Its own words come late through a pipe, so what counts is that it takes connections. */
async function listening(port: number, child: ChildProcess): Promise<void> {
  for (let open = false; !open;) {
    if (child.exitCode !== null) throw new BenchFault('coturn ended before it listened')
    const socket = connect(port, '127.0.0.1')
    open = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (!open) await sleep(retryMs)
  }
}

export async function startCoturn(): Promise<TurnContender> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'pigeon-coturn-'))
  const secret = randomBytes(16).toString('hex')
  const child = spawn(
    'turnserver',
    [
      ...['-n', '--no-cli', '--no-tls', '--no-dtls', '--log-file=stdout', '--allow-loopback-peers'],
      ...['--use-auth-secret', `--static-auth-secret=${secret}`, '--realm=p2pigeon', `--listening-port=${port}`],
      ...['--listening-ip=127.0.0.1', '--relay-ip=127.0.0.1'],
      ...[`--userdb=${join(folder, 'db')}`, `--pidfile=${join(folder, 'pid')}`],
    ],
    { cwd: folder, stdio: 'ignore' },
  )
  await listening(port, child)
  const username = `${Math.floor(Date.now() / 1_000) + 3_600}:bench`
  return {
    name: 'coturn',
    port,
    username,
    credential: createHmac('sha1', secret).update(username).digest('base64'),
    cpuMs: () => cpuMsOf(child.pid),
    close: async () => {
      await end(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
