import { toHex } from '../bytes/index.ts'
import { TransportError } from '../errors/index.ts'
import type { ByteRange, DriveStore, JournalPage, Octets, Part, Quota } from '../files/index.ts'

interface Drive {
  readonly batches: Octets[]
  readonly objects: Map<string, Map<Part, Octets>>
}

/** What several stores of one test share: every drive of everybody's node, as if replication took no time. */
export class MemoryWorld {
  readonly drives = new Map<string, Drive>()
  #made = 0

  /** A node of somebody; it appends to its own drives alone. */
  node(quotaBytes = 1_000_000_000): MemoryStore {
    return new MemoryStore(this, quotaBytes)
  }

  make(): string {
    this.#made += 1
    const name = toHex(new Uint8Array(32).fill(this.#made & 0xff))
    this.drives.set(name, { batches: [], objects: new Map() })
    return name
  }
}

/** A node in memory, for tests: what it says it has, it has. */
export class MemoryStore implements DriveStore {
  readonly #world: MemoryWorld
  readonly #quotaBytes: number
  readonly #own = new Set<string>()
  /** What the next calls of `put` and `append` fail with. */
  fault: string | undefined
  /** What `drop` fails with while it is set. */
  dropFault: string | undefined
  /** While set, nothing of it answers. */
  isAway = false
  /** Called before each piece is stored; a test can hold it up. */
  beforePut: () => Promise<void> = () => Promise.resolve()
  puts = 0
  appends = 0

  constructor(world: MemoryWorld, quotaBytes: number) {
    this.#world = world
    this.#quotaBytes = quotaBytes
  }

  async open(): Promise<Quota> {
    this.#answers()
    return { usedBytes: this.#used(), quotaBytes: this.#quotaBytes }
  }

  async createDrive(): Promise<string> {
    this.#answers()
    const name = this.#world.make()
    this.#own.add(name)
    return name
  }

  async put(drive: string, object: string, part: Part, bytes: Octets, signal: AbortSignal): Promise<void> {
    await this.beforePut()
    signal.throwIfAborted()
    this.#answers()
    const { objects } = this.#ownDrive(drive)
    const parts = objects.get(object) ?? new Map<Part, Octets>()
    if (parts.has(part)) return
    if (this.#used() + bytes.length > this.#quotaBytes) throw new TransportError('quota-exceeded', 'full')
    this.puts += 1
    objects.set(object, parts.set(part, bytes.slice()))
  }

  async stored(drive: string, object: string): Promise<readonly number[]> {
    this.#answers()
    const parts = [...(this.#world.drives.get(drive)?.objects.get(object)?.keys() ?? [])]
    return parts.filter((part) => part !== 'hashes')
  }

  async drop(drive: string, object: string): Promise<void> {
    this.#answers()
    if (this.dropFault !== undefined) throw new TransportError(this.dropFault, 'not now')
    this.#ownDrive(drive).objects.delete(object)
  }

  async append(drive: string, n: number, batch: Octets): Promise<{ readonly next?: number }> {
    this.#answers()
    const { batches } = this.#ownDrive(drive)
    if (n !== batches.length) return { next: batches.length }
    this.appends += 1
    batches.push(batch.slice())
    return {}
  }

  async follow(): Promise<void> {
    this.#answers()
  }

  async journal(drive: string, from: number): Promise<JournalPage> {
    this.#answers()
    const batches = this.#world.drives.get(drive)?.batches
    if (!batches) throw new TransportError('object-missing', 'no such drive')
    return { batches: batches.slice(from).map((batch) => batch.slice()), length: batches.length }
  }

  async read(drive: string, object: string, part: Part, range: ByteRange | undefined): Promise<Octets> {
    this.#answers()
    const bytes = this.#world.drives.get(drive)?.objects.get(object)?.get(part)
    const wished = range ? bytes?.slice(range.start, range.end) : bytes?.slice()
    if (!wished || (range && wished.length < range.end - range.start)) {
      throw new TransportError('object-missing', 'no such piece')
    }
    return wished
  }

  #used(): number {
    const pieces = [...this.#own].flatMap((name) => [...(this.#world.drives.get(name)?.objects.values() ?? [])])
    return pieces.flatMap((parts) => [...parts.values()]).reduce((sum, { length }) => sum + length, 0)
  }

  #answers(): void {
    if (this.isAway) throw new TransportError('node-unreachable', 'away')
    if (this.fault !== undefined) throw new TransportError(this.fault, 'as the test wishes')
  }

  #ownDrive(name: string): Drive {
    const drive = this.#world.drives.get(name)
    if (!drive || !this.#own.has(name)) throw new TransportError('node-refused', 'not ours')
    return drive
  }
}
