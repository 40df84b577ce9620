import { execFileSync, spawn } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'

/** A Redis of its own that keeps nothing. */
export interface RedisServer {
  readonly url: string
  readonly port: number
  /** Kills it; resolves when it is gone. */
  kill(): Promise<void>
}

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

export async function startRedis(program: string, onPort?: number): Promise<RedisServer> {
  const port = onPort ?? (await freePort())
  const child = spawn(program, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'])
  const ended = new Promise<void>((resolve) => child.once('exit', resolve))
  await new Promise<void>((ready, failed) => {
    child.once('exit', () => {
      failed(new Error(`${program} ended`))
    })
    child.stdout.on('data', (line: Buffer) => {
      if (line.includes('Ready to accept connections')) ready()
    })
  })
  return {
    url: `redis://127.0.0.1:${String(port)}`,
    port,
    kill: () => {
      child.kill('SIGKILL')
      return ended
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => {
        resolve(port)
      })
    })
  })
}
