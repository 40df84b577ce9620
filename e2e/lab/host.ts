import { Agent } from './agent.ts'
import type { Capture } from './capture.ts'
import type { Namespace } from './namespace.ts'
import type { Access, Site } from './site.ts'

/** A line that a host hangs on. */
interface Line {
  readonly site: Site
  readonly device: string
  /** The host's own address on this line. */
  readonly address: string
}

type Attach = (access: Access, addresses?: readonly string[]) => Promise<Line>

/** A computer of the lab: a namespace, and the line it is connected by. */
export class Host {
  readonly name: string
  readonly #namespace: Namespace
  readonly #attach: Attach
  readonly #lines: Line[] = []
  readonly #agents: Agent[] = []

  constructor(name: string, namespace: Namespace, attach: Attach) {
    this.name = name
    this.#namespace = namespace
    this.#attach = attach
  }

  /** What to put before a command to have it run on this computer. */
  get prefix(): readonly string[] {
    return this.#namespace.prefix
  }

  get pid(): number {
    return this.#namespace.pid
  }

  /** Its own address, which nobody else should learn if it is private. */
  get address(): string {
    return this.#line.address
  }

  /** The address under which the world knows it. */
  get external(): string {
    return this.#line.site.external
  }

  get site(): Site {
    return this.#line.site
  }

  /** All addresses this computer ever had, its own and those that the world saw. */
  get allAddresses(): string[] {
    return [...new Set(this.#lines.flatMap(({ address, site }) => [address, site.external]))]
  }

  /** Captures of every segment this computer ever hung on. */
  get captures(): Capture[] {
    return this.#lines.flatMap(({ site }) => [site.inside, site.outside])
  }

  /** Connects this computer by a new line; the last one goes down, as when a phone leaves its Wi-Fi. */
  async connect(access: Access, addresses?: readonly string[]): Promise<void> {
    const old = this.#lines.at(-1)
    if (old) await this.#namespace.run('ip', ['link', 'set', old.device, 'down'])
    old?.site.cut()
    this.#lines.push(await this.#attach(access, addresses))
  }

  /** A helper on this computer that sends and receives plain datagrams. */
  async agent(): Promise<Agent> {
    const agent = await Agent.start(this.prefix)
    this.#agents.push(agent)
    return agent
  }

  async close(): Promise<void> {
    for (const agent of this.#agents.splice(0)) await agent.close()
    for (const { site } of this.#lines) site.close()
    await this.#namespace.close()
  }

  get #line(): Line {
    const line = this.#lines.at(-1)
    if (line === undefined) throw new Error(`${this.name} is not connected`)
    return line
  }
}
