import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

export type CliEvent = { readonly type: string } & Readonly<Record<string, unknown>>

/** A `pigeon` in a process of its own, speaking JSON. */
export class Pigeon {
  readonly events: CliEvent[] = []
  readonly #child: ChildProcess
  readonly #gone: Promise<number | null>
  readonly #waiting = new Set<() => void>()
  /** What it wrote to standard error. */
  said = ''

  constructor(words: readonly string[], data: string) {
    this.#child = spawn(
      process.execPath,
      ['--conditions=@p2pigeon/source', '--import=tsx', program, ...words, '--json'],
      {
        env: { ...process.env, PIGEON_DATA: data, PIGEON_DHT: 'local' },
        cwd: data,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    if (this.#child.stdout === null || this.#child.stderr === null) throw new Error('no pipes')
    this.#child.stderr.on('data', (bytes: Buffer) => (this.said += bytes.toString()))
    const lines = createInterface({ input: this.#child.stdout })
    lines.on('line', (line) => {
      this.events.push(JSON.parse(line) as CliEvent)
      this.#look()
    })
    this.#gone = Promise.all([once(this.#child, 'exit'), once(lines, 'close')]).then(([[code]]) => {
      this.#look()
      return code as number | null
    })
  }

  /** Resolves with the exit code. */
  get ended(): Promise<number | null> {
    return this.#gone
  }

  of(type: string): readonly CliEvent[] {
    return this.events.filter((event) => event.type === type)
  }

  /** Resolves with the first event of this type, of those from number `from` on; rejects if it ends before. */
  async until(type: string, is: (event: CliEvent) => boolean = () => true, from = 0): Promise<CliEvent> {
    for (;;) {
      const found = this.events.slice(from).find((event) => event.type === type && is(event))
      if (found) return found
      const isOver = this.#child.exitCode !== null || this.#child.signalCode !== null
      if (isOver) throw new Error(`it ended without ${type}: ${JSON.stringify(this.events)} ${this.said}`)
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
  }

  signal(name: 'SIGINT' | 'SIGKILL'): void {
    this.#child.kill(name)
  }

  /** Ends it if it runs still. */
  async end(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#gone
  }

  #look(): void {
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }
}
