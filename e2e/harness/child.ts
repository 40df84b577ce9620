import { once } from 'node:events'
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A child process read line by line; `line` waits for a fact, past or future. */
export class Child {
  readonly #process: ChildProcessWithoutNullStreams
  readonly #lines: string[] = []
  readonly #watchers = new Set<() => void>()
  readonly exited: Promise<number>
  #exitCode: number | undefined

  /** Runs a file with this very Node, behind the words of `prefix` if there are any. */
  constructor(
    file: string,
    args: readonly string[],
    { prefix = [], ...options }: { cwd: string; env: Readonly<Record<string, string>>; prefix?: readonly string[] },
  ) {
    const [command = process.execPath, ...rest] = [...prefix, process.execPath, file, ...args]
    this.#process = spawn(command, rest, options)
    for (const stream of [this.#process.stdout, this.#process.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        this.#lines.push(line)
        for (const watcher of this.#watchers) watcher()
      })
    // writing to a process that has just died is no fault of the test
    this.#process.stdin.on('error', () => undefined)
    this.exited = once(this.#process, 'close').then(([code]) => {
      this.#exitCode = typeof code === 'number' ? code : -1
      for (const watcher of this.#watchers) watcher()
      return this.#exitCode
    })
  }

  get output(): string {
    return this.#lines.join('\n')
  }

  /**
   * The first value that `read` finds in the lines, from line `from` on.
   * @throws {Error} with everything the process said, when it ends first or says nothing of the kind in `timeoutMs`.
   */
  async line<T>(
    what: string,
    read: (line: string) => T | undefined,
    { from = 0, timeoutMs = 30_000 } = {},
  ): Promise<T> {
    let next = from
    const deadline = Date.now() + timeoutMs
    for (;;) {
      for (; next < this.#lines.length; next += 1) {
        const value = read(this.#lines[next] ?? '')
        if (value !== undefined) return value
      }
      const left = deadline - Date.now()
      if (this.#exitCode !== undefined || left <= 0) {
        const fate = this.#exitCode === undefined ? 'is silent' : `ended with code ${this.#exitCode}`
        throw new Error(`Waiting for ${what}: the process ${fate}. It said:\n${this.output}`)
      }
      await this.#change(left)
    }
  }

  get lineCount(): number {
    return this.#lines.length
  }

  write(line: string): void {
    this.#process.stdin.write(`${line}\n`)
  }

  endInput(): void {
    this.#process.stdin.end()
  }

  /** Sends a signal, if the process still runs, and waits for its end. */
  async end(signal: NodeJS.Signals): Promise<number> {
    if (this.#exitCode === undefined) this.#process.kill(signal)
    return this.exited
  }

  #change(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#watchers.delete(done)
        resolve()
      }
      const timer = setTimeout(done, timeoutMs)
      this.#watchers.add(done)
    })
  }
}
