import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'

/** A program of Redis's kind on this machine, or undefined. */
export function findRedis(): string | undefined {
  for (const name of ['redis-server', 'valkey-server']) {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' })
      return name
    } catch {
      // Not installed.
    }
  }
  return undefined
}

/** A server of its own that keeps nothing. */
export async function startRedis(program: string, port?: number): Promise<RedisServer> {
  port ??= await freePort()
  const child = spawn(program, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'])
  await new Promise<void>((ready, failed) => {
    child.once('exit', () => failed(new Error('redis-server ended')))
    child.stdout.on('data', (line: Buffer) => {
      if (line.includes('Ready to accept connections')) ready()
    })
  })
  return { url: `redis://127.0.0.1:${port}`, process: child }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}
