import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { BenchFault } from '../page/fault.ts'
import type { ClientFigures } from './client-figures.ts'
import { ProcessUse } from './process-use.ts'

export interface TrialFigures extends ClientFigures {
  readonly nodeGrowthBytes: number
  readonly nodeCpuMs: number
}

/** A client and its node, each in a process of its own, over HTTP on loopback. */
export async function clientTrial(mebibytes: number, smallFiles: number): Promise<TrialFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'pigeon-bench-client-'))
  // As `npm start` starts it.
  const node = start('node-process.ts', [folder], { MALLOC_ARENA_MAX: '2' })
  try {
    const port = await firstLine(node)
    const use = new ProcessUse(node.pid ?? 0)
    const idleBytes = use.bytes
    const cpuBeforeMs = use.cpuMs
    use.watch()
    const client = start('client-process.ts', [port, String(mebibytes), String(smallFiles)])
    const figures = JSON.parse(await firstLine(client)) as ClientFigures
    return { ...figures, nodeGrowthBytes: use.peakBytes() - idleBytes, nodeCpuMs: use.cpuMs - cpuBeforeMs }
  } finally {
    const gone = once(node, 'exit')
    node.kill('SIGKILL')
    await gone
    await rm(folder, { recursive: true, force: true })
  }
}

function start(program: string, words: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  const path = fileURLToPath(new URL(program, import.meta.url))
  const flags = ['--expose-gc', '--conditions=@p2pigeon/source', '--import=tsx']
  return spawn(process.execPath, [...flags, path, ...words], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new BenchFault('there is no pipe')
  const lines = createInterface({ input: child.stdout })
  const ended = once(child, 'exit').then(() => {
    throw new BenchFault('a process ended before it had said anything')
  })
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string]
  return line
}
