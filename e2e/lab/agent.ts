import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Endpoint } from './packet.ts'

/** Something that came to a socket of an agent. */
export interface Arrival {
  readonly id: number
  readonly text: string
  readonly from: string
  readonly port: number
  readonly atMs: number
}

interface Message {
  readonly type: 'ready' | 'bound' | 'datagram'
  readonly id: number
  readonly text: string
  readonly from: string
  readonly port: number
}

/** A small program on a computer of the lab that sends and hears plain datagrams for a test. */
export class Agent {
  readonly #process: ChildProcessWithoutNullStreams
  readonly #messages: (Message & { readonly atMs: number })[] = []
  readonly #watchers = new Set<() => void>()
  #ids = 0

  private constructor(prefix: readonly string[]) {
    const [command, ...args] = [
      ...prefix,
      process.execPath,
      fileURLToPath(new URL('agent-process.mjs', import.meta.url)),
    ]
    this.#process = spawn(command, args)
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      this.#messages.push({ ...(JSON.parse(line) as Message), atMs: performance.now() })
      for (const watcher of this.#watchers) watcher()
    })
    this.#process.stderr.resume()
    this.#process.stdin.on('error', () => undefined)
  }

  static async start(prefix: readonly string[]): Promise<Agent> {
    const agent = new Agent(prefix)
    await agent.#until(({ type }) => type === 'ready')
    return agent
  }

  /** Opens a UDP socket. With `echo` it answers each datagram with its sender's address as seen there. */
  bind(end: Partial<Endpoint> = {}, { echo = false } = {}): Promise<{ id: number; port: number }> {
    return this.#open('bind', end, echo)
  }

  /** Accepts TCP connections and tells each where it came from. */
  listen(end: Partial<Endpoint> = {}): Promise<{ id: number; port: number }> {
    return this.#open('listen', end, true)
  }

  /** Connects by TCP; resolves with the first words of the other side. */
  async connect(to: Endpoint): Promise<Arrival> {
    const id = this.#nextId()
    this.#order({ do: 'connect', id, ...to })
    return this.arrival(id)
  }

  send(id: number, to: Endpoint, content: string | Uint8Array): void {
    this.#order({ do: 'send', id, ...to, base64: Buffer.from(content).toString('base64') })
  }

  /** The first datagram, past or future, that this socket got and that `fits`. */
  arrival(id: number, fits: (arrival: Arrival) => boolean = () => true): Promise<Arrival> {
    return this.#until((message) => message.type === 'datagram' && message.id === id && fits(message))
  }

  arrivals(id: number): readonly Arrival[] {
    return this.#messages.filter((message) => message.type === 'datagram' && message.id === id)
  }

  async close(): Promise<void> {
    if (this.#process.exitCode !== null) return
    const closed = once(this.#process, 'close')
    this.#process.stdin.end()
    await closed
  }

  async #open(doing: string, end: Partial<Endpoint>, echo: boolean): Promise<{ id: number; port: number }> {
    const id = this.#nextId()
    this.#order({ do: doing, id, address: end.address ?? '0.0.0.0', port: end.port ?? 0, echo })
    const { port } = await this.#until((message) => message.type === 'bound' && message.id === id)
    return { id, port }
  }

  #nextId(): number {
    this.#ids += 1
    return this.#ids
  }

  #order(order: Readonly<Record<string, unknown>>): void {
    this.#process.stdin.write(`${JSON.stringify(order)}\n`)
  }

  /** Waits as long as the test does. */
  async #until(fits: (message: Message & { readonly atMs: number }) => boolean): Promise<Message & { atMs: number }> {
    for (;;) {
      const found = this.#messages.find(fits)
      if (found) return found
      await new Promise<void>((resolve) => {
        const look = (): void => {
          this.#watchers.delete(look)
          resolve()
        }
        this.#watchers.add(look)
      })
    }
  }
}
