import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { run } from './command.ts'

/**
 * A network namespace without a name: it lives as long as a process is in it. The first of them waits at a pipe of
 * ours, so that the kernel takes everything away (devices, routes, sockets) when we end, however we end.
 */
export class Namespace {
  readonly #holder: ChildProcess

  private constructor(holder: ChildProcess) {
    this.#holder = holder
  }

  /** @throws {Error} with what the system said when it gives us no namespace. */
  static async create(): Promise<Namespace> {
    const holder = spawn('unshare', ['--net', '--', 'sh', '-c', 'echo inside; exec cat >/dev/null'], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const said: string[] = []
    holder.stderr.on('data', (part: Buffer) => said.push(part.toString()))
    const inside = once(holder.stdout, 'data').then(() => true)
    const gone = once(holder, 'close').then(() => false)
    if (!(await Promise.race([inside, gone]))) throw new Error(`No network namespace: ${said.join('').trim()}`)
    const namespace = new Namespace(holder)
    await namespace.run('ip', ['link', 'set', 'lo', 'up'])
    // every address of the lab is one that the lab has given
    await namespace.run('sh', ['-c', 'echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6 2>/dev/null || true'])
    return namespace
  }

  /** A process inside, by whose id the kernel's tools find the namespace. */
  get pid(): number {
    return this.#holder.pid ?? -1
  }

  /** What to put before a command to have it run inside. */
  get prefix(): readonly string[] {
    return ['nsenter', '--net', `--target=${this.pid}`, '--']
  }

  async run(command: string, args: readonly string[]): Promise<string> {
    const [nsenter = '', ...rest] = this.prefix
    return run(nsenter, [...rest, command, ...args])
  }

  async close(): Promise<void> {
    if (this.#holder.exitCode !== null || this.#holder.signalCode !== null) return
    const closed = once(this.#holder, 'close')
    this.#holder.stdin?.end()
    await closed
  }
}
