import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Child } from './child.ts'
import { bareEnvironment, terminalClient } from './paths.ts'

/** A volunteer's machine that runs `pigeon replicate --blind`: a process of its own with a folder of its own. */
export class ReplicaProcess {
  readonly folder: string
  readonly #child: Child

  private constructor(folder: string, child: Child) {
    this.folder = folder
    this.#child = child
  }

  /** On the DHT of this machine, unless there are words for the command to have it run on another one. */
  static async start(code: string, bootstrap: string, prefix: readonly string[] = []): Promise<ReplicaProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'pigeon-replica-'))
    const child = new Child(terminalClient, ['replicate', '--blind', '-', '--json'], {
      cwd: folder,
      prefix,
      env: {
        ...bareEnvironment(),
        PIGEON_DHT: prefix.length > 0 ? 'public' : 'local',
        PIGEON_DHT_BOOTSTRAP: bootstrap,
        PIGEON_DATA: join(folder, 'data'),
      },
    })
    child.write(code)
    return new ReplicaProcess(folder, child)
  }

  /** Resolves when it has said that it keeps at least so much, of at least one drive. */
  async keeps(bytes: number, timeoutMs = 60_000): Promise<void> {
    await this.#child.line(
      `the replica to keep ${bytes} bytes`,
      (line) => {
        if (!line.startsWith('{')) return undefined
        const { type, drives, storedBytes } = JSON.parse(line) as Record<string, unknown>
        return type === 'replica' && Number(drives) > 0 && Number(storedBytes) >= bytes ? true : undefined
      },
      { timeoutMs },
    )
  }

  async dispose(): Promise<void> {
    await this.#child.end('SIGKILL')
    await rm(this.folder, { recursive: true, force: true })
  }
}
