import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A relay in a process of its own, with an empty store. */
export interface RelayContender {
  readonly url: string
  /** CPU time of the process so far, in ms; NaN where the system does not tell. */
  cpuMs(): number
  close(): Promise<void>
}

/** Linux counts CPU time in hundredths of a second. */
const msPerTick = 10

export async function startContender(which: 'ours' | 'floor'): Promise<RelayContender> {
  const folder = mkdtempSync(join(tmpdir(), 'relay-bench-'))
  const script = fileURLToPath(new URL('server.ts', import.meta.url))
  const loader = ['--conditions=@p2pigeon/source', '--import', import.meta.resolve('tsx')]
  const child = spawn(process.execPath, [...loader, script, which, join(folder, 'nostr.db')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return {
    url,
    cpuMs: () => cpuMsOf(child.pid),
    close: async () => {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
      rmSync(folder, { recursive: true })
    },
  }
}

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
