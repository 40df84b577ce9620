import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { BenchFault } from '../page/fault.ts'
import type { Service } from './service.ts'

// From its sources, as the contender's page is: what is measured is what is checked out, not what was last built.
const program = fileURLToPath(new URL('../../app/src/main.ts', import.meta.url))
const nodeArguments = ['--conditions=@p2pigeon/source', '--import', import.meta.resolve('tsx'), program]
const startTimeoutMs = 20_000
const stopTimeoutMs = 5_000

export interface PigeonNode extends Service {
  /** Where browsers reach its DHT relay. */
  readonly relayUrl: string
}

/**
 * Runs the node as its own process on free ports, with a data folder of its own.
 * @throws {BenchFault} when it is not ready within 20 s or ends before; its first lines are in the message.
 */
export async function startPigeonNode(environment: Readonly<Record<string, string>>): Promise<PigeonNode> {
  const data = await mkdtemp(join(tmpdir(), 'pigeon-bench-'))
  const child = spawn(process.execPath, nodeArguments, {
    cwd: data,
    env: { ...process.env, HOST: '127.0.0.1', PORT: '0', PIGEON_DATA: data, PIGEON_DHT: 'local', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  // For an end of this process that comes before anybody could call `close`.
  const endWithUs = (): void => void child.kill('SIGKILL')
  process.once('exit', endWithUs)
  const close = async (): Promise<void> => {
    child.kill('SIGTERM')
    const forced = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
    await exited
    clearTimeout(forced)
    process.off('exit', endWithUs)
    await rm(data, { recursive: true, force: true })
  }

  const lines: string[] = []
  const ready = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line)
        const address = /ready: (http:\/\/\S+)/.exec(line)?.[1]
        if (address !== undefined) resolve(address.replace(/\/$/, ''))
      })
  })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), startTimeoutMs)))
  const url = await Promise.race([ready, late, exited.then(() => undefined)])
  clearTimeout(timer)
  if (url === undefined) {
    await close()
    throw new BenchFault(`the node did not start: ${lines.slice(0, 8).join(' / ')}`)
  }
  return { url, relayUrl: `${url.replace(/^http/, 'ws')}/dht`, close }
}
