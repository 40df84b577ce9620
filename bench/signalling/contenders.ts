import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type ContenderName = 'p2pigeon' | 'peer'

/** A signalling server in a process of its own. */
export interface Contender {
  readonly name: ContenderName
  readonly url: string
  /** CPU time of the process so far, in ms; NaN where the system does not tell. */
  cpuMs(): number
  /** Resident memory, in bytes. */
  memoryBytes(): number
  close(): Promise<void>
}

/** Linux counts CPU time in hundredths of a second, memory in pages. */
const msPerTick = 10
const pageBytes = 4_096

export async function startContender(name: ContenderName): Promise<Contender> {
  const script = fileURLToPath(new URL('server.ts', import.meta.url))
  const loader = ['--conditions=@p2pigeon/source', '--import', import.meta.resolve('tsx')]
  const child = spawn(process.execPath, [...loader, script, name === 'p2pigeon' ? 'ours' : 'peer'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return {
    name,
    url,
    cpuMs: () => (Number(statOf(child.pid)[11]) + Number(statOf(child.pid)[12])) * msPerTick,
    memoryBytes: () => Number(statOf(child.pid)[21]) * pageBytes,
    close: async () => {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** What the kernel tells of a process, behind its name; nothing on other systems. */
function statOf(pid: number | undefined): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
  } catch {
    return []
  }
}
