import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readlink } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The kernel's name of the network namespace that a process is in; undefined when there is no such process. */
export function namespaceOf(pid: number | string): Promise<string | undefined> {
  return readlink(`/proc/${pid}/ns/net`).catch(() => undefined)
}

/** How many processes are in a namespace. One without any, which no file names, is gone with all its devices. */
export async function processesIn(namespace: string | undefined): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const namespaces = await Promise.all(pids.map(namespaceOf))
  return namespaces.filter((one) => one !== undefined && one === namespace).length
}

/** Has another process build a lab, and kills it without a warning. @returns the namespace that it had. */
export async function killLabInAnotherProcess(): Promise<string | undefined> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL('abandoned-lab.ts', import.meta.url))],
    {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const [pid] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const namespace = await namespaceOf(pid)
  child.kill('SIGKILL')
  await once(child, 'exit')
  return namespace
}
