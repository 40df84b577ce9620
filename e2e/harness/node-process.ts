import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Child } from './child.ts'
import { bareEnvironment, builtNode } from './paths.ts'

export interface NodeOptions {
  /** `host:port` of the DHT to join. */
  readonly bootstrap: string
  readonly environment?: Readonly<Record<string, string>>
  /** Words before the command, which take it elsewhere. */
  readonly prefix?: readonly string[]
}

/** The built personal node as a process of its own, with its own data folder and port. */
export class NodeProcess {
  readonly #options: NodeOptions
  readonly #folder: string
  #child: Child
  #url: URL

  private constructor(options: NodeOptions, folder: string, child: Child, url: URL) {
    this.#options = options
    this.#folder = folder
    this.#child = child
    this.#url = url
  }

  static async start(options: NodeOptions): Promise<NodeProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'pigeon-node-'))
    const child = spawnNode(options, folder, 0)
    try {
      return new NodeProcess(options, folder, child, await readyUrl(child))
    } catch (error) {
      await child.end('SIGKILL')
      await rm(folder, { recursive: true, force: true })
      throw error
    }
  }

  /** Where the page is, without a trailing slash. */
  get url(): string {
    return this.#url.origin
  }

  /** Everything that it keeps. */
  get folder(): string {
    return this.#folder
  }

  get port(): number {
    return Number(this.#url.port)
  }

  /** Ends it without a word to anyone, as a crash or a pulled plug does. */
  async kill(): Promise<void> {
    await this.#child.end('SIGKILL')
  }

  /** Asks it to end, as Ctrl-C does. @returns its exit code. */
  stop(): Promise<number> {
    return this.#child.end('SIGTERM')
  }

  /** Starts it anew on the port it had. Call `kill` or `stop` first. */
  async restart(): Promise<void> {
    this.#child = spawnNode(this.#options, this.#folder, this.port)
    this.#url = await readyUrl(this.#child)
  }

  async health(): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.url}/health`)
    return (await response.json()) as Record<string, unknown>
  }

  async dispose(): Promise<void> {
    await this.#child.end('SIGKILL')
    await rm(this.#folder, { recursive: true, force: true })
  }
}

function spawnNode({ bootstrap, environment, prefix = [] }: NodeOptions, folder: string, port: number): Child {
  return new Child(builtNode, [], {
    // a .env of the repository is a matter of whoever works there
    cwd: folder,
    prefix,
    env: {
      ...bareEnvironment(),
      HOST: '127.0.0.1',
      PORT: String(port),
      PIGEON_DHT: 'local',
      PIGEON_DHT_BOOTSTRAP: bootstrap,
      PIGEON_DATA: join(folder, 'data'),
      ...environment,
    },
  })
}

function readyUrl(child: Child): Promise<URL> {
  return child.line('the node to be ready', (line) => {
    const url = /P2Pigeon is ready: (http:\S+)/.exec(line)?.[1]
    return url === undefined ? undefined : new URL(url)
  })
}
