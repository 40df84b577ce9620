import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('served-process.ts', import.meta.url))

export interface SpawnedNode {
  readonly port: number
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>
}

/** A node in a process of its own; resolves when it listens. */
export async function spawnServed(folder: string, bootstrap: readonly string[] = [], port = 0): Promise<SpawnedNode> {
  const child = spawn(
    process.execPath,
    ['--conditions=@p2pigeon/source', '--import=tsx', program, folder, String(port), ...bootstrap],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const gone = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const [line] = (await Promise.race([
    once(lines, 'line'),
    gone.then(() => {
      throw new Error('the node ended before it listened')
    }),
  ])) as [string]
  return {
    port: Number(line),
    kill: async () => {
      child.kill('SIGKILL')
      await gone
    },
  }
}
